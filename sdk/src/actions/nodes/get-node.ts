import type { Address } from '@ton/core';
import { Node, type NodeCold, type NodeData } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { NodeNotFoundError } from '../../client/errors';
import { GetMethodError, type RpcError } from '../../rpc';
import { type NodeTarget, nodeAddress } from './target';

export type GetNodeParameters = NodeTarget;
/** All that a node tells of itself. Amounts in nanoTON, times in unix seconds. */
export type NodeInfo = NodeData &
    NodeCold & {
        readonly address: Address;
        /** What claims can lock: stake − locked − reserve, never below 0. */
        readonly freeStake: bigint;
    };
export type GetNodeReturnType = NodeInfo;
export type GetNodeErrorType = NodeNotFoundError | RpcError;

/** State and profile of a node. Throws NodeNotFoundError. */
export async function getNode(
    client: CocoonClient,
    parameters: GetNodeParameters,
): Promise<GetNodeReturnType> {
    const address = nodeAddress(client, parameters);
    const node = client.open(Node.fromAddress(address));
    try {
        const [data, { locks: _, ...details }] = await Promise.all([node.getNode(), node.getDetails()]);
        // Anybody can deploy a contract that says it is a node: only the address proves it.
        if (!Node.fromIndex(client.registry, data.index).address.equals(address)) {
            throw new NodeNotFoundError(address.toString());
        }
        const free = data.stake - data.locked - data.reserve;
        return { ...details, ...data, address, freeStake: free > 0n ? free : 0n };
    } catch (error) {
        if (error instanceof GetMethodError) {
            throw new NodeNotFoundError(String(parameters.node), { cause: error });
        }
        throw error;
    }
}
