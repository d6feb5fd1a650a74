import {
    decodeBody,
    type OpenedEnvelope,
    promptTokenBound,
    type RequestContent,
    type SessionPrices,
} from 'cocoon-sdk';
import type { ServedModel } from '../context';
import { EngineError, parseSessionRequest, type SessionRequest } from '../engines';
import type { SessionEnvironment } from './environment';
import { findOffer } from './prices';
import { Refused } from './refused';

/** A request that the node could run: what is asked, of which model, at which prices. */
export interface Work {
    envelope: OpenedEnvelope;
    content: RequestContent;
    model: ServedModel;
    asked: SessionRequest;
    prices: SessionPrices;
    /** Undefined where only the engine's server knows. */
    promptTokens: number | undefined;
    /** What the client believes at most. */
    promptBound: number;
    /** Completion tokens that may be generated. */
    limit: number;
}

/** Where nobody can count: about so many bytes of JSON are one token, and fewer of it. */
const BYTES_PER_TOKEN = 3;

/** Reads what is asked and finds the model and the price for it. Throws {@link Refused}. */
export async function readWork(
    env: SessionEnvironment,
    envelope: OpenedEnvelope,
    content: RequestContent,
): Promise<Work> {
    const modelId = Buffer.from(content.modelId).toString('hex');
    const model = env.models.get(modelId);
    const offer = findOffer(env.offers(), BigInt(`0x${modelId}`), content.prices);
    if (!model || offer === 'none') {
        throw new Refused('model_unknown', 'The node does not serve this model.');
    }
    if (offer === 'expensive') {
        throw new Refused('price_changed', 'The offer asks more than the request accepts; read it again.');
    }
    const body = decodeBody(content.json);
    const asked = parse(content, body, model);
    const promptTokens = await count(asked, model);
    const context = Math.min(offer.contextLength, model.engine.contextSize ?? offer.contextLength);
    const room = context - (promptTokens ?? 0);
    if (room < (asked.task === 'embedding' ? 0 : 1)) {
        throw new Refused(
            'context_too_long',
            `The prompt has ${promptTokens} tokens, the context ${context}.`,
        );
    }
    const asksFor = 'maxTokens' in asked.request ? asked.request.maxTokens : undefined;
    return {
        envelope,
        content,
        model,
        asked,
        prices: content.prices,
        promptTokens,
        promptBound: promptTokenBound(content.json.length, body),
        limit: asked.task === 'embedding' ? 0 : Math.min(asksFor ?? room, room),
    };
}

/** Prompt tokens that are paid in advance. */
export function promptEstimate({ promptTokens, promptBound, content }: Work): number {
    return promptTokens ?? Math.min(promptBound, Math.ceil(content.json.length / BYTES_PER_TOKEN));
}

function parse(
    content: RequestContent,
    body: Record<string, unknown>,
    { engine }: ServedModel,
): SessionRequest {
    const { supports } = engine;
    const cannot = (what: string) => new Refused('request_invalid', `This model does not do ${what}.`);
    if (content.task === 'embedding' && !(supports.embeddings && engine.embed)) throw cannot('embeddings');
    if (content.task === 'completion' && !supports.completions) throw cannot('completions');
    try {
        return parseSessionRequest(content.task, body);
    } catch (error) {
        throw error instanceof EngineError ? refusalOf(error) : error;
    }
}

async function count({ request }: SessionRequest, { engine }: ServedModel): Promise<number | undefined> {
    try {
        return await engine.countPromptTokens(request);
    } catch (error) {
        throw error instanceof EngineError ? refusalOf(error) : error;
    }
}

/** What a failure of an engine before its first token is to the client. */
export function refusalOf(error: EngineError): Refused {
    switch (error.code) {
        // These messages name fields and never their values.
        case 'bad_request':
        case 'unsupported':
            return new Refused('request_invalid', error.message);
        case 'context_too_long':
            return new Refused('context_too_long', error.message);
        case 'rate_limited':
            return new Refused('node_busy', 'The engine is busy; ask another node.', {
                retryAfterSeconds: Math.max(1, Math.ceil(error.retryAfter ?? 1)),
            });
        default:
            return new Refused('engine_failed', 'The engine does not answer; ask another node.');
    }
}
