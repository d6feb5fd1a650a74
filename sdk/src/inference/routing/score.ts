import type { TokenPrices } from '../types';
import type { NodeStats } from './node-stats';

/** Tokens of a typical answer, by which first token and rate are weighed. */
const TYPICAL_TOKENS = 128;

/** What one request costs at a node in the mix of a typical one; any unit, for comparing only. */
export function typicalPrice({ prompt, completion }: TokenPrices): number {
    return Number(prompt) * 3 + Number(completion);
}

/**
 * The expected seconds until a typical answer is there, made worse by load, failures and price (`priceRatio`: to the cheapest
 * candidate's). Lower is better; always above 0.
 */
export function score(
    stats: NodeStats,
    slots: number,
    priceRatio: number,
    priceWeight: number,
    now: number,
): number {
    const { firstTokenMs, tokensPerSecond, failureRate, running } = stats.measured(now);
    const seconds = firstTokenMs / 1_000 + TYPICAL_TOKENS / tokensPerSecond;
    const load = running / Math.max(1, slots);
    // Beyond its slots a request waits for others to end.
    const queue = load < 1 ? 1 + load : 2 * load;
    return (seconds * queue * priceRatio ** priceWeight) / (1 - failureRate);
}
