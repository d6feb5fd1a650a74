import type { Address } from '@ton/core';
import type { Rpc } from 'cocoon-sdk';
import { Node, type NodeCold, Registry } from 'cocoon-wrappers';
import { operatorPublicKey, type Secrets, type WorkerConfig, x25519PublicKey } from '../config';
import { ChainError } from './errors';
import type { NodeView } from './view';

/** Throws ChainError `registry_not_found` or `wrong_network`, RpcError. */
export async function requireRegistry(rpc: Rpc, registry: Address, networkId: number): Promise<void> {
    if ((await rpc.getAccount(registry)).state !== 'active') {
        throw new ChainError(
            'registry_not_found',
            `there is no Registry at ${registry} on the network behind network.endpoints`,
            'correct network.registry, or use endpoints of the network that it is on',
        );
    }
    const found = (await rpc.open(Registry.fromAddress(registry)).getNetwork()).networkId;
    if (found === networkId) return;
    throw new ChainError(
        'wrong_network',
        `the Registry belongs to network ${found}, the configuration says ${networkId}`,
        'correct network.id, or network.registry and network.endpoints; the wallet address depends on network.id',
    );
}

/** Throws ChainError `node_not_found`, RpcError. */
export async function findNode(
    rpc: Rpc,
    registry: Address,
    node: WorkerConfig['node'],
): Promise<{ address: Address; index: number }> {
    const address = 'address' in node ? node.address : Node.fromIndex(registry, node.index).address;
    const missing = (why: string) =>
        new ChainError(
            'node_not_found',
            `node ${'index' in node ? node.index : address}: ${why}`,
            'register the node first, then set node.index to what the registration printed',
        );
    if ((await rpc.getAccount(address)).state !== 'active') throw missing('it is not registered');
    const { index, registry: parent } = await rpc.open(Node.fromAddress(address)).getNode();
    if (!parent.equals(registry)) throw missing('it belongs to another Registry');
    if (!Node.fromIndex(registry, index).address.equals(address)) throw missing('it is not a genuine node');
    return { address, index };
}

/** Throws ChainError `wrong_operator` or `wrong_keys`. */
export function checkKeys(view: NodeView, wallet: Address, secrets: Secrets): void {
    const mismatch = keyMismatch(view, wallet, secrets);
    if (mismatch === 'operator wallet') {
        throw new ChainError(
            'wrong_operator',
            `the node's operator is ${view.node.operator.toString({ bounceable: false })}, this wallet is ${wallet.toString({ bounceable: false })}`,
            'use the secrets file, wallet.version and network.id that the node was registered with, or let the owner rotate keys to this wallet',
        );
    }
    if (mismatch) {
        throw new ChainError(
            'wrong_keys',
            `the ${mismatch} in the secrets is not the one that the node has on chain`,
            'use the secrets file that the node was registered with, or let the owner rotate keys to these',
        );
    }
}

/** Which of the worker's keys is not the node's. */
export function keyMismatch(view: NodeView, wallet: Address, secrets: Secrets): string | undefined {
    const { node, details } = view;
    if (!node.operator.equals(wallet)) return 'operator wallet';
    if (node.encryptionKey !== toInteger(x25519PublicKey(secrets.encryptionSecret))) return 'encryption key';
    return isOperatorKey(details, operatorPublicKey(secrets)) ? undefined : 'operator key';
}

/** Whether this Ed25519 key is what the node signs with, as the chain says. */
export function isOperatorKey({ keys }: Pick<NodeCold, 'keys'>, publicKey: Buffer): boolean {
    const current = keys.find(({ rotatedAt }) => rotatedAt === undefined);
    return current?.operatorKey === toInteger(publicKey);
}

function toInteger(key: Buffer): bigint {
    return BigInt(`0x${key.toString('hex')}`);
}
