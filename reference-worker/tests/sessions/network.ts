import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Address, toNano } from '@ton/core';
import type { Cocoon, VaultAllocation } from 'cocoon-sdk';
import { stringify } from 'yaml';
import { x25519PublicKey } from '../../src/config';
import {
    LocalNetwork,
    type LocalNetworkOptions,
    NETWORK_ID,
    type RegisteredNode,
} from '../helpers/local-network';
import { NULL_MODEL, workerConfig } from '../helpers/worker-config';
import { primitives, TestClient, viaHttp } from './client';

/** Price of everything per token, nanoTON. */
export const TOKEN = toNano('0.001');
export const PRICES = {
    prompt: TOKEN * 1_000_000n,
    cachedPrompt: TOKEN * 1_000_000n,
    completion: TOKEN * 1_000_000n,
};
const VOUCHER_SEED = Buffer.alloc(32, 9);

export interface SessionNetworkOptions extends LocalNetworkOptions {
    directory: string;
    cli: string;
    /** nanoTON. */
    allocated: bigint;
    engine?: Record<string, unknown>;
    sessions?: Record<string, unknown>;
    worker?: Record<string, unknown>;
}

/** A local network with one node, a vault that allocates to it, and the worker as a process that can be killed. */
export class SessionNetwork {
    output = '';
    child: ChildProcess | undefined;
    #exited: Promise<void> = Promise.resolve();

    private constructor(
        readonly network: LocalNetwork,
        readonly node: RegisteredNode,
        readonly owner: Cocoon,
        readonly vault: Address,
        readonly allocation: VaultAllocation,
        readonly port: number,
        private readonly options: SessionNetworkOptions,
    ) {}

    static async start(options: SessionNetworkOptions): Promise<SessionNetwork> {
        const { directory, cli, allocated, engine, sessions, worker: settings, ...rest } = options;
        const network = await LocalNetwork.start(rest);
        const offer = {
            promptPrice: PRICES.prompt,
            cachedPromptPrice: PRICES.cachedPrompt,
            completionPrice: PRICES.completion,
            contextLength: 4096,
        };
        const node = await network.registerNode(0, { modelIds: [NULL_MODEL], offer });
        const owner = await network.client(0);
        const { address, allocations } = await owner.vaults.open({
            deposit: allocated + toNano('1'),
            allocations: [
                {
                    slot: 0,
                    node: node.address,
                    payee: node.payout,
                    voucherKey: primitives.publicKeyEd25519(VOUCHER_SEED),
                    amount: allocated,
                },
            ],
        });
        const port = await freePort();
        const worker = workerConfig(network, node, {
            models: [
                {
                    name: 'nothing',
                    modelId: NULL_MODEL,
                    engine: { type: 'null', completionTokens: 40, tokensPerStep: 4, ...engine },
                    pricing: {},
                },
            ],
            sessions: { listen: { host: '127.0.0.1', port }, chunkTokens: 16, ...sessions },
            log: { level: 'trace' },
            ...settings,
        });
        writeFileSync(join(directory, 'worker.yaml'), stringify(worker));
        return new SessionNetwork(network, node, owner, address, allocations[0]!, port, options);
    }

    get url(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    client(): Promise<TestClient> {
        return TestClient.create({
            allocation: {
                networkId: NETWORK_ID,
                node: new Uint8Array(this.node.address.hash),
                vault: new Uint8Array(this.vault.hash),
                slot: this.allocation.slot,
                generation: this.allocation.generation,
            },
            voucherSeed: VOUCHER_SEED,
            nodeKey: x25519PublicKey(this.node.keys.encryption),
            modelId: Buffer.from(NULL_MODEL, 'hex'),
            call: viaHttp(this.url),
        });
    }

    /** Starts the worker and waits until it serves. */
    async serve(): Promise<void> {
        const { cli, directory } = this.options;
        const child = spawn(process.execPath, [cli, 'run', '--config', join(directory, 'worker.yaml')], {
            env: { ...process.env, ...this.node.environment, NODE_OPTIONS: '' },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.child = child;
        this.#exited = new Promise((resolve) => child.once('close', () => resolve()));
        await new Promise<void>((resolve, reject) => {
            let text = '';
            const collect = (data: Buffer) => {
                this.output += data;
                text += data;
                if (text.includes('sessions are served')) resolve();
            };
            child.stdout!.on('data', collect);
            child.stderr!.on('data', collect);
            child.once('close', () => reject(new Error(`the worker ended:\n${text}`)));
        });
    }

    /** Ends the worker and returns its exit code. */
    async end(signal: NodeJS.Signals): Promise<number | null> {
        this.child?.kill(signal);
        await this.#exited;
        return this.child?.exitCode ?? null;
    }

    async claimed(): Promise<bigint> {
        return (await this.onChain())?.claimed ?? -1n;
    }

    onChain(): Promise<VaultAllocation | null> {
        return this.owner.vaults.getAllocation({ vault: this.vault, slot: this.allocation.slot });
    }

    async close(): Promise<void> {
        this.child?.kill('SIGKILL');
        await this.#exited;
        await this.network.close();
    }
}

function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address() as { port: number };
            server.close(() => resolve(port));
        });
    });
}
