import { systemCode } from '../errors';
import { JournalError, REPORT_REMEDY } from './errors';
import type { Row, Sqlite } from './sqlite';

export type Purpose =
    | 'claim'
    | 'submit'
    | 'decline'
    | 'finalize'
    | 'expire'
    | 'profile'
    /** Of a voucher; `job` is then the vault and the slot. */
    | 'redeem'
    | 'release'
    /** Of a dispute; `job` is then its address. */
    | 'answer'
    | 'seat'
    | 'reveal'
    | 'resolve';

/** What one internal message inside an external one is for. One external message may carry several. */
export interface OutboxAction {
    /** Raw address of the job, or of another contract that the action is about. */
    job: string;
    purpose: Purpose;
    /** Hash of the internal message's body, hexadecimal: how it is told from the others in the trace. */
    bodyHash?: string;
}

export interface NewOutboxMessage {
    /** Raw address of the sending wallet. */
    wallet: string;
    seqno: number;
    /** Unix seconds after which the network refuses it. */
    validUntil: number;
    /** The wallet's last logical time before signing: where the search for the message begins. */
    afterLt?: bigint;
    /** Normalised hash of the external message, hexadecimal: how it is found on chain. */
    hash: string;
    /** The signed external message: what is sent again after a restart. */
    boc: Buffer;
    actions: OutboxAction[];
}

/** `pending`: never handed to an RPC; `sent`: at least once; `confirmed`: its transaction was seen; `expired`: it never will be. */
export type OutboxState = 'pending' | 'sent' | 'confirmed' | 'expired';

export interface OutboxMessage extends NewOutboxMessage {
    id: number;
    state: OutboxState;
    sends: number;
    /** Logical time and hash of the wallet's transaction, once confirmed. */
    lt?: bigint;
    txHash?: string;
}

/**
 * External messages, recorded before they are sent. At most one is live (`pending` or `sent`) per wallet: the next is
 * signed only after this one is confirmed or known to have expired, so no action is ever carried twice.
 */
export class Outbox {
    readonly #db: Sqlite;
    readonly #now: () => number;

    constructor(db: Sqlite, now: () => number) {
        this.#db = db;
        this.#now = now;
    }

    /** The wallet's live message: send it again, or find out what became of it, before making another. */
    live(wallet: string): OutboxMessage | undefined {
        const row = this.#db.get(
            `SELECT * FROM outbox WHERE wallet = ? AND state IN ('pending', 'sent')`,
            wallet,
        );
        return row && this.#toMessage(row);
    }

    /** Records a message as `pending`. Throws {@link JournalError} `outbox_conflict` while another is live. */
    add(message: NewOutboxMessage): OutboxMessage {
        return this.#db.atomically(() => {
            const id = this.#insert(message);
            for (const { job, purpose, bodyHash } of message.actions) {
                this.#db.run(
                    'INSERT INTO outbox_actions (message, job, purpose, body_hash) VALUES (?, ?, ?, ?)',
                    id,
                    job,
                    purpose,
                    bodyHash ?? '',
                );
            }
            return this.get(id)!;
        });
    }

    get(id: number): OutboxMessage | undefined {
        const row = this.#db.get('SELECT * FROM outbox WHERE id = ?', id);
        return row && this.#toMessage(row);
    }

    /** Counts one hand-over to an RPC. Called *before* it, so that a crash in between errs to the safe side. */
    markSent(id: number): void {
        this.#change(id, `state = 'sent', sends = sends + 1`, []);
    }

    /** The wallet has executed it. */
    confirm(id: number, transaction?: { lt: bigint; hash: string }): void {
        if (!transaction) {
            this.#change(id, `state = 'confirmed'`, []);
            return;
        }
        this.#change(id, `state = 'confirmed', lt = ?, tx_hash = ?`, [
            transaction.lt.toString(),
            transaction.hash,
        ]);
    }

    /** It is certain that the message will never be executed: valid_until passed, or the seqno was used by another. */
    expire(id: number): void {
        this.#change(id, `state = 'expired'`, []);
    }

    /** The last message that carried an action. */
    latest(job: string, purpose: Purpose): OutboxMessage | undefined {
        return this.history(job, purpose).at(-1);
    }

    /** All messages that carried an action, oldest first. */
    history(job: string, purpose: Purpose): OutboxMessage[] {
        const rows = this.#db.all(
            `SELECT outbox.* FROM outbox JOIN outbox_actions ON message = id
                 WHERE job = ? AND purpose = ? ORDER BY id`,
            job,
            purpose,
        );
        return rows.map((row) => this.#toMessage(row));
    }

    /** Deletes finished messages that nothing has touched since `before` (Unix ms). Returns how many. */
    prune(before: number): number {
        return this.#db.run(
            `DELETE FROM outbox WHERE state IN ('confirmed', 'expired') AND updated_at < ?`,
            before,
        ).changes;
    }

    #insert({ wallet, seqno, validUntil, afterLt = 0n, hash, boc }: NewOutboxMessage): number {
        const now = this.#now();
        try {
            return this.#db.run(
                `INSERT INTO outbox (wallet, seqno, valid_until, after_lt, hash, boc, state, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
                ...[wallet, seqno, validUntil, afterLt.toString(), hash, boc, now, now],
            ).id;
        } catch (error) {
            if (!systemCode(error)?.startsWith('SQLITE_CONSTRAINT')) throw error;
            throw conflict(`wallet ${wallet} already has a live message, or this one is already recorded`);
        }
    }

    #change(id: number, assignment: string, values: string[]): void {
        const { changes } = this.#db.run(
            `UPDATE outbox SET ${assignment}, updated_at = ? WHERE id = ? AND state IN ('pending', 'sent')`,
            ...values,
            this.#now(),
            id,
        );
        if (changes === 0) throw conflict(`outbox message ${id} is not live`);
    }

    #toMessage(row: Row): OutboxMessage {
        const actions = this.#db.all(
            'SELECT job, purpose, body_hash FROM outbox_actions WHERE message = ? ORDER BY rowid',
            row.id as number,
        );
        return {
            id: row.id as number,
            wallet: row.wallet as string,
            seqno: row.seqno as number,
            validUntil: row.valid_until as number,
            afterLt: BigInt(row.after_lt as string),
            hash: row.hash as string,
            boc: row.boc as Buffer,
            actions: actions.map((action) => ({
                job: action.job as string,
                purpose: action.purpose as Purpose,
                ...(action.body_hash ? { bodyHash: action.body_hash as string } : {}),
            })),
            state: row.state as OutboxState,
            sends: row.sends as number,
            ...(row.lt === null ? {} : { lt: BigInt(row.lt as string), txHash: row.tx_hash as string }),
        };
    }
}

function conflict(message: string): JournalError {
    return new JournalError('outbox_conflict', message, REPORT_REMEDY);
}
