import { randomInt } from 'node:crypto';
import type { LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { StopFilter } from '../stop-filter';
import type { ChatRequest, Completion, CompletionToken, FinishReason } from '../types';
import { Detokenizer } from './detokenizer';

export interface Generation {
    model: LlamaModel;
    context: LlamaContext;
    prompt: Token[];
    request: ChatRequest;
    /** Most tokens to generate. */
    limit: number;
    isAborted: () => boolean;
    onToken?: (text: string) => void;
}

/** Generates one answer on a context that nothing else uses meanwhile. */
export async function generate(generation: Generation): Promise<Completion> {
    const { model, context, prompt, request } = generation;
    const seed = request.seed ?? randomInt(2 ** 31 - 1);
    const filter = new StopFilter(request.stop ?? [], generation.onToken);
    const text = new Detokenizer(model);
    const logprobs: CompletionToken[] = [];
    const wanted = request.topLogprobs ?? 0;
    let finishReason: FinishReason = 'length';

    const sequence = context.getSequence();
    try {
        const steps = sequence.evaluateWithMetadata(
            prompt,
            { confidence: true, probabilities: wanted > 0 },
            {
                temperature: request.temperature ?? 0,
                topP: request.topP ?? 1,
                // The library's defaults cut the distribution, which an OpenAI request did not ask for.
                topK: 0,
                minP: 0,
                seed,
                yieldEogToken: true,
            },
        );
        for await (const step of steps) {
            if (generation.isAborted()) {
                finishReason = 'abort';
                break;
            }
            if (model.isEogToken(step.token)) {
                finishReason = 'stop';
                break;
            }
            logprobs.push(describe(model, step, wanted));
            if (filter.push(text.push(step.token))) {
                finishReason = 'stop';
                break;
            }
            if (logprobs.length >= generation.limit) break;
        }
    } finally {
        await sequence.dispose();
    }
    if (filter.push(text.finish())) finishReason = 'stop';
    filter.finish();
    return {
        text: filter.text,
        tokenIds: logprobs.map((token) => token.id!),
        logprobs,
        finishReason,
        seed,
        usage: { promptTokens: prompt.length, completionTokens: logprobs.length },
    };
}

interface Step {
    token: Token;
    confidence: number;
    probabilities?: Map<Token, number>;
}

function describe(model: LlamaModel, step: Step, wanted: number): CompletionToken {
    const token: CompletionToken = alternative(model, step.token, step.confidence);
    if (wanted === 0 || !step.probabilities) return token;
    token.top = [];
    for (const [id, probability] of step.probabilities) {
        if (token.top.length >= wanted) break;
        token.top.push(alternative(model, id, probability));
    }
    return token;
}

function alternative(model: LlamaModel, id: Token, probability: number): CompletionToken {
    return { id, text: tokenText(model, id), logprob: Math.log(probability) };
}

const texts = new WeakMap<LlamaModel, Map<Token, string>>();

/** A token by itself; remembered, because asking the library for each one costs several per cent of a small model's speed. */
function tokenText(model: LlamaModel, id: Token): string {
    let known = texts.get(model);
    if (!known) {
        known = new Map();
        texts.set(model, known);
    }
    let text = known.get(id);
    if (text === undefined) {
        text = model.detokenize([id], true);
        known.set(id, text);
    }
    return text;
}
