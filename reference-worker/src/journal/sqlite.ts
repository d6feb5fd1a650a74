import Database from 'libsql';

export type SqlValue = string | number | Buffer | null;
export type Row = Record<string, unknown>;

/**
 * The few calls of the SQLite binding that the journal needs, with three of its traps closed: a statement that is
 * prepared anew for each use is never freed (so each is prepared once), and a single Buffer argument is taken for a set
 * of named parameters and aborts the process (so parameters always go as an array), and `all` gives blobs as ArrayBuffer
 * where `get` gives Buffer.
 */
export class Sqlite {
    readonly #database: Database.Database;
    readonly #statements = new Map<string, Database.Statement>();

    /** @param timeout how long to wait for another process's lock, milliseconds. */
    constructor(path: string, timeout = 5000) {
        this.#database = new Database(path, { timeout });
    }

    /** Returns the number of rows that changed and the id of the last one inserted. */
    run(sql: string, ...parameters: SqlValue[]): { changes: number; id: number } {
        const { changes, lastInsertRowid } = this.#prepare(sql).run(parameters);
        return { changes, id: Number(lastInsertRowid) };
    }

    get(sql: string, ...parameters: SqlValue[]): Row | undefined {
        return this.#prepare(sql).get(parameters) as Row | undefined;
    }

    all(sql: string, ...parameters: SqlValue[]): Row[] {
        const rows = this.#prepare(sql).all(parameters) as Row[];
        for (const row of rows) {
            for (const [name, value] of Object.entries(row)) {
                if (value instanceof ArrayBuffer) row[name] = Buffer.from(value);
            }
        }
        return rows;
    }

    /** Statements without parameters and results; not kept. */
    exec(sql: string): void {
        this.#database.exec(sql);
    }

    /** Runs changes that stand or fall together. Inside another `atomically` they join it. */
    atomically<T>(changes: () => T): T {
        if (this.#database.inTransaction) return changes();
        return this.#database.transaction(changes).immediate();
    }

    close(): void {
        this.#statements.clear();
        this.#database.close();
    }

    #prepare(sql: string): Database.Statement {
        let statement = this.#statements.get(sql);
        if (!statement) {
            statement = this.#database.prepare(sql);
            this.#statements.set(sql, statement);
        }
        return statement;
    }
}
