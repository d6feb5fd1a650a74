import type { NodeOffer } from 'cocoon-wrappers';
import type { RoutingPolicy } from '../options';
import { typicalPrice } from '../routing/score';
import type { ServedModelInfo, TokenPrices } from '../types';
import type { DirectoryState, ModelEntry, NodeEntry } from './entry';

/** A node with the offer of it that is used. */
export type Offered = { readonly entry: NodeEntry; readonly offer: NodeOffer; readonly prices: TokenPrices };

/** The nodes that offer a model within the policy, each with its cheapest offer. */
export function offersOf({ nodes }: DirectoryState, modelId: bigint, policy: RoutingPolicy): Offered[] {
    return nodes
        .filter((entry) => nodeAllowed(entry, policy))
        .flatMap((entry) => {
            const offers = entry.offers
                .filter((offer) => offer.modelId === modelId && offerAllowed(offer, policy))
                .map((offer) => ({ entry, offer, prices: pricesOf(offer) }))
                .sort((a, b) => typicalPrice(a.prices) - typicalPrice(b.prices));
            return offers[0] ?? [];
        });
}

/** What is told of a model; undefined where no node within the policy serves it. */
export function servedModel(
    model: ModelEntry,
    offers: readonly { readonly prices: TokenPrices; readonly contextLength: number }[],
): ServedModelInfo | undefined {
    if (offers.length === 0) return undefined;
    const lowest = (of: keyof TokenPrices) =>
        offers.map(({ prices }) => prices[of]).reduce((a, b) => (a < b ? a : b));
    return {
        ...model,
        nodes: offers.length,
        prices: {
            prompt: lowest('prompt'),
            cachedPrompt: lowest('cachedPrompt'),
            completion: lowest('completion'),
        },
        contextLength: Math.max(...offers.map(({ contextLength }) => contextLength)),
    };
}

function nodeAllowed(entry: NodeEntry, { minStake = 0n, nodes, excludedNodes }: RoutingPolicy): boolean {
    const named = (list: readonly string[]) => list.some((name) => accountOf(name) === entry.account);
    return (
        entry.stake >= minStake &&
        (nodes === undefined || named(nodes)) &&
        !(excludedNodes && named(excludedNodes))
    );
}

function offerAllowed(offer: NodeOffer, { maxPrices = {}, regions }: RoutingPolicy): boolean {
    const { prompt, cachedPrompt, completion } = maxPrices;
    return (
        offer.promptPrice <= (prompt ?? offer.promptPrice) &&
        offer.cachedPromptPrice <= (cachedPrompt ?? offer.cachedPromptPrice) &&
        offer.completionPrice <= (completion ?? offer.completionPrice) &&
        (regions === undefined || regions.includes(offer.region))
    );
}

function pricesOf(offer: NodeOffer): TokenPrices {
    return {
        prompt: offer.promptPrice,
        cachedPrompt: offer.cachedPromptPrice,
        completion: offer.completionPrice,
    };
}

/** A raw address or bare hex digits. */
function accountOf(name: string): string {
    return name.replace(/^0:/, '').toLowerCase();
}
