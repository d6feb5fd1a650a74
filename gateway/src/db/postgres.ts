import pg from 'pg';
import { DatabaseError, messageOf } from '../errors';
import { lockNumber, NamedMutex } from './locks';
import type { Database, Queryable, QueryResult, Row } from './types';

export interface PostgresOptions {
    url: string;
    poolSize: number;
    /** Hears of connections that broke while nobody used them. */
    onError?: (error: Error) => void;
}

const INT8 = 20;
const REMEDY = 'check that PostgreSQL runs and that database.url (or the secret databaseUrl) is right';

const types: pg.CustomTypesConfig = {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8
            ? (text: string) => BigInt(text)
            : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** A database on a PostgreSQL server, 13 or newer, shared by any number of processes. */
export class PostgresDatabase implements Database {
    readonly kind = 'postgres';
    readonly #pool: pg.Pool;
    readonly #options: PostgresOptions;
    readonly #local = new NamedMutex();

    private constructor(options: PostgresOptions) {
        this.#options = options;
        this.#pool = new pg.Pool({
            connectionString: options.url,
            max: options.poolSize,
            types,
            connectionTimeoutMillis: 10_000,
            keepAlive: true,
            application_name: 'cocoon-gateway',
        });
        this.#pool.on('error', (error) => options.onError?.(error));
    }

    /** Throws DatabaseError `database_unreachable`. */
    static async connect(options: PostgresOptions): Promise<PostgresDatabase> {
        const database = new PostgresDatabase(options);
        try {
            await database.query('SELECT 1');
            return database;
        } catch (error) {
            await database.close();
            // The URL stays out: it may hold a password.
            throw new DatabaseError(
                'database_unreachable',
                `PostgreSQL cannot be used: ${messageOf(error)}`,
                REMEDY,
            );
        }
    }

    async query<R = Row>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> {
        return run<R>(this.#pool, sql, parameters);
    }

    async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
        const client = await this.#pool.connect();
        let broken: Error | undefined;
        try {
            await client.query('BEGIN');
            const result = await work({ query: (sql, parameters = []) => run(client, sql, parameters) });
            await client.query('COMMIT');
            return result;
        } catch (error) {
            await client.query('ROLLBACK').catch((failure: Error) => {
                broken = failure;
            });
            throw error;
        } finally {
            client.release(broken);
        }
    }

    withLock<T>(name: string, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
        // Callers of this process queue here, so that each lock takes one connection at most.
        return this.#local.run(name, () => this.#locked(name, work));
    }

    async #locked<T>(name: string, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
        // Not from the pool: locks are held for minutes, and queries must never wait for them.
        const client = new pg.Client({
            connectionString: this.#options.url,
            keepAlive: true,
            application_name: 'cocoon-gateway lock',
        });
        const lost = new AbortController();
        client.on('error', () => lost.abort());
        client.on('end', () => lost.abort());
        await client.connect();
        try {
            await client.query('SELECT pg_advisory_lock($1)', [lockNumber(name)]);
            return await work(lost.signal);
        } finally {
            // Ending the session gives the lock back, whatever state it is in.
            await client.end().catch(() => undefined);
        }
    }

    async close(): Promise<void> {
        await this.#pool.end();
    }
}

async function run<R>(
    client: pg.Pool | pg.PoolClient,
    text: string,
    values: readonly unknown[],
): Promise<QueryResult<R>> {
    const result = await client.query(text, values as unknown[]);
    return { rows: result.rows as R[], count: result.rowCount ?? result.rows.length };
}
