import type { Address } from '@ton/core';
import { getModels } from '../../actions/network/get-models';
import { getNetwork } from '../../actions/network/get-network';
import type { NodeInfo } from '../../actions/nodes/get-node';
import { listNodes } from '../../actions/nodes/list-nodes';
import type { CocoonClient } from '../../client/client';
import { bytesToHex, integerToHash } from '../../utils';
import type { DirectoryState, NodeEntry } from './entry';

/** Reads the catalogue and all nodes that serve the current terms and can be called. Throws RpcError. */
export async function readDirectory(client: CocoonClient): Promise<DirectoryState> {
    const [{ nodeCount, termsHash }, models] = await Promise.all([getNetwork(client), getModels(client)]);
    const nodes = await listNodes(client, { limit: nodeCount });
    return {
        models: [...models].map(([modelId, { name, addedAt }]) => ({ name, modelId, addedAt })),
        nodes: nodes.filter((node) => serves(node, termsHash)).flatMap((node) => nodeEntry(node) ?? []),
    };
}

function serves(node: NodeInfo, termsHash: bigint): boolean {
    const held = node.terms.find((terms) => terms.termsHash === termsHash);
    return held !== undefined && held.droppedAt === undefined && !node.exiting;
}

function nodeEntry(node: NodeInfo): NodeEntry | undefined {
    const key = node.keys[0];
    // A vault pays basechain accounts only.
    if (key === undefined || node.payout.workChain !== 0 || !isEndpoint(node.profile.endpoint))
        return undefined;
    return {
        account: accountHex(node.address),
        operatorKey: bytesToHex(integerToHash(key.operatorKey)),
        encryptionKey: bytesToHex(integerToHash(node.encryptionKey)),
        payee: accountHex(node.payout),
        endpoint: node.profile.endpoint,
        stake: node.stake,
        offers: [...node.profile.offers.values()],
    };
}

function isEndpoint(endpoint: string): boolean {
    return URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol);
}

function accountHex(address: Address): string {
    return address.hash.toString('hex');
}
