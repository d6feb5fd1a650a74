import { type Cell, Dictionary } from '@ton/core';
import { dictValueParserOffer, loadNodeProfile, type Offer, storeNodeProfile } from '../build/Node/Node_Node';
import { cellOf, snakeCell, snakeText } from './lib';

/** A model that a node serves. Prices in nanoTON per 1M tokens. */
export interface NodeOffer {
    modelId: bigint;
    promptPrice: bigint;
    cachedPromptPrice: bigint;
    completionPrice: bigint;
    /** Tokens. */
    contextLength: number;
    /** Requests at a time. */
    slots: number;
    /** ISO 3166-1 numeric country code, 0 for none. */
    region: number;
    flags: number;
    /** Unix time; 0 in what one sends: the contract sets it. */
    appearedAt: number;
}

export type NewOffer = Omit<NodeOffer, 'appearedAt' | 'region' | 'flags'> & {
    region?: number;
    flags?: number;
};

/** What a node tells of itself. */
export interface NodeProfile {
    endpoint: string;
    /** By slot 0…255, at most 32. */
    offers: Map<number, NodeOffer>;
}

/** Changes by slot; null removes the offer in it. */
export function offersDictionary(offers: Iterable<[number, NewOffer | null]>): Dictionary<number, Offer> {
    const dictionary = Dictionary.empty<number, Offer>(Dictionary.Keys.Uint(8), dictValueParserOffer());
    for (const [slot, offer] of offers) dictionary.set(slot, offer ? encodeOffer(offer) : removal);
    return dictionary;
}

export function encodeProfile(profile: { endpoint: string; offers: NewOffer[] }): Cell {
    return cellOf(
        storeNodeProfile({
            $$type: 'NodeProfile',
            endpoint: snakeCell(profile.endpoint),
            offers: offersDictionary(profile.offers.map((offer, slot) => [slot, offer])),
        }),
    );
}

export function decodeProfile(cell: Cell): NodeProfile {
    const profile = loadNodeProfile(cell.beginParse());
    const offers = new Map<number, NodeOffer>();
    for (const [slot, offer] of profile.offers) {
        offers.set(slot, {
            modelId: offer.modelId,
            promptPrice: offer.promptPrice,
            cachedPromptPrice: offer.cachedPromptPrice,
            completionPrice: offer.completionPrice,
            contextLength: Number(offer.contextLength),
            slots: Number(offer.slots),
            region: Number(offer.region),
            flags: Number(offer.flags),
            appearedAt: Number(offer.appearedAt),
        });
    }
    return { endpoint: snakeText(profile.endpoint), offers };
}

function encodeOffer(offer: NewOffer): Offer {
    return {
        $$type: 'Offer',
        modelId: offer.modelId,
        promptPrice: offer.promptPrice,
        cachedPromptPrice: offer.cachedPromptPrice,
        completionPrice: offer.completionPrice,
        contextLength: BigInt(offer.contextLength),
        slots: BigInt(offer.slots),
        region: BigInt(offer.region ?? 0),
        flags: BigInt(offer.flags ?? 0),
        appearedAt: 0n,
    };
}

const removal = encodeOffer({
    modelId: 0n,
    promptPrice: 0n,
    cachedPromptPrice: 0n,
    completionPrice: 0n,
    contextLength: 0,
    slots: 0,
});
