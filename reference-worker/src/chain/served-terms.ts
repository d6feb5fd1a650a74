import type { Address, Cell } from '@ton/core';
import { codeId, decodeTerms, type HeldTerms, Job, Market, TERMS_LAYOUT, type Terms } from 'cocoon-wrappers';

/** Terms that the node serves under and that this version of the worker knows the contracts of. */
export interface ServedTerms {
    hash: bigint;
    cell: Cell;
    terms: Terms;
}

export interface TermsSurvey {
    served: Map<bigint, ServedTerms>;
    /** Why others that the node holds are not served, by hash in hexadecimal. */
    refused: Map<string, string>;
}

/** Sorts the terms that a node holds. Dropped ones serve nothing new and are left out. */
export function surveyTerms(held: readonly HeldTerms[], networkId: number): TermsSurvey {
    const survey: TermsSurvey = { served: new Map(), refused: new Map() };
    for (const { termsHash, droppedAt, terms: cell } of held) {
        if (droppedAt !== undefined) continue;
        const terms = decodeTerms(cell);
        const reason = incompatibility(terms, networkId);
        if (reason) survey.refused.set(termsHash.toString(16).padStart(64, '0'), reason);
        else survey.served.set(termsHash, { hash: termsHash, cell, terms });
    }
    return survey;
}

function incompatibility(terms: Terms, networkId: number): string | undefined {
    if (terms.layout !== TERMS_LAYOUT) return 'layout of the terms';
    if (terms.networkId !== networkId) return 'network';
    if (terms.job.hash !== codeId(Job.code()).hash) return 'code of Job';
    if (terms.market.hash !== codeId(Market.code()).hash) return 'code of Market';
    return undefined;
}

/** Every Market in which jobs of these models announce themselves. */
export function marketsOf(
    registry: Address,
    { hash, terms }: ServedTerms,
    modelIds: Iterable<string>,
): { address: Address; modelId: string; shard: number }[] {
    const markets = [];
    for (const modelId of modelIds) {
        for (let shard = 0; shard < terms.marketShards; shard++) {
            const identity = { registry, termsHash: hash, modelId: BigInt(`0x${modelId}`), shard };
            markets.push({ address: Market.fromIdentity(identity).address, modelId, shard });
        }
    }
    return markets;
}
