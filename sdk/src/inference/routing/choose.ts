import type { TokenPrices } from '../types';
import { hash32 } from './conversation';
import type { NodeStats } from './node-stats';
import { score, typicalPrice } from './score';

/** A node that could serve a request. */
export type Candidate = {
    /** Account, 64 hex digits. */
    readonly node: string;
    readonly prices: TokenPrices;
    /** Requests at a time, by its offer. */
    readonly slots: number;
    readonly stats: NodeStats;
};

export type Choice = {
    readonly now: number;
    /** Uniform in [0, 1). */
    readonly random: () => number;
    readonly priceWeight: number;
    readonly explorationShare: number;
    readonly conversation?: number;
    /** The node that had the conversation before. */
    readonly sticky?: string;
};

/**
 * Chooses one of `candidates`, undefined where there is none. A conversation stays where it was while that node has a free
 * slot. Else the better of two: of the two that the conversation hashes to, so that all gateways agree, or of two
 * random ones. A share of the choices goes to nodes that have not proved themselves.
 */
export function chooseNode<T extends Candidate>(candidates: readonly T[], choice: Choice): T | undefined {
    const { now, random, explorationShare, sticky } = choice;
    if (candidates.length <= 1) return candidates[0];
    const known = sticky === undefined ? undefined : candidates.find(({ node }) => node === sticky);
    if (known !== undefined && known.stats.running < known.slots) return known;
    const proved = candidates.filter(({ stats }) => stats.proved());
    if (proved.length === 0 || proved.length === candidates.length) return betterOfTwo(candidates, choice);
    const explore = random() < explorationShare;
    return betterOfTwo(explore ? candidates.filter(({ stats }) => !stats.proved()) : proved, {
        ...choice,
        now,
    });
}

function betterOfTwo<T extends Candidate>(candidates: readonly T[], choice: Choice): T | undefined {
    if (candidates.length <= 1) return candidates[0];
    const cheapest = Math.min(...candidates.map(({ prices }) => typicalPrice(prices)));
    const scored = ({ stats, slots, prices }: T) => {
        const ratio = (1 + typicalPrice(prices)) / (1 + cheapest);
        return score(stats, slots, ratio, choice.priceWeight, choice.now);
    };
    const [a, b] =
        choice.conversation === undefined
            ? randomTwo(candidates, choice.random)
            : hashedTwo(candidates, choice.conversation);
    return scored(a) <= scored(b) ? a : b;
}

function randomTwo<T>(candidates: readonly T[], random: () => number): [T, T] {
    const first = Math.floor(random() * candidates.length);
    const second = (first + 1 + Math.floor(random() * (candidates.length - 1))) % candidates.length;
    return [candidates[first] as T, candidates[second] as T];
}

/** Rendezvous hashing: a node that comes or goes moves only its own conversations. */
function hashedTwo<T extends Candidate>(candidates: readonly T[], conversation: number): [T, T] {
    const [a, b] = candidates
        .map((candidate) => ({ candidate, rank: hash32(candidate.node, conversation) }))
        .sort((x, y) => y.rank - x.rank);
    return [(a as { candidate: T }).candidate, (b as { candidate: T }).candidate];
}
