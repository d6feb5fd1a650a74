import type { InferenceFinal, InferenceUsage } from '../types';

/** OpenAI's `usage` of a chat completion or completion. */
export function usageObject({ promptTokens, cachedTokens, completionTokens }: InferenceUsage) {
    return {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: promptTokens + completionTokens,
        prompt_tokens_details: { cached_tokens: cachedTokens },
    };
}

/** What this network adds to an answer: who gave it, for how many nanoTON. */
export function receiptObject({ node, price }: InferenceFinal) {
    return { node, price: price.toString() };
}
