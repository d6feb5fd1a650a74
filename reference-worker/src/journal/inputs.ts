import type { Sqlite } from './sqlite';

/** What a job's results are computed from, as it was fetched: ciphertext only. */
export interface JobInput {
    /** The sealed batch. */
    batch: Buffer;
    /** Bag of cells of the content key sealed to this node; absent until the client has given it. */
    sealedKey?: Buffer;
}

/** Inputs are kept from before the claim: a URL that vanishes later costs no collateral. */
export class InputStore {
    readonly #db: Sqlite;

    constructor(db: Sqlite) {
        this.#db = db;
    }

    put(job: string, { batch, sealedKey }: JobInput): void {
        this.#db.run(
            'INSERT INTO inputs (job, batch, sealed_key) VALUES (?, ?, ?) ON CONFLICT (job) DO NOTHING',
            job,
            batch,
            sealedKey ?? null,
        );
    }

    setKey(job: string, sealedKey: Buffer): void {
        this.#db.run('UPDATE inputs SET sealed_key = ? WHERE job = ?', sealedKey, job);
    }

    get(job: string): JobInput | undefined {
        const row = this.#db.get('SELECT batch, sealed_key FROM inputs WHERE job = ?', job);
        if (!row) return undefined;
        const batch = row.batch as Buffer;
        return row.sealed_key === null ? { batch } : { batch, sealedKey: row.sealed_key as Buffer };
    }

    delete(job: string): void {
        this.#db.run('DELETE FROM inputs WHERE job = ?', job);
    }
}
