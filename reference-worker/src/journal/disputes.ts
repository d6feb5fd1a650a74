import type { Row, Sqlite } from './sqlite';

/** What this node is in a dispute. */
export type DisputeRole = 'juror' | 'accused';

export interface NewDispute {
    /** Raw address, `0:<64 hex>`. */
    dispute: string;
    role: DisputeRole;
    /** Raw address of the accused's job; absent for sessions, and for jurors. */
    job?: string;
}

export interface DisputeRecord extends NewDispute {
    /** Failed looks in a row. */
    attempts: number;
    /** Unix milliseconds before which nothing is done; absent: at once. */
    retryAt?: number;
    /** Code of the last error, never its text. */
    lastError?: string;
    /** Why there is nothing more to do: a code such as `resolved`; absent while there is. */
    outcome?: string;
    /** The Node was told of the verdict, and what it lost is counted. */
    settled: boolean;
}

/** Disputes that the node judges or is accused in. What is due in them the chain says, so that only their names are here. */
export class DisputeStore {
    readonly #db: Sqlite;
    readonly #now: () => number;

    constructor(db: Sqlite, now: () => number) {
        this.#db = db;
        this.#now = now;
    }

    /** False when it is known already: nothing changes then. */
    insert({ dispute, role, job }: NewDispute): boolean {
        const { changes } = this.#db.run(
            'INSERT INTO disputes (dispute, role, job, seen_at) VALUES (?, ?, ?, ?) ON CONFLICT (dispute) DO NOTHING',
            dispute,
            role,
            job ?? null,
            this.#now(),
        );
        return changes === 1;
    }

    get(dispute: string): DisputeRecord | undefined {
        const row = this.#db.get('SELECT * FROM disputes WHERE dispute = ?', dispute);
        return row && toRecord(row);
    }

    /** Disputes in which something is or will be due, oldest first. */
    open(role: DisputeRole): DisputeRecord[] {
        return this.#db
            .all('SELECT * FROM disputes WHERE role = ? AND outcome IS NULL ORDER BY seen_at, dispute', role)
            .map(toRecord);
    }

    /** The open ones that are due for a look. */
    due(role: DisputeRole): DisputeRecord[] {
        const now = this.#now();
        return this.open(role).filter(({ retryAt = 0 }) => retryAt <= now);
    }

    /** A look went well; the next one is at `at`, Unix milliseconds. */
    lookAgain(dispute: string, at: number): void {
        this.#db.run(
            'UPDATE disputes SET retry_at = ?, attempts = 0, last_error = NULL WHERE dispute = ?',
            Math.ceil(at),
            dispute,
        );
    }

    /** A look failed; the next one is at `at`, Unix milliseconds. */
    failed(dispute: string, code: string, at: number): void {
        this.#db.run(
            'UPDATE disputes SET retry_at = ?, attempts = attempts + 1, last_error = ? WHERE dispute = ?',
            Math.ceil(at),
            code,
            dispute,
        );
    }

    /** There is nothing more to do. */
    close(dispute: string, outcome: string): void {
        this.#db.run(
            'UPDATE disputes SET outcome = ?, retry_at = NULL, closed_at = ? WHERE dispute = ?',
            outcome,
            this.#now(),
            dispute,
        );
    }

    /** What the verdict cost is counted. */
    settle(dispute: string): void {
        this.#db.run('UPDATE disputes SET settled = 1 WHERE dispute = ?', dispute);
    }

    /** Deletes what was closed before `before` (Unix ms). */
    prune(before: number): void {
        this.#db.run('DELETE FROM disputes WHERE closed_at < ?', before);
    }
}

function toRecord(row: Row): DisputeRecord {
    const record: DisputeRecord = {
        dispute: row.dispute as string,
        role: row.role as DisputeRole,
        attempts: row.attempts as number,
        settled: row.settled === 1,
    };
    if (row.job !== null) record.job = row.job as string;
    if (row.retry_at !== null) record.retryAt = row.retry_at as number;
    if (row.last_error !== null) record.lastError = row.last_error as string;
    if (row.outcome !== null) record.outcome = row.outcome as string;
    return record;
}
