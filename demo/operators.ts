import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toNano } from '@ton/core';
import { type KeyPair, keyPairFromSeed } from '@ton/crypto';
import { encryptionKeyPair, hashToInteger } from 'cocoon-sdk';
import { stringify } from 'yaml';
import { freePort } from './free-port';
import { currentModelId } from './model';
import type { Network } from './network';
import { paths } from './paths';
import { connect, createParty, type Party } from './wallets';

/** A registered node and who it belongs to. */
export interface Operator {
    readonly name: string;
    readonly owner: Party;
    readonly hot: Party;
    readonly signing: { readonly seed: Buffer; readonly keys: KeyPair };
    readonly encryption: ReturnType<typeof encryptionKeyPair>;
    readonly index: number;
    readonly stake: bigint;
}

/** What a node tells the network about itself, where it differs from what the jobs of the demo need. */
export interface Profile {
    /** Where it serves sessions. */
    readonly endpoint?: string;
    /** nanoTON per 1M tokens. */
    readonly prices?: { promptPrice: bigint; cachedPromptPrice: bigint; completionPrice: bigint };
}

/** The owner's wallet registers a node that the operator's wallet will work for. */
export async function registerOperator(
    network: Network,
    name: string,
    { endpoint, prices }: Profile = {},
): Promise<Operator> {
    const owner = await createParty(network, `${name}, owner`, toNano('30'));
    const hot = await createParty(network, `${name}, operator`, toNano('2'));
    const seed = randomBytes(32);
    const signing = { seed, keys: keyPairFromSeed(seed) };
    const encryption = encryptionKeyPair();
    const { index } = await connect(network, owner).nodes.registerNode({
        stake: toNano('25'),
        operator: hot.contract.address,
        payout: owner.contract.address,
        operatorKey: hashToInteger(signing.keys.publicKey),
        encryptionKey: hashToInteger(encryption.publicKey),
        endpoint,
        offers: [
            {
                modelId: currentModelId(),
                promptPrice: toNano('0.1'),
                cachedPromptPrice: toNano('0.05'),
                completionPrice: toNano('0.3'),
                ...prices,
                contextLength: 1_024,
                slots: 2,
            },
        ],
    });
    const { stake } = await connect(network, owner).nodes.getNode({ node: index });
    return { name, owner, hot, signing, encryption, index, stake };
}

/** How the process is started, where the demo needs more than an operator would. */
export interface WorkerOptions {
    /** Laid over worker.yaml. */
    readonly config?: object;
    readonly execArgv?: readonly string[];
    readonly env?: NodeJS.ProcessEnv;
    /** Ctrl-C in the terminal does not reach it. */
    readonly detached?: boolean;
}

/** A folder with all that a worker is started with. `port` tells its health, `file` is its worker.yaml. */
export async function writeWorkerHome(
    network: Network,
    operator: Operator,
    directory: string,
    config: object = {},
): Promise<{ home: string; port: number; file: string }> {
    const home = join(directory, `node-${operator.index}`);
    mkdirSync(home);
    const port = await freePort();
    const file = join(home, 'worker.yaml');
    writeFileSync(join(home, 'worker.secrets.yaml'), stringify(secretsOf(operator)), { mode: 0o600 });
    writeFileSync(file, stringify({ ...configOf(network, operator, port), ...config }));
    return { home, port, file };
}

/** A worker in a process of its own, started as an operator would. */
export class WorkerProcess {
    private constructor(
        private readonly child: ChildProcess,
        private readonly logFile: string,
        private readonly port: number,
    ) {}

    static async start(
        network: Network,
        operator: Operator,
        directory: string,
        { config, execArgv = [], env, detached }: WorkerOptions = {},
    ): Promise<WorkerProcess> {
        const { home, port, file } = await writeWorkerHome(network, operator, directory, config);
        const logFile = join(home, 'worker.log');
        // Not through the tsx command: its process ends before the worker has stopped.
        const child = spawn(
            process.execPath,
            [...execArgv, '--import', 'tsx', paths.workerCli, 'run', '--config', file],
            {
                cwd: paths.root,
                env: { ...process.env, ...env, TSX_TSCONFIG_PATH: paths.tsconfig },
                stdio: ['ignore', 'pipe', 'pipe'],
                detached,
            },
        );
        process.once('exit', () => child.kill('SIGKILL'));
        const log = createWriteStream(logFile);
        child.stdout?.pipe(log);
        child.stderr?.pipe(log);
        const worker = new WorkerProcess(child, logFile, port);
        await worker.ready();
        return worker;
    }

    /** What its operator's monitoring sees. */
    async metrics(): Promise<string> {
        return (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    }

    /** Drains and ends the process. */
    async stop(): Promise<void> {
        if (this.child.exitCode !== null || this.child.signalCode !== null) return;
        const ended = once(this.child, 'exit');
        this.child.kill('SIGTERM');
        await ended;
    }

    private async ready(): Promise<void> {
        for (let tries = 0; tries < 600; tries++) {
            if (this.child.exitCode !== null) break;
            const response = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined);
            if (response?.ok) return;
            await sleep(100);
        }
        this.child.kill('SIGKILL');
        const log = readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
        throw new Error(`A worker did not start. The end of its log:\n${log}`);
    }
}

function secretsOf({ hot, signing, encryption }: Operator) {
    return {
        wallet: { seed: hot.seed.toString('hex') },
        operatorKey: signing.seed.toString('hex'),
        encryptionKey: Buffer.from(encryption.secretKey).toString('hex'),
    };
}

function configOf(network: Network, operator: Operator, port: number) {
    return {
        network: {
            id: network.networkId,
            endpoints: [network.url],
            registry: network.registry?.toString(),
            pollSeconds: 0.3,
        },
        node: { index: operator.index },
        wallet: { version: 'v5r1' },
        secrets: { file: 'worker.secrets.yaml' },
        models: [
            {
                name: 'tiny-demo',
                manifest: 'embedded:tiny-demo',
                engine: {
                    type: 'llama',
                    path: 'embedded:tiny-demo',
                    contextSize: 1_024,
                    contexts: 1,
                    threads: 1,
                },
                pricing: { minPricePerItem: '0.01 TON', promptPer1M: '0.1 TON', completionPer1M: '0.3 TON' },
            },
        ],
        policy: { maxConcurrentJobs: 1, maxCollateral: '10 TON', minExecutionSeconds: 5 },
        journal: { path: 'worker.journal.db' },
        http: { host: '127.0.0.1', port },
        drain: { timeoutSeconds: 20 },
        log: { level: 'info', pretty: false },
    };
}
