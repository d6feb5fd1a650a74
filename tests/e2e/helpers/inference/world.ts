import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { freePort } from '../../../../demo/free-port';
import {
    LocalNetwork,
    NETWORK_ID,
    type RegisteredNode,
} from '../../../../reference-worker/tests/helpers/local-network';
import { CONTEXT, ScriptedEngine } from './engine';
import { Gateway, type GatewayOptions } from './gateways';
import { createNode, type NodeOptions } from './nodes';
import type { Program } from './program';

/** Model of the scripted engine: its name in the catalogue, and its id. */
export const SCRIPTED = { name: 'scripted', modelId: '22'.repeat(32) };

/** nanoTON per 1M tokens. */
const PRICES = {
    promptPrice: toNano('0.1'),
    cachedPromptPrice: toNano('0.05'),
    completionPrice: toNano('0.4'),
};

/** A registered node with its worker; not started yet. */
export interface WorldNode extends RegisteredNode {
    readonly worker: Program & { metricsUrl: string };
    readonly endpoint: string;
    readonly home: string;
}

export interface NodeChanges extends Partial<Pick<NodeOptions, 'models' | 'changes' | 'env' | 'execArgv'>> {
    readonly sessions?: object;
    /** What stands on chain, where it is not the worker's own socket. */
    readonly endpoint?: string;
    readonly modelIds?: string[];
}

/** A chain with the protocol, an inference server, nodes and gateways as processes: everything that inference needs. */
export class World {
    /** All files of all processes. */
    readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cocoon-inference-')));
    readonly nodes: WorldNode[] = [];
    readonly programs: Program[] = [];

    private constructor(
        readonly network: LocalNetwork,
        readonly engine: ScriptedEngine,
    ) {}

    static async start(
        options: { models?: ReadonlyMap<bigint, { name: string; manifestUri: string }> } = {},
    ): Promise<World> {
        const models = new Map([
            [
                BigInt(`0x${SCRIPTED.modelId}`),
                { name: SCRIPTED.name, manifestUri: 'https://models.example/s' },
            ],
            ...(options.models ?? []),
        ]);
        const [network, engine] = await Promise.all([
            LocalNetwork.start({ models, releaseDelay: 60, stakeParams: { unbondingPeriod: 86_400 * 14 } }),
            ScriptedEngine.start(),
        ]);
        return new World(network, engine);
    }

    get chain(): { url: string; registry: string } {
        return { url: this.network.url, registry: this.network.registry.toString() };
    }

    /** worker.yaml's entry of the model that the scripted engine serves. */
    get scriptedModel(): object {
        return {
            name: SCRIPTED.name,
            modelId: SCRIPTED.modelId,
            engine: { type: 'openai', baseUrl: this.engine.baseUrl, model: SCRIPTED.name, concurrency: 64 },
            pricing: {},
        };
    }

    /** Registers a node and prepares its worker. */
    async addNode(changes: NodeChanges = {}): Promise<WorldNode> {
        const number = this.nodes.length;
        const port = await freePort();
        const endpoint = changes.endpoint ?? `http://127.0.0.1:${port}`;
        const registered = await this.network.registerNode(number, {
            modelIds: changes.modelIds ?? [SCRIPTED.modelId],
            endpoint,
            offer: { ...PRICES, contextLength: CONTEXT, slots: 64 },
        });
        const home = join(this.folder, `node-${number}`);
        const worker = await createNode({
            network: this.chain,
            node: registered,
            models: changes.models ?? [this.scriptedModel],
            sessions: { listen: { host: '127.0.0.1', port }, chunkTokens: 16, ...changes.sessions },
            home,
            changes: changes.changes,
            env: changes.env,
            execArgv: changes.execArgv,
        });
        this.programs.push(worker);
        const node = { ...registered, worker, endpoint, home };
        this.nodes.push(node);
        return node;
    }

    /** Prepares a gateway; those with the same wallet number pay from the same wallet. */
    async addGateway(
        name: string,
        { wallet = 1, ...options }: Partial<GatewayOptions> & { wallet?: number } = {},
    ): Promise<Gateway> {
        const seed = Buffer.alloc(32, wallet);
        const { publicKey } = keyPairFromSeed(seed);
        const contract = WalletContractV5R1.create({
            publicKey,
            walletId: { networkGlobalId: NETWORK_ID },
        });
        await this.network.devnet.fund(contract.address, toNano('50'));
        const gateway = await Gateway.create({
            network: this.chain,
            walletSeed: seed.toString('hex'),
            home: join(this.folder, name),
            ...options,
        });
        this.programs.push(gateway);
        return gateway;
    }

    /** A new folder below that of the world. */
    subfolder(name: string): string {
        const folder = join(this.folder, name);
        mkdirSync(folder, { recursive: true });
        return folder;
    }

    async close(): Promise<void> {
        await Promise.all(this.programs.map((program) => program.stop('SIGKILL')));
        await this.engine.close();
        await this.network.close();
        rmSync(this.folder, { recursive: true, force: true });
    }
}
