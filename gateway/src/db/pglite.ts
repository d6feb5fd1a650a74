import { mkdirSync } from 'node:fs';
import { PGlite, types } from '@electric-sql/pglite';
import { DatabaseError, messageOf } from '../errors';
import { NamedMutex } from './locks';
import type { Database, Queryable, QueryResult, Row } from './types';

const parsers = {
    [types.INT8]: (text: string) => BigInt(text),
    [types.BYTEA]: (text: string) => Buffer.from(text.slice(2), 'hex'),
};

/** PostgreSQL within this process. The caller holds the lock of the directory: two processes would destroy it. */
export class PgliteDatabase implements Database {
    readonly kind = 'pglite';
    readonly #database: PGlite;
    readonly #locks = new NamedMutex();

    private constructor(database: PGlite) {
        this.#database = database;
    }

    /** @param directory undefined keeps everything in memory. Throws DatabaseError `database_unreadable`. */
    static async open(directory?: string): Promise<PgliteDatabase> {
        try {
            if (directory !== undefined) mkdirSync(directory, { recursive: true });
            const database = await PGlite.create({ ...(directory ? { dataDir: directory } : {}), parsers });
            return new PgliteDatabase(database);
        } catch (error) {
            throw new DatabaseError(
                'database_unreadable',
                `the embedded database cannot be opened: ${directory} (${messageOf(error)})`,
                'check that the directory is writable; restore a backup if its files are damaged',
                error,
            );
        }
    }

    query<R = Row>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> {
        return run<R>(this.#database, sql, parameters);
    }

    transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
        return this.#database.transaction((tx) =>
            work({ query: (sql, parameters = []) => run(tx, sql, parameters) }),
        );
    }

    withLock<T>(name: string, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
        return this.#locks.run(name, () => work(new AbortController().signal));
    }

    close(): Promise<void> {
        return this.#database.close();
    }
}

async function run<R>(
    client: Pick<PGlite, 'query'>,
    sql: string,
    parameters: readonly unknown[],
): Promise<QueryResult<R>> {
    const result = await client.query<R>(sql, parameters as unknown[]);
    return { rows: result.rows, count: result.affectedRows || result.rows.length };
}
