import { completionLimit, encodeBody, priceOf, promptTokenBound } from '../session';
import { CostLimitError } from './errors';
import type { InferenceRequest, TokenPrices } from './types';

/** What a request can cost, before anybody is asked. Token counts in tokens, amounts in nanoTON. */
export type CostEstimate = {
    /** What the body asks for at most; 0 for embeddings, undefined where it names no limit. */
    readonly limit: number | undefined;
    /** What prompt and a typical answer should cost: what an allocation should hold. */
    expected(prices: TokenPrices): bigint;
    /** The least with which it can begin: the prompt, and a chunk of the answer. */
    minimum(prices: TokenPrices): bigint;
    /** Completion tokens that maxCost pays for, whatever the prompt turns out to be; undefined without maxCost. */
    affordable(prices: TokenPrices): number | undefined;
    /** What it costs at most with so many completion tokens. */
    bound(prices: TokenPrices, completion: number): bigint;
};

/** An answer whose length nobody named. */
const TYPICAL_TOKENS = 1_024;
const CHUNK_TOKENS = 128;

/** Estimates a request. Throws InvalidArgumentError for a body that JSON cannot say. */
export function estimateCost({ task, body, maxCost }: InferenceRequest): CostEstimate {
    const limit = task === 'embedding' ? 0 : completionLimit(body);
    const characters = charactersOf(body);
    const prompt = Math.ceil(characters / 3) + 64;
    const cost = (prices: TokenPrices, completion: number) =>
        priceOf({ prompt, cached: 0, completion }, prices);
    const bound = (prices: TokenPrices, completion: number) =>
        priceOf({ prompt: promptTokenBound(encodeBody(body).length, body), cached: 0, completion }, prices);
    return {
        limit,
        expected: (prices) => cost(prices, limit ?? TYPICAL_TOKENS),
        minimum: (prices) => cost(prices, Math.min(limit ?? CHUNK_TOKENS, CHUNK_TOKENS)),
        bound,
        affordable(prices) {
            if (maxCost === undefined) return undefined;
            const left = maxCost - bound(prices, 0);
            if (left < 0n) return -1;
            return prices.completion === 0n
                ? Number.MAX_SAFE_INTEGER
                : Number((left * 1_000_000n) / prices.completion);
        },
    };
}

/** Throws CostLimitError unless one of these prices lets the request run within its maxCost. */
export function assertAffordable(
    estimate: CostEstimate,
    maxCost: bigint | undefined,
    all: readonly TokenPrices[],
): void {
    if (maxCost === undefined || all.some((prices) => isAffordable(estimate, prices))) return;
    const needs = all.map((prices) => estimate.bound(prices, estimate.limit ?? 1));
    throw new CostLimitError(
        maxCost,
        needs.reduce((a, b) => (a < b ? a : b)),
    );
}

export function isAffordable(estimate: CostEstimate, prices: TokenPrices): boolean {
    const tokens = estimate.affordable(prices);
    return tokens === undefined || tokens >= (estimate.limit ?? 1);
}

/** Characters of all strings in a body; cheaper than its JSON. */
function charactersOf(value: unknown): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return 4;
    let sum = 0;
    for (const key in value) sum += 8 + charactersOf((value as Record<string, unknown>)[key]);
    return sum;
}
