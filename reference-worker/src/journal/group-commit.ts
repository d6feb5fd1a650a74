import type { Sqlite } from './sqlite';

interface Waiting {
    change: () => void;
    resolve: () => void;
    reject: (error: unknown) => void;
}

/**
 * Gathers the changes of all requests that come in one turn of the event loop into one transaction: a commit costs as
 * much for a hundred changes as for one. A promise settles after the commit, so what waits for it never runs ahead.
 */
export class GroupCommit {
    readonly #db: Sqlite;
    readonly #committed: () => void;
    #waiting: Waiting[] = [];

    /** @param committed called after each commit. */
    constructor(db: Sqlite, committed: () => void = () => {}) {
        this.#db = db;
        this.#committed = committed;
    }

    /** Rejects when the transaction failed: then nothing of its changes is durable. */
    commit(change: () => void): Promise<void> {
        return new Promise((resolve, reject) => {
            if (this.#waiting.push({ change, resolve, reject }) === 1) setImmediate(() => this.flush());
        });
    }

    /** Commits what waits, now. */
    flush(): void {
        const batch = this.#waiting;
        if (batch.length === 0) return;
        this.#waiting = [];
        try {
            this.#db.atomically(() => {
                for (const { change } of batch) change();
            });
        } catch (error) {
            for (const { reject } of batch) reject(error);
            return;
        }
        this.#committed();
        for (const { resolve } of batch) resolve();
    }
}
