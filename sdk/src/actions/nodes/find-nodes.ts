import type { NodeOffer } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { type GetNetworkErrorType, getNetwork } from '../network/get-network';
import type { NodeInfo } from './get-node';
import { type ListNodesErrorType, type ListNodesParameters, listNodes } from './list-nodes';

/** What a node must offer. Prices in nanoTON per 1M tokens, amounts in nanoTON. */
export type FindNodesParameters = ListNodesParameters & {
    readonly modelId: bigint;
    readonly maxPromptPrice?: bigint;
    readonly maxCompletionPrice?: bigint;
    /** Tokens. */
    readonly minContextLength?: number;
    readonly minStake?: bigint;
    /** What the job's collateral needs. */
    readonly minFreeStake?: bigint;
    /** Slots of the offer that no claim holds (every claim is counted against every offer); any by default. */
    readonly minFreeSlots?: number;
    /** Terms that it serves; the current ones by default. */
    readonly termsHash?: bigint;
};
export type FoundNode = { readonly node: NodeInfo; readonly offer: NodeOffer };
export type FindNodesReturnType = readonly FoundNode[];
export type FindNodesErrorType = GetNetworkErrorType | ListNodesErrorType;

/** Nodes that serve a model and do not exit, the cheapest completion first. */
export async function findNodes(
    client: CocoonClient,
    parameters: FindNodesParameters,
): Promise<FindNodesReturnType> {
    const termsHash = parameters.termsHash ?? (await getNetwork(client)).termsHash;
    const nodes = await listNodes(client, parameters);
    return nodes
        .filter((node) => serves(node, termsHash) && fits(node, parameters))
        .flatMap((node) => {
            const offer = cheapestOffer(node, parameters);
            return offer ? [{ node, offer }] : [];
        })
        .sort((a, b) => compare(a.offer.completionPrice, b.offer.completionPrice));
}

function serves(node: NodeInfo, termsHash: bigint): boolean {
    const held = node.terms.find((terms) => terms.termsHash === termsHash);
    return held !== undefined && held.droppedAt === undefined && !node.exiting;
}

function fits(node: NodeInfo, { minStake = 0n, minFreeStake = 0n }: FindNodesParameters): boolean {
    return node.stake >= minStake && node.freeStake >= minFreeStake;
}

function cheapestOffer(node: NodeInfo, wanted: FindNodesParameters): NodeOffer | undefined {
    return [...node.profile.offers.values()]
        .filter(
            (offer) =>
                offer.modelId === wanted.modelId &&
                offer.promptPrice <= (wanted.maxPromptPrice ?? offer.promptPrice) &&
                offer.completionPrice <= (wanted.maxCompletionPrice ?? offer.completionPrice) &&
                offer.contextLength >= (wanted.minContextLength ?? 0) &&
                offer.slots - node.lockCount >= (wanted.minFreeSlots ?? Number.NEGATIVE_INFINITY),
        )
        .sort((a, b) => compare(a.completionPrice, b.completionPrice))[0];
}

function compare(a: bigint, b: bigint): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
