import { decodeRequest, type ChatRequest as JobRequest } from 'cocoon-sdk';
import type { ServedModel } from '../../context';
import { type ChatRequest, type Completion, EngineError } from '../../engines';
import type { Metrics } from '../../observability';
import { toEngineRequest, UnsupportedRequestError } from './map-request';
import { toErrorResult, toResult } from './map-result';

/** Engine failures that are the request's own: the item is answered with their code. */
const ITEM_ERRORS: ReadonlySet<string> = new Set(['bad_request', 'context_too_long']);
/** Attempts to make an answer fit; each aims lower than the one before. */
const MAX_SHORTENINGS = 4;

export interface ItemOptions {
    model: ServedModel;
    metrics: Metrics;
    /** Bytes that the result may have. */
    maxBytes: number;
    signal: AbortSignal;
}

/** The item was put down before it was finished. */
class ItemAbortedError extends Error {
    readonly code = 'aborted';
}

/**
 * Answers one request. Garbage is answered with an error result of its own; the other items are not its business.
 * Throws EngineError where the engine and not the request is at fault, ItemAbortedError on abort.
 */
export async function answerItem(data: Uint8Array, options: ItemOptions): Promise<Uint8Array> {
    let request: JobRequest;
    let mapped: ChatRequest;
    try {
        request = decodeRequest(data);
        mapped = toEngineRequest(request);
    } catch (error) {
        return toErrorResult(error instanceof UnsupportedRequestError ? error.code : 'request_invalid');
    }
    try {
        return await answerWithin(mapped, request.logprobs === true, options);
    } catch (error) {
        if (error instanceof EngineError)
            options.metrics.engineErrors.inc({ model: options.model.name, code: error.code });
        if (error instanceof EngineError && ITEM_ERRORS.has(error.code)) return toErrorResult(error.code);
        throw error;
    }
}

/** Asks again for fewer tokens, from the same seed, until the result fits. */
async function answerWithin(
    request: ChatRequest,
    withLogprobs: boolean,
    options: ItemOptions,
): Promise<Uint8Array> {
    let asked = request;
    for (let attempt = 0; attempt <= MAX_SHORTENINGS; attempt++) {
        const completion = await complete(asked, options);
        const result = toResult(completion, withLogprobs);
        if (result.length <= options.maxBytes) return result;
        const tokens = completion.usage.completionTokens;
        const fewer = Math.floor(tokens * Math.min(0.9, (0.95 * options.maxBytes) / result.length));
        if (fewer < 1) break;
        asked = { ...asked, maxTokens: fewer, seed: completion.seed };
    }
    return toErrorResult('result_too_large');
}

async function complete(request: ChatRequest, { model, metrics, signal }: ItemOptions): Promise<Completion> {
    let started = 0;
    const completion = await model.capacity.useForJob(() => {
        started = performance.now();
        return model.engine.complete(request, { signal });
    }, signal);
    if (completion.finishReason === 'abort') throw new ItemAbortedError('put down before it was finished');
    metrics.itemSeconds.observe({ model: model.name }, (performance.now() - started) / 1000);
    metrics.tokens.inc({ model: model.name, kind: 'prompt' }, completion.usage.promptTokens);
    metrics.tokens.inc({ model: model.name, kind: 'completion' }, completion.usage.completionTokens);
    return completion;
}
