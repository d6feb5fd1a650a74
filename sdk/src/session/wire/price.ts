/** What a request costs, nanoTON per 1M tokens. */
export type SessionPrices = {
    readonly prompt: bigint;
    /** For prompt tokens that the engine had in its cache. */
    readonly cachedPrompt: bigint;
    readonly completion: bigint;
};

/** Tokens of a request; `cached` of the `prompt` ones came from the engine's cache. */
export type TokenUsage = { readonly prompt: number; readonly cached: number; readonly completion: number };

const PER_TOKENS = 1_000_000n;

/** Price of a request in nanoTON, rounded up. */
export function priceOf(usage: TokenUsage, prices: SessionPrices): bigint {
    const sum =
        BigInt(usage.prompt - usage.cached) * prices.prompt +
        BigInt(usage.cached) * prices.cachedPrompt +
        BigInt(usage.completion) * prices.completion;
    return (sum + PER_TOKENS - 1n) / PER_TOKENS;
}
