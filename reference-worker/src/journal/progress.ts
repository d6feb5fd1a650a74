import type { Sqlite } from './sqlite';

/** Results of single items of a job that is being executed, sealed by the caller. */
export class ProgressStore {
    readonly #db: Sqlite;

    constructor(db: Sqlite) {
        this.#db = db;
    }

    put(job: string, item: number, sealed: Buffer): void {
        this.#db.run(
            `INSERT INTO progress (job, item, sealed) VALUES (?, ?, ?)
                 ON CONFLICT (job, item) DO UPDATE SET sealed = excluded.sealed`,
            job,
            item,
            sealed,
        );
    }

    /** By item number. */
    all(job: string): Map<number, Buffer> {
        const rows = this.#db.all('SELECT item, sealed FROM progress WHERE job = ?', job);
        return new Map(rows.map(({ item, sealed }) => [item as number, sealed as Buffer]));
    }

    delete(job: string): void {
        this.#db.run('DELETE FROM progress WHERE job = ?', job);
    }
}
