import { bootId, endBoot, startBoot } from './boot';
import { GroupCommit } from './group-commit';
import { SessionPruning } from './session-pruning';
import {
    type AllocationKey,
    type AllocationRecord,
    type RequestRecord,
    sortable,
    toAllocation,
    toRequest,
} from './session-records';
import type { Sqlite } from './sqlite';
import { WalSync } from './wal-sync';

/** Rows of one request, frames or receipts. */
const ROWS = 2 ** 20;

export interface SessionStoreOptions {
    /** Current time, Unix milliseconds. */
    now: () => number;
    /** What names this start of the machine; by default as the system says. */
    boot?: string | undefined;
}

/**
 * Vouchers, receipts and sealed frames of sessions. The writing methods belong inside `commit`, which gathers the
 * changes of many requests; nothing may leave the process before its promise has resolved. No plaintext, no key.
 */
export class SessionStore {
    readonly pruning: SessionPruning;
    readonly #db: Sqlite;
    readonly #now: () => number;
    readonly #group: GroupCommit;
    readonly #wal: WalSync;
    #nextRequest: number;

    constructor(db: Sqlite, path: string, options: SessionStoreOptions) {
        this.#db = db;
        this.#now = options.now;
        this.#wal = new WalSync(path);
        this.#group = new GroupCommit(db, () => this.#wal.touch());
        this.pruning = new SessionPruning(db, ROWS);
        db.atomically(() => {
            if (startBoot(db, 'boot' in options ? options.boot : bootId())) this.#afterPowerFailure();
            this.#endInterrupted();
        });
        this.#nextRequest = Number(db.get('SELECT max(id) AS id FROM session_requests')!.id ?? 0) + 1;
    }

    /** Resolves once `change` is durable, together with all others of this turn of the event loop. */
    commit(change: () => void): Promise<void> {
        return this.#group.commit(change);
    }

    /** Resolves once all that was committed survives a power failure as well. */
    sync(): Promise<void> {
        return this.#wal.sync();
    }

    nextRequest(): number {
        return this.#nextRequest++;
    }

    find({ vault, slot, generation }: AllocationKey): AllocationRecord | undefined {
        const row = this.#db.get(
            'SELECT * FROM session_allocations WHERE vault = ? AND slot = ? AND generation = ?',
            ...[vault, slot, generation.toString()],
        );
        return row && toAllocation(row);
    }

    /** Allocations that the chain has not ended yet, as far as is known. */
    notClosed(): AllocationRecord[] {
        return this.#db.all(`SELECT * FROM session_allocations WHERE state <> 'closed'`).map(toAllocation);
    }

    insert(key: AllocationKey, claimed: bigint): AllocationRecord {
        const { vault, slot, generation } = key;
        this.#db.run(
            `INSERT INTO session_allocations (vault, slot, generation, cumulative, ended, claimed, state, highest, marked,
                 refused_through, updated_at) VALUES (?, ?, ?, '0', ?, ?, 'open', ?, ?, ?, ?)`,
            ...[vault, slot, generation.toString(), claimed.toString(), claimed.toString()],
            ...[sortable(0n), sortable(0n), sortable(0n), this.#now()],
        );
        return this.find(key)!;
    }

    save(record: AllocationRecord): void {
        this.#db.run(
            `UPDATE session_allocations SET cumulative = ?, signature = ?, ended = ?, claimed = ?, unredeemed_at = ?,
                 state = ?, highest = ?, marked = ?, updated_at = ? WHERE id = ?`,
            ...[record.cumulative.toString(), record.signature, record.ended.toString()],
            ...[record.claimed.toString(), record.unredeemedAt, record.state],
            ...[sortable(record.highest), sortable(record.marked), this.#now(), record.id],
        );
    }

    /** Requests of an allocation from a sequence on. */
    requestsFrom(allocation: number, sequence: bigint): RequestRecord[] {
        const rows = this.#db.all(
            'SELECT * FROM session_requests WHERE allocation = ? AND sequence >= ?',
            allocation,
            sortable(sequence),
        );
        return rows.map(toRequest);
    }

    begin({ id, allocation, sequence, digest }: Omit<RequestRecord, 'price'>): void {
        this.#db.run(
            'INSERT INTO session_requests (id, allocation, sequence, digest) VALUES (?, ?, ?, ?)',
            ...[id, allocation, sortable(sequence), digest],
        );
    }

    /** @param number of this piece of the answer, 0, 1, 2… */
    addFrames(request: number, number: number, sealed: Buffer): void {
        this.#db.run('INSERT INTO session_frames VALUES (?, ?)', request * ROWS + number, sealed);
        this.pruning.grow(sealed.length);
    }

    addReceipt(request: number, chunk: number, price: bigint, receipt: Buffer): void {
        this.#db.run(
            'INSERT INTO session_receipts VALUES (?, ?, ?)',
            request * ROWS + chunk,
            price.toString(),
            receipt,
        );
    }

    end(request: number, price: bigint): void {
        this.#db.run(
            'UPDATE session_requests SET price = ?, ended_at = ? WHERE id = ?',
            ...[price.toString(), this.#now(), request],
        );
    }

    /** The sealed frames of a request in order. */
    frames(request: number): Buffer[] {
        const rows = this.#db.all(
            'SELECT sealed FROM session_frames WHERE id BETWEEN ? AND ? ORDER BY id',
            ...[request * ROWS, (request + 1) * ROWS - 1],
        );
        return rows.map(({ sealed }) => sealed as Buffer);
    }

    /** The receipts of a request in order of their chunks. */
    receipts(request: number): Buffer[] {
        const rows = this.#db.all(
            'SELECT receipt FROM session_receipts WHERE id BETWEEN ? AND ? ORDER BY id',
            ...[request * ROWS, (request + 1) * ROWS - 1],
        );
        return rows.map(({ receipt }) => receipt as Buffer);
    }

    close(): void {
        this.#group.flush();
        this.#wal.close();
        endBoot(this.#db);
        this.#db.close();
    }

    /** What ran when the process died ends with what its last receipt says: that is what the client has signed for. */
    #endInterrupted(): void {
        for (const row of this.#db.all('SELECT * FROM session_requests WHERE ended_at IS NULL')) {
            const { id, allocation } = toRequest(row);
            const last = this.#db.get(
                'SELECT price FROM session_receipts WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1',
                ...[id * ROWS, (id + 1) * ROWS - 1],
            );
            const price = BigInt((last?.price as string | undefined) ?? 0);
            this.end(id, price);
            const known = this.#db.get('SELECT * FROM session_allocations WHERE id = ?', allocation)!;
            const record = toAllocation(known);
            this.save({ ...record, ended: record.ended + price });
        }
    }

    /** Of the sequences up to the mark, which was synced, it is not known any more which were used. */
    #afterPowerFailure(): void {
        this.#db.run('UPDATE session_allocations SET refused_through = marked');
    }
}
