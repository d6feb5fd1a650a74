import { join } from 'node:path';
import type { DatabaseConfig } from '../config';
import { ConfigError } from '../errors';
import { PgliteDatabase } from './pglite';
import { PostgresDatabase } from './postgres';
import type { Database } from './types';

export interface OpenDatabaseOptions {
    config: DatabaseConfig;
    /** The locked data directory. */
    directory: string;
    /** Overrides `config.url`; may hold a password. */
    url?: string;
    onError?: (error: Error) => void;
}

/** Opens what the configuration names. Throws DatabaseError or ConfigError. */
export async function openDatabase({
    config,
    directory,
    url,
    onError,
}: OpenDatabaseOptions): Promise<Database> {
    if (config.type === 'pglite') return PgliteDatabase.open(join(directory, 'database'));
    const connection = url ?? config.url;
    if (connection === undefined) {
        throw new ConfigError(
            'database.url is missing',
            'set database.url, or databaseUrl in the secrets (COCOON_GATEWAY_SECRETS_DATABASE_URL)',
        );
    }
    return PostgresDatabase.connect({
        url: connection,
        poolSize: config.poolSize,
        ...(onError ? { onError } : {}),
    });
}
