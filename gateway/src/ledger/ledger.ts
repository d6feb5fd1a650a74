import type { Database } from '../db';
import { messageOf } from '../errors';
import type { Logger } from '../observability';
import type { LedgerEntry, LedgerStart } from './entry';
import { insertEntries } from './insert';
import type { LedgerWal, WalPosition } from './wal';

export interface LedgerOptions {
    database: Database;
    wal: LedgerWal;
    logger: Logger;
    /** Rows wait this long at most. */
    flushMs: number;
    /** So many rows do not wait. */
    flushRows: number;
    /** Most rows of one statement. */
    maxRows?: number;
    retryMs?: number;
}

/** A request that runs. */
export interface OpenEntry {
    /** Its hold changed. */
    again(start: LedgerStart): void;
    /** It is over: the row is in the local file when this returns. Call it once. */
    end(entry: LedgerEntry): void;
}

type Waiting = { entry: LedgerEntry; positions: WalPosition[] };

/** Rows on their way: the local file at once, the database in batches. */
export class Ledger {
    readonly #options: Required<LedgerOptions>;
    #waiting: Waiting[] = [];
    #timer: NodeJS.Timeout | undefined;
    #flushing: Promise<void> | undefined;

    constructor(options: LedgerOptions) {
        this.#options = { maxRows: 2_000, retryMs: 1_000, ...options };
    }

    /** Rows that are only in the local file. */
    get pending(): number {
        return this.#waiting.length;
    }

    /** Notes that a request begins, before anything is paid for it. */
    begin(start: LedgerStart): OpenEntry {
        const positions = [this.#options.wal.start(start)];
        return {
            again: (changed) => {
                positions.push(this.#options.wal.start(changed));
            },
            end: (entry) => {
                positions.push(this.#options.wal.end(entry));
                this.#waiting.push({ entry, positions });
                this.#flushSoon(this.#waiting.length >= this.#options.flushRows ? 0 : this.#options.flushMs);
            },
        };
    }

    /** Resolves when everything noted so far is in the database. Throws what the database throws. */
    async flush(): Promise<void> {
        while (this.#waiting.length > 0 || this.#flushing) {
            await this.#flushing?.catch(() => undefined);
            if (this.#waiting.length > 0) await this.#flushOnce();
        }
    }

    /** Flushes what it can and stops; the rest is in the local file for the next start. */
    async close(): Promise<void> {
        clearTimeout(this.#timer);
        try {
            await this.flush();
        } catch (error) {
            const { logger } = this.#options;
            logger.warn(
                { rows: this.#waiting.length, reason: messageOf(error) },
                'ledger rows stay in the local file; the next start of this directory brings them in',
            );
        } finally {
            clearTimeout(this.#timer);
            this.#options.wal.close();
        }
    }

    #flushSoon(ms: number): void {
        if (this.#flushing) return;
        if (this.#timer && ms > 0) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            this.#flushOnce().catch((error: unknown) => {
                const { logger, retryMs } = this.#options;
                logger.warn({ reason: messageOf(error) }, 'ledger rows wait for the database');
                this.#flushSoon(retryMs);
            });
        }, ms);
    }

    #flushOnce(): Promise<void> {
        this.#flushing ??= this.#write().finally(() => {
            this.#flushing = undefined;
            if (this.#waiting.length > 0) this.#flushSoon(this.#options.flushMs);
        });
        return this.#flushing;
    }

    async #write(): Promise<void> {
        const { database, maxRows, wal } = this.#options;
        const batch = this.#waiting.slice(0, maxRows);
        await insertEntries(
            database,
            batch.map(({ entry }) => entry),
        );
        this.#waiting.splice(0, batch.length);
        for (const { positions } of batch) for (const position of positions) wal.release(position);
    }
}
