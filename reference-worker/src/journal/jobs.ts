import { JournalError, REPORT_REMEDY } from './errors';
import type { Row, Sqlite } from './sqlite';
import { assertTransition, FINAL_STATES, JOB_STATES, type JobState } from './states';

/** What is known of a job when it is first seen. */
export interface NewJob {
    /** Raw address, `0:<64 hex>`. */
    job: string;
    /** 64 hexadecimal digits. */
    modelId: string;
    mode: 'open' | 'direct';
    items: number;
    /** The job's spec and identity as a bag of cells; ciphertext and commitments only. */
    spec: Buffer;
    details?: JobDetails;
}

/** What becomes known later. Amounts in nanoTON, deadlines in Unix seconds. */
export interface JobDetails {
    claimSeq?: bigint;
    claimNumber?: number;
    price?: bigint;
    collateral?: bigint;
    paid?: bigint;
    claimBy?: number;
    keyBy?: number;
    executeBy?: number;
    reviewBy?: number;
    /** Unix milliseconds before which nothing is tried; null: at once. */
    retryAt?: number | null;
    /** Code of the last error, never its text. */
    lastError?: string | null;
    /** Why the state is what it is: a code such as `price_too_low`. */
    reason?: string | null;
}

export interface JobRecord extends Omit<NewJob, 'details'>, JobDetails {
    state: JobState;
    attempts: number;
    /** Unix milliseconds. */
    seenAt: number;
    updatedAt: number;
}

const COLUMNS: Record<keyof JobDetails, string> = {
    claimSeq: 'claim_seq',
    claimNumber: 'claim_number',
    price: 'price',
    collateral: 'collateral',
    paid: 'paid',
    claimBy: 'claim_by',
    keyBy: 'key_by',
    executeBy: 'execute_by',
    reviewBy: 'review_by',
    retryAt: 'retry_at',
    lastError: 'last_error',
    reason: 'reason',
};

const AMOUNTS: ReadonlySet<string> = new Set(['claimSeq', 'price', 'collateral', 'paid']);

export class JobStore {
    readonly #db: Sqlite;
    readonly #now: () => number;

    constructor(db: Sqlite, now: () => number) {
        this.#db = db;
        this.#now = now;
    }

    /** Records a job as `seen`. False when it is already known, whatever its state: nothing changes then. */
    insertSeen(job: NewJob): boolean {
        const now = this.#now();
        const { changes } = this.#db.run(
            `INSERT INTO jobs (job, state, model_id, mode, items, spec, seen_at, updated_at)
                 VALUES (?, 'seen', ?, ?, ?, ?, ?, ?) ON CONFLICT (job) DO NOTHING`,
            job.job,
            job.modelId,
            job.mode,
            job.items,
            job.spec,
            now,
            now,
        );
        if (changes === 0) return false;
        if (job.details) this.update(job.job, job.details);
        return true;
    }

    get(job: string): JobRecord | undefined {
        const row = this.#db.get('SELECT * FROM jobs WHERE job = ?', job);
        return row && toRecord(row);
    }

    /** Jobs in any of the states, oldest first. */
    inStates(states: readonly JobState[], limit = 1000): JobRecord[] {
        const marks = states.map(() => '?').join(', ');
        const rows = this.#db.all(
            `SELECT * FROM jobs WHERE state IN (${marks}) ORDER BY seen_at, job LIMIT ?`,
            ...states,
            limit,
        );
        return rows.map(toRecord);
    }

    /** Jobs in any of the states that are due for a try (`retryAt` has come), oldest first. */
    due(states: readonly JobState[], limit = 100): JobRecord[] {
        const marks = states.map(() => '?').join(', ');
        const rows = this.#db.all(
            `SELECT * FROM jobs WHERE state IN (${marks}) AND (retry_at IS NULL OR retry_at <= ?)
                 ORDER BY seen_at, job LIMIT ?`,
            ...states,
            this.#now(),
            limit,
        );
        return rows.map(toRecord);
    }

    /** How many jobs are in any of the states, and the collateral that they lock, nanoTON. */
    locked(states: readonly JobState[]): { count: number; collateral: bigint } {
        const marks = states.map(() => '?').join(', ');
        const rows = this.#db.all(`SELECT collateral FROM jobs WHERE state IN (${marks})`, ...states);
        const collateral = rows.reduce(
            (sum, row) => sum + BigInt((row.collateral as string | null) ?? 0),
            0n,
        );
        return { count: rows.length, collateral };
    }

    /** How many jobs are in each state. */
    counts(): Record<JobState, number> {
        const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
        const rows = this.#db.all('SELECT state, count(*) AS n FROM jobs GROUP BY state');
        for (const row of rows) counts[row.state as JobState] = row.n as number;
        return counts;
    }

    /**
     * Moves a job to another state and records details with it, in one step.
     * @param from the state it must be in now. Throws {@link JournalError} `illegal_transition` otherwise.
     */
    transition(job: string, from: JobState, to: JobState, details: JobDetails = {}): void {
        assertTransition(job, from, to);
        const { columns, values } = assignments(details);
        const { changes } = this.#db.run(
            `UPDATE jobs SET ${['state = ?', 'updated_at = ?', ...columns].join(', ')} WHERE job = ? AND state = ?`,
            to,
            this.#now(),
            ...values,
            job,
            from,
        );
        if (changes === 1) return;
        const actual = this.get(job)?.state ?? 'unknown';
        throw new JournalError('illegal_transition', `job ${job} is ${actual}, not ${from}`, REPORT_REMEDY);
    }

    /** Records details without a change of state. */
    update(job: string, details: JobDetails): void {
        const { columns, values } = assignments(details);
        this.#db.run(
            `UPDATE jobs SET ${['updated_at = ?', ...columns].join(', ')} WHERE job = ?`,
            this.#now(),
            ...values,
            job,
        );
    }

    /** Counts a failed attempt and sets when to try again. Returns the attempts so far. */
    recordAttempt(job: string, errorCode: string, retryAt: number): number {
        this.#db.run(
            'UPDATE jobs SET attempts = attempts + 1, last_error = ?, retry_at = ?, updated_at = ? WHERE job = ?',
            errorCode,
            retryAt,
            this.#now(),
            job,
        );
        return this.get(job)?.attempts ?? 0;
    }

    /** Deletes finished jobs, with their results, that nothing has touched since `before` (Unix ms). Returns how many. */
    prune(before: number): number {
        const marks = FINAL_STATES.map(() => '?').join(', ');
        return this.#db.run(
            `DELETE FROM jobs WHERE state IN (${marks}) AND updated_at < ?`,
            ...FINAL_STATES,
            before,
        ).changes;
    }
}

function assignments(details: JobDetails): { columns: string[]; values: (string | number | null)[] } {
    const entries = Object.entries(details).filter(([, value]) => value !== undefined);
    return {
        columns: entries.map(([key]) => `${COLUMNS[key as keyof JobDetails]} = ?`),
        values: entries.map(([, value]) => (typeof value === 'bigint' ? value.toString() : value)),
    };
}

function toRecord(row: Row): JobRecord {
    const record: Row = {
        job: row.job,
        state: row.state,
        modelId: row.model_id,
        mode: row.mode,
        items: row.items,
        spec: row.spec,
        attempts: row.attempts,
        seenAt: row.seen_at,
        updatedAt: row.updated_at,
    };
    for (const [key, column] of Object.entries(COLUMNS)) {
        const value = row[column];
        if (value === null || value === undefined) continue;
        record[key] = AMOUNTS.has(key) ? BigInt(value as string) : value;
    }
    return record as unknown as JobRecord;
}
