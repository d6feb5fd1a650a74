import { sortable } from './session-records';
import type { Sqlite } from './sqlite';

/** Requests that one call looks at, so that the event loop is never held up for long. */
const STEP = 4_000;
/** Requests that go at once when there is too much. */
const SHRINK_STEP = 200;

/**
 * Deletes of sessions what nobody can ask for any more. Rows of a request lie together and requests in order of their
 * start, so what is old goes as one range.
 */
export class SessionPruning {
    readonly #db: Sqlite;
    readonly #rows: number;
    /** Of all frames. */
    #bytes: number;
    /** Requests below have no frames, or no receipts, any more. */
    #framesFrom: number;
    #receiptsFrom: number;

    /** @param rows of one request in the tables of frames and receipts. */
    constructor(db: Sqlite, rows: number) {
        this.#db = db;
        this.#rows = rows;
        this.#bytes = Number(db.get('SELECT sum(length(sealed)) AS n FROM session_frames')!.n ?? 0);
        this.#framesFrom = this.#first('session_frames');
        this.#receiptsFrom = this.#first('session_receipts');
    }

    /** Of all sealed frames. */
    get bytes(): number {
        return this.#bytes;
    }

    /** Frames were added. */
    grow(bytes: number): void {
        this.#bytes += bytes;
    }

    /**
     * Deletes the frames of requests that ended before `before` (Unix ms), and beyond that the oldest until all of them
     * together have at most `maxBytes`.
     */
    frames(before: number, maxBytes: number): void {
        this.#db.atomically(() => {
            this.#dropFrames(this.#endedBefore(this.#framesFrom, before, STEP));
            while (this.#bytes > maxBytes) {
                const end = this.#endedBefore(this.#framesFrom, Number.MAX_SAFE_INTEGER, SHRINK_STEP);
                if (end === this.#framesFrom) return;
                this.#dropFrames(end);
            }
        });
    }

    /** Deletes the receipts of requests that ended before `before` (Unix ms). */
    receipts(before: number): void {
        const end = this.#endedBefore(this.#receiptsFrom, before, STEP);
        this.#db.run('DELETE FROM session_receipts WHERE id < ?', end * this.#rows);
        this.#receiptsFrom = end;
    }

    /** Deletes requests that ended before `before` and lie below the window of sequences. Returns how many. */
    requests(before: number, window: bigint): number {
        return this.#db.atomically(() => {
            let count = 0;
            for (const { id, highest } of this.#db.all('SELECT id, highest FROM session_allocations')) {
                const floor = BigInt(highest as string) - window;
                if (floor <= 0n) continue;
                count += this.#db.run(
                    `DELETE FROM session_requests WHERE id IN (SELECT id FROM session_requests
                         WHERE allocation = ? AND sequence < ? AND ended_at < ? LIMIT ${STEP})`,
                    ...[id as number, sortable(floor), before],
                ).changes;
            }
            return count;
        });
    }

    /** Deletes allocations that were closed before `before`, with their requests. Returns how many. */
    allocations(before: number): number {
        const closed = `SELECT id FROM session_allocations WHERE state = 'closed' AND updated_at < ?`;
        return this.#db.atomically(() => {
            this.#db.run(`DELETE FROM session_requests WHERE allocation IN (${closed})`, before);
            return this.#db.run(`DELETE FROM session_allocations WHERE id IN (${closed})`, before).changes;
        });
    }

    /** The first request from `from` on that did not end before, or the one after the last that was looked at. */
    #endedBefore(from: number, before: number, limit: number): number {
        const rows = this.#db.all(
            'SELECT id, ended_at FROM session_requests WHERE id >= ? ORDER BY id LIMIT ?',
            ...[from, limit],
        );
        const kept = rows.find(({ ended_at }) => ended_at === null || (ended_at as number) >= before);
        if (kept) return kept.id as number;
        return rows.length === 0 ? from : (rows.at(-1)!.id as number) + 1;
    }

    #dropFrames(end: number): void {
        const below = end * this.#rows;
        const sum = this.#db.get('SELECT sum(length(sealed)) AS n FROM session_frames WHERE id < ?', below);
        this.#db.run('DELETE FROM session_frames WHERE id < ?', below);
        this.#bytes -= Number(sum!.n ?? 0);
        this.#framesFrom = end;
    }

    #first(table: 'session_frames' | 'session_receipts'): number {
        const row = this.#db.get(`SELECT min(id) AS id FROM ${table}`);
        return Math.floor(Number(row!.id ?? 0) / this.#rows);
    }
}
