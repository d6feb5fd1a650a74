/** One row; bigint columns come as bigint, bytea as Buffer, timestamptz as Date, jsonb as its value. */
export type Row = Record<string, unknown>;

export interface QueryResult<R> {
    rows: R[];
    /** Rows that were changed, or found. */
    count: number;
}

export interface Queryable {
    /** One statement with $1, $2 … as parameters. */
    query<R = Row>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<R>>;
}

/** What the gateway needs of a database: a thin face over pg.Pool and PGlite. Throws DatabaseError when it is gone. */
export interface Database extends Queryable {
    readonly kind: 'postgres' | 'pglite';
    /** Changes that stand or fall together; rolled back when `work` throws. */
    transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
    /**
     * Runs `work` while no other process (and no other caller here) holds the lock of this name. `lost` aborts when the
     * lock may have passed to another because the connection broke.
     */
    withLock<T>(name: string, work: (lost: AbortSignal) => Promise<T>): Promise<T>;
    close(): Promise<void>;
}
