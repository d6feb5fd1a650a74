import '@ton/test-utils';
import { toNano } from '@ton/core';
import type { Blockchain, BlockchainSnapshot, SandboxContract } from '@ton/sandbox';
import type { Node } from 'cocoon-wrappers';
import { createBlockchain } from './blockchain';
import { deployProtocol, type Protocol, type ProtocolOptions, registerNode } from './protocol';
import type { Wallet } from './trace';

export interface Operator {
    node: SandboxContract<Node>;
    index: number;
    owner: Wallet;
    operator: Wallet;
    payout: Wallet;
    encryptionKey: bigint;
}

/** A network with a protocol, registered nodes, a client and others. All wallets exist already. */
export interface Scene {
    blockchain: Blockchain;
    protocol: Protocol;
    client: Wallet;
    keeper: Wallet;
    stranger: Wallet;
    nodes: Operator[];
}

export interface SceneOptions extends ProtocolOptions {
    /** Registered nodes, default 1. */
    nodes?: number;
    /** Brought by each registration. */
    value?: bigint;
}

const built = new Map<string, { scene: Scene; start: BlockchainSnapshot }>();

/** A fresh scene. Scenes of the same options in one spec file share a network that starts over: one at a time. */
export async function createScene(options: SceneOptions = {}): Promise<Scene> {
    const key = JSON.stringify(options, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
    const known = built.get(key);
    if (known) {
        await known.scene.blockchain.loadFrom(known.start);
        return { ...known.scene, nodes: [...known.scene.nodes] };
    }
    const scene = await buildScene(options);
    built.set(key, { scene: { ...scene, nodes: [...scene.nodes] }, start: scene.blockchain.snapshot() });
    return scene;
}

async function buildScene({ nodes = 1, value, ...options }: SceneOptions): Promise<Scene> {
    const blockchain = await createBlockchain();
    const protocol = await deployProtocol(blockchain, options);
    const scene: Scene = {
        blockchain,
        protocol,
        client: await blockchain.treasury('client'),
        keeper: await blockchain.treasury('keeper'),
        stranger: await blockchain.treasury('stranger'),
        nodes: [],
    };
    for (let i = 0; i < nodes; i++) scene.nodes.push(await registerOperator(scene, value));
    return scene;
}

/** Registers one more node, with wallets of its own. */
export async function registerOperator(scene: Scene, value = toNano('500')): Promise<Operator> {
    const { blockchain, protocol } = scene;
    const number = (await protocol.registry.getNetwork()).nodeCount;
    const owner = await blockchain.treasury(`owner-${number}`);
    const operator = await blockchain.treasury(`operator-${number}`);
    const payout = await blockchain.treasury(`payout-${number}`);
    const encryptionKey = 0x25519_00n + BigInt(number);
    const { node, index } = await registerNode(blockchain, protocol, {
        owner,
        operator: operator.address,
        payout: payout.address,
        operatorKey: 0xed25519_00n + BigInt(number),
        encryptionKey,
        value,
    });
    return { node, index, owner, operator, payout, encryptionKey };
}

/** The scene's only or n-th operator. */
export function operatorOf(scene: Scene, n = 0): Operator {
    const operator = scene.nodes[n];
    if (!operator) throw new Error(`The scene has no node ${n}.`);
    return operator;
}
