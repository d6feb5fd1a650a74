import { resolve } from 'node:path';
import { fromNano } from '@ton/core';
import { checkStep, reportOk } from 'cocoon-daemon';
import { isCocoonError, memoryJobStore } from 'cocoon-sdk';
import { connectChain } from '../chain';
import { type GatewayConfig, loadConfig, loadSecrets } from '../config';
import { type Database, migrate, openDatabase } from '../db';
import { lockDirectory } from '../db/directory-lock';
import { PgliteDatabase } from '../db/pglite';
import { GatewayError } from '../errors';
import { ExitCode } from '../exit-codes';

/** `cocoon-gateway check`: every check runs; the exit code is that of the first that failed. */
export async function check(options: { config: string }): Promise<void> {
    const { config, directory } = loadConfig(options.config);
    reportOk('config', options.config);
    await checkStep('secrets', async () => {
        loadSecrets(config.secrets.file, directory);
        return 'wallet and master key are there';
    });
    await checkStep('database', () => checkDatabase(config, directory));
    await checkStep('network', () => checkNetwork(config, directory));
}

async function checkDatabase(config: GatewayConfig, base: string): Promise<string> {
    const directory = resolve(base, config.directory);
    const unlock = lockDirectory(directory);
    let database: Database | undefined;
    try {
        const { databaseUrl } = loadSecrets(config.secrets.file, base);
        database = await openDatabase({
            config: config.database,
            directory,
            ...(databaseUrl === undefined ? {} : { url: databaseUrl }),
        });
        await migrate(database);
        const { rows } = await database.query<{ count: bigint }>('SELECT count(*) AS count FROM api_keys');
        return `${database.kind}, schema up to date, ${rows[0]?.count} keys`;
    } finally {
        await database?.close();
        unlock();
    }
}

async function checkNetwork(config: GatewayConfig, base: string): Promise<string> {
    const secrets = loadSecrets(config.secrets.file, base);
    // Nothing is sent, so that nothing has to be kept.
    const database = await PgliteDatabase.open();
    const halt = new AbortController();
    try {
        const { cocoon } = await connectChain({
            config,
            secrets,
            database,
            jobStore: memoryJobStore(),
            environment: process.env,
            signal: halt.signal,
        });
        const { address } = cocoon.sender;
        const [models, wallet] = await Promise.all([
            cocoon.network.getModels(),
            cocoon.reader.getAccount(address),
        ]);
        return `${models.size} models in the catalogue, wallet ${address.toString({ bounceable: false })} has ${fromNano(wallet.balance)} TON`;
    } catch (error) {
        if (error instanceof GatewayError || !isCocoonError(error)) throw error;
        throw new GatewayError(error.shortMessage, {
            code: error.code,
            remedy: error.remedy,
            exitCode: ExitCode.Network,
            cause: error,
        });
    } finally {
        halt.abort();
        await database.close();
    }
}
