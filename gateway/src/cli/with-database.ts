import { resolve } from 'node:path';
import { type GatewayConfig, loadConfig, loadSecrets } from '../config';
import { type Database, migrate, openDatabase } from '../db';
import { lockDirectory } from '../db/directory-lock';

/** Opens the configured database for one command. The embedded one needs its directory, which a running gateway holds. */
export async function withDatabase<T>(
    path: string,
    work: (database: Database, config: GatewayConfig) => Promise<T>,
): Promise<T> {
    const { config, directory: base } = loadConfig(path);
    const directory = resolve(base, config.directory);
    const { databaseUrl } = loadSecrets(config.secrets.file, base);
    const unlock = config.database.type === 'pglite' ? lockDirectory(directory) : () => undefined;
    try {
        const database = await openDatabase({
            config: config.database,
            directory,
            ...(databaseUrl === undefined ? {} : { url: databaseUrl }),
        });
        try {
            await migrate(database);
            return await work(database, config);
        } finally {
            await database.close();
        }
    } finally {
        unlock();
    }
}
