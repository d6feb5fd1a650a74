import type { NullEngineConfig } from '../config';
import { Slots } from './slots';
import type { Engine } from './types';

/**
 * Answers at once with a fixed number of one-letter tokens, whatever is asked. For measuring the worker itself;
 * on a real network its answers would lose every dispute.
 */
export function createNullEngine(config: NullEngineConfig): Engine {
    const slots = new Slots(Array.from({ length: config.concurrency }, (_, index) => index));
    const tokenIds = Array.from({ length: config.completionTokens }, () => 0);
    const text = 'x'.repeat(config.completionTokens);
    return {
        name: 'null',
        capacity: config.concurrency,
        complete: (request, options = {}) =>
            slots.use(async () => {
                if (text) options.onToken?.(text);
                return {
                    text,
                    tokenIds: [...tokenIds],
                    logprobs: tokenIds.map((id) => ({ id, text: 'x', logprob: 0 })),
                    finishReason: 'stop',
                    seed: request.seed ?? 0,
                    usage: {
                        promptTokens: request.messages.length,
                        completionTokens: config.completionTokens,
                    },
                };
            }, options.signal),
        health: async () => ({ ok: true }),
        close: () => slots.close(),
    };
}
