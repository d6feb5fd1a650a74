import { join } from 'node:path';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { freePort } from '../../demo/free-port';
import { NETWORK_ID } from '../../reference-worker/tests/helpers/local-network';
import { bundle } from '../../tests/e2e/helpers/inference/bundle';
import { Gateway } from '../../tests/e2e/helpers/inference/gateways';
import { createNode } from '../../tests/e2e/helpers/inference/nodes';
import type { Program } from '../../tests/e2e/helpers/inference/program';
import type { Target } from './load/round';
import type { NetworkInput, NetworkReady } from './network-process';
import { forkReady, stop } from './processes';

const MODEL = { name: 'null', modelId: '33'.repeat(32) };
const WALLET_SEED = '44'.repeat(32);

/** A network with a node and a gateway, each a process of its own, as they would run in production. */
export interface System {
    readonly target: Target;
    readonly gateway: Gateway;
    readonly worker: Program & { metricsUrl: string };
    readonly network: NetworkReady;
    close(): Promise<void>;
}

/** @param profile folder for CPU profiles of gateway and worker, written when they end. */
export async function startSystem(enginePort: number, directory: string, profile?: string): Promise<System> {
    const port = await freePort();
    const input: NetworkInput = {
        model: MODEL,
        endpoint: `http://127.0.0.1:${port}`,
        wallet: walletAddress(),
    };
    const network = await forkReady<NetworkReady>(await bundle('bench', 'gateway/network-process.ts'), input);
    const chain = network.first;
    const execArgv = (name: string) =>
        profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`] : [];
    const worker = await createNode({
        network: chain,
        node: chain.node,
        models: [
            {
                ...MODEL,
                engine: {
                    type: 'openai',
                    baseUrl: `http://127.0.0.1:${enginePort}/v1`,
                    model: 'null',
                    concurrency: 256,
                },
                pricing: {},
            },
        ],
        sessions: { listen: { host: '127.0.0.1', port } },
        home: join(directory, 'node'),
        execArgv: execArgv('worker'),
    });
    const gateway = await Gateway.create({
        network: chain,
        walletSeed: WALLET_SEED,
        home: join(directory, 'gateway'),
        execArgv: execArgv('gateway'),
    });
    const apiKey = await gateway.createKey('bench');
    await worker.start();
    await gateway.start();
    return {
        target: {
            name: 'gateway',
            port: Number(new URL(gateway.origin).port),
            path: '/v1/chat/completions',
            model: MODEL.name,
            headers: { authorization: `Bearer ${apiKey}` },
        },
        gateway,
        worker,
        network: chain,
        async close() {
            await gateway.stop();
            await worker.stop();
            await stop(network.process);
        },
    };
}

function walletAddress(): string {
    const { publicKey } = keyPairFromSeed(Buffer.from(WALLET_SEED, 'hex'));
    const walletId = { networkGlobalId: NETWORK_ID };
    return WalletContractV5R1.create({ publicKey, walletId }).address.toString();
}
