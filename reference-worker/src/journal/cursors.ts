import { JournalError, REPORT_REMEDY } from './errors';
import type { Sqlite } from './sqlite';

/** The last transaction of an account that was handled completely. */
export interface Cursor {
    lt: bigint;
    /** Hexadecimal. */
    hash: string;
}

export class CursorStore {
    readonly #db: Sqlite;

    constructor(db: Sqlite) {
        this.#db = db;
    }

    /** @param account raw address. */
    get(account: string): Cursor | undefined {
        const row = this.#db.get('SELECT lt, hash FROM cursors WHERE account = ?', account) as
            | { lt: string; hash: string }
            | undefined;
        return row && { lt: BigInt(row.lt), hash: row.hash };
    }

    /** Throws {@link JournalError} `cursor_backwards`: going back would handle transactions twice. */
    set(account: string, cursor: Cursor): void {
        const known = this.get(account);
        if (known && cursor.lt < known.lt) {
            throw new JournalError('cursor_backwards', `cursor of ${account} would go back`, REPORT_REMEDY);
        }
        this.#db.run(
            `INSERT INTO cursors (account, lt, hash) VALUES (?, ?, ?)
                 ON CONFLICT (account) DO UPDATE SET lt = excluded.lt, hash = excluded.hash`,
            account,
            cursor.lt.toString(),
            cursor.hash,
        );
    }

    delete(account: string): void {
        this.#db.run('DELETE FROM cursors WHERE account = ?', account);
    }
}
