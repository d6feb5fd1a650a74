import type { NodeOffer, SessionPrices, TokenUsage } from 'cocoon-sdk';

const PER_TOKENS = 1_000_000n;

/** Most that a prompt can cost: how much of it the engine has in its cache is known only afterwards. In millionths of a nanoTON. */
function promptCost(tokens: number, { prompt, cachedPrompt }: SessionPrices): bigint {
    return BigInt(tokens) * (prompt > cachedPrompt ? prompt : cachedPrompt);
}

/** nanoTON that must be paid before `completion` tokens are there, rounded up. */
export function demandOf(promptTokens: number, completion: number, prices: SessionPrices): bigint {
    const cost = promptCost(promptTokens, prices) + BigInt(completion) * prices.completion;
    return (cost + PER_TOKENS - 1n) / PER_TOKENS;
}

/**
 * Cached tokens that a receipt names: all that the engine tells, unless the price would fall below that of the receipt
 * before, whose numbers only grow.
 */
export function cachedWithin(
    usage: TokenUsage,
    last: TokenUsage | undefined,
    { prompt, cachedPrompt, completion }: SessionPrices,
): number {
    const cached = Math.min(usage.cached, usage.prompt);
    const discount = prompt - cachedPrompt;
    if (!last || discount <= 0n) return cached;
    const before = BigInt(last.prompt) * prompt + BigInt(last.completion) * completion;
    const now = BigInt(usage.prompt) * prompt + BigInt(usage.completion) * completion;
    const most = (now - before) / discount;
    return most < BigInt(cached) ? Number(most) : cached;
}

/** An offer for a model whose prices the client accepts. `expensive`: there are offers, but not at these prices. */
export function findOffer(
    offers: Iterable<NodeOffer>,
    modelId: bigint,
    accepted: SessionPrices,
): NodeOffer | 'none' | 'expensive' {
    let answer: 'none' | 'expensive' = 'none';
    for (const offer of offers) {
        if (offer.modelId !== modelId) continue;
        const isWithin =
            offer.promptPrice <= accepted.prompt &&
            offer.cachedPromptPrice <= accepted.cachedPrompt &&
            offer.completionPrice <= accepted.completion;
        if (isWithin) return offer;
        answer = 'expensive';
    }
    return answer;
}
