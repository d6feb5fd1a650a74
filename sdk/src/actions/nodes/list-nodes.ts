import type { CocoonClient } from '../../client/client';
import { NodeNotFoundError } from '../../client/errors';
import { type GetNetworkErrorType, getNetwork } from '../network/get-network';
import { type GetNodeErrorType, getNode, type NodeInfo } from './get-node';

export type ListNodesParameters = {
    /** First index; 0 by default. */
    readonly from?: number;
    /** Most nodes to read; 100 by default. */
    readonly limit?: number;
    /** Nodes read at a time; 8 by default. */
    readonly concurrency?: number;
};
export type ListNodesReturnType = readonly NodeInfo[];
export type ListNodesErrorType = GetNetworkErrorType | GetNodeErrorType;

/**
 * Nodes by index, without an indexer: two calls to the endpoint for each. Nodes that do not answer (frozen, or on a
 * release that this SDK cannot read) are left out.
 */
export async function listNodes(
    client: CocoonClient,
    { from = 0, limit = 100, concurrency = 8 }: ListNodesParameters = {},
): Promise<ListNodesReturnType> {
    const { nodeCount } = await getNetwork(client);
    const nodes: NodeInfo[] = [];
    const end = Math.min(nodeCount, from + limit);
    for (let start = from; start < end; start += concurrency) {
        const indexes = Array.from({ length: Math.min(concurrency, end - start) }, (_, i) => start + i);
        const batch = await Promise.all(indexes.map((node) => tryGetNode(client, node)));
        nodes.push(...batch.flatMap((node) => node ?? []));
    }
    return nodes;
}

async function tryGetNode(client: CocoonClient, node: number): Promise<NodeInfo | undefined> {
    try {
        return await getNode(client, { node });
    } catch (error) {
        if (error instanceof NodeNotFoundError) return undefined;
        throw error;
    }
}
