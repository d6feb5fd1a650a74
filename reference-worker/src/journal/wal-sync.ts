import { close, fsync, open } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);

/**
 * Forces the write-ahead log to disk on a thread of its own, so that the event loop never waits for a disk. A commit with
 * synchronous=NORMAL survives the death of the process; this makes it survive that of the machine.
 */
export class WalSync {
    readonly #path: string;
    readonly #everyMs: number;
    #dirty = false;
    #running: Promise<void> | undefined;
    #next: Promise<void> | undefined;
    #timer: NodeJS.Timeout | undefined;

    /** @param everyMs most time that a commit waits for the disk. */
    constructor(journal: string, everyMs = 1_000) {
        this.#path = `${journal}-wal`;
        this.#everyMs = everyMs;
    }

    /** Something was committed. */
    touch(): void {
        this.#dirty = true;
        if (this.#timer) return;
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            // What cannot be synced now is with the next commit; a caller of `sync` hears of it.
            if (this.#dirty) this.sync().catch(() => undefined);
        }, this.#everyMs);
        this.#timer.unref();
    }

    /** Resolves once everything that was committed before the call is on disk. */
    sync(): Promise<void> {
        if (!this.#running) {
            this.#running = this.#run().finally(() => {
                this.#running = undefined;
            });
            return this.#running;
        }
        // The one under way may have begun before the last commit: the next one covers it, for all who ask meanwhile.
        this.#next ??= this.#running
            .catch(() => undefined)
            .then(() => {
                this.#next = undefined;
                return this.sync();
            });
        return this.#next;
    }

    async close(): Promise<void> {
        clearTimeout(this.#timer);
        await this.#running?.catch(() => undefined);
    }

    async #run(): Promise<void> {
        this.#dirty = false;
        // Not the database file: closing a second handle of that one would drop SQLite's locks.
        const file = await openFile(this.#path, 'r+');
        try {
            await syncFile(file);
        } finally {
            await closeFile(file);
        }
    }
}
