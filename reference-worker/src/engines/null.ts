import type { NullEngineConfig } from '../config';
import { collect } from './collect';
import { Slots } from './slots';
import { assertSupported } from './support';
import type {
    Engine,
    EngineSupport,
    EngineToken,
    GenerationRequest,
    StreamEnd,
    StreamOptions,
} from './types';

const SUPPORTS: EngineSupport = {
    tools: false,
    jsonMode: false,
    jsonSchema: false,
    logprobs: true,
    embeddings: true,
    completions: true,
};
const TOKEN: EngineToken = { text: 'x', id: 0, logprob: 0, count: 1, token: 'x' };
const EMBEDDING = [0.5, 0.5, 0.5, 0.5];

/**
 * Answers at once with a fixed number of one-letter tokens, whatever is asked. For measuring the worker itself;
 * on a real network its answers would lose every dispute.
 */
export function createNullEngine(config: NullEngineConfig): Engine {
    const slots = new Slots(Array.from({ length: config.concurrency }, (_, index) => index));
    let closing = false;

    async function* answer(
        request: GenerationRequest,
        { signal }: StreamOptions,
    ): AsyncGenerator<readonly EngineToken[], StreamEnd, void> {
        const limit = Math.min(config.completionTokens, request.maxTokens ?? Number.POSITIVE_INFINITY);
        const step = Array.from({ length: Math.min(config.tokensPerStep, limit) }, () => TOKEN);
        const end = (finishReason: StreamEnd['finishReason'], completionTokens: number): StreamEnd => ({
            finishReason,
            seed: request.seed ?? 0,
            usage: { promptTokens: promptTokens(request), cachedTokens: 0, completionTokens },
        });
        for (let done = 0; done < limit; ) {
            if (closing || signal?.aborted) return end('abort', done);
            const tokens = step.slice(0, limit - done);
            done += tokens.length;
            yield tokens;
        }
        return end(limit < config.completionTokens ? 'length' : 'stop', limit);
    }

    const engine: Engine = {
        name: 'null',
        capacity: config.concurrency,
        supports: SUPPORTS,
        async *stream(request, options = {}) {
            assertSupported(SUPPORTS, request);
            return yield* slots.stream(() => answer(request, options), options.signal);
        },
        complete: (request, options = {}) => collect(engine.stream(request, options), options.onToken),
        countPromptTokens: async (request) =>
            'input' in request ? request.input.length : promptTokens(request),
        embed: (inputs, options = {}) =>
            slots.use(
                async () => ({
                    embeddings: inputs.map(() => Float32Array.from(EMBEDDING)),
                    promptTokens: inputs.length,
                }),
                options.signal,
            ),
        health: async () => ({ ok: true }),
        close: () => {
            closing = true;
            return slots.close();
        },
    };
    return engine;
}

function promptTokens(request: GenerationRequest): number {
    return 'prompt' in request ? 1 : request.messages.length;
}
