import { resolve } from 'node:path';
import { fromNano } from '@ton/core';
import { checkStep, reportOk } from 'cocoon-daemon';
import { isCocoonError } from 'cocoon-sdk';
import { connectRpc, inspect } from '../chain';
import {
    loadConfig,
    loadSecrets,
    operatorPublicKey,
    type WorkerConfig,
    walletContract,
    walletKeys,
} from '../config';
import { createEngine } from '../engines';
import { EngineError } from '../engines/errors';
import { WorkerError } from '../errors';
import { ExitCode } from '../exit-codes';
import { Journal } from '../journal';
import { progressReporter, resolveModel } from '../models';
import { probeEndpoint } from './rpc-probe';

/** `cocoon-worker check`: every check runs; the exit code is that of the first that failed. */
export async function check(options: { config: string }): Promise<void> {
    const { config, directory } = loadConfig(options.config);
    reportOk('config', options.config);
    await checkStep('keys', () => describeKeys(config, directory));
    await checkStep('journal', async () => {
        const path = resolve(directory, config.journal.path);
        Journal.open(path).close();
        return path;
    });
    for (const model of config.models) {
        await checkStep(`model ${model.name}`, async () => {
            const { modelId, file } = await resolveModel(model, config, {
                directory,
                progress: progressReporter,
            });
            const engine = await createEngine(model, file);
            try {
                const health = await engine.health();
                if (!health.ok) {
                    throw new EngineError(
                        'unreachable',
                        health.reason ?? `engine ${engine.name} is not healthy`,
                        {
                            remedy: 'start the inference server, or correct models[].engine',
                        },
                    );
                }
                return `id ${modelId}, engine ${engine.name}, ${engine.capacity} at a time`;
            } finally {
                await engine.close();
            }
        });
    }
    for (const endpoint of config.network.endpoints) {
        await checkStep(`rpc ${new URL(endpoint.url).host}`, () =>
            probeEndpoint(endpoint, config.network.timeoutSeconds),
        );
    }
    await checkStep('node', () => describeNode(config, directory));
}

/** Whether the node on chain is this worker's, and what it can still do. */
async function describeNode(config: WorkerConfig, directory: string): Promise<string> {
    const secrets = loadSecrets(config.secrets.file, directory);
    const { publicKey } = await walletKeys(secrets);
    const { address } = walletContract(publicKey, config.wallet.version, config.network.id);
    try {
        const { node, view } = await inspect(connectRpc(config), config, address, secrets);
        const free = view.node.stake - view.node.locked - view.node.reserve;
        return `index ${node.index}, free stake ${fromNano(free)} TON, wallet ${fromNano(view.walletBalance)} TON`;
    } catch (error) {
        if (error instanceof WorkerError || !isCocoonError(error)) throw error;
        throw new WorkerError(error.shortMessage, {
            code: error.code,
            remedy: error.remedy,
            exitCode: ExitCode.Network,
            cause: error,
        });
    }
}

async function describeKeys(config: WorkerConfig, directory: string): Promise<string> {
    const secrets = loadSecrets(config.secrets.file, directory);
    const { publicKey } = await walletKeys(secrets);
    const { address } = walletContract(publicKey, config.wallet.version, config.network.id);
    return `wallet ${address.toString({ bounceable: false })}, operator key ${operatorPublicKey(secrets).toString('hex')}`;
}
