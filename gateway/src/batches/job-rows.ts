import type { Queryable } from '../db';
import type { PlannedJob } from './plan';

export type BatchJobState = 'planned' | 'prepared' | 'posted' | 'done' | 'failed';

export type BatchJobRow = {
    number: number;
    model: string;
    /** JSON list of line indexes. */
    lines: string;
    max_price: bigint;
    state: BatchJobState;
    attempts: number;
    address: string | null;
    sealed_messages: Buffer | null;
    sealed_results: Buffer | null;
    price: bigint | null;
    node: string | null;
    error: string | null;
};

export async function readJobs(database: Queryable, batch: string): Promise<BatchJobRow[]> {
    const { rows } = await database.query<BatchJobRow>(
        'SELECT * FROM batch_jobs WHERE batch_id = $1 ORDER BY number',
        [batch],
    );
    return rows;
}

export async function insertJobs(tx: Queryable, batch: string, jobs: readonly PlannedJob[]): Promise<void> {
    await tx.query(
        `INSERT INTO batch_jobs (batch_id, number, model, lines, max_price, state)
         SELECT $1, r.number, r.model, r.lines, r.price, 'planned'
         FROM jsonb_to_recordset($2::text::jsonb) AS r(number integer, model text, lines text, price bigint)
         ON CONFLICT DO NOTHING`,
        [
            batch,
            JSON.stringify(
                jobs.map(({ model, lines, maxPrice }, number) => ({
                    number,
                    model,
                    lines: JSON.stringify(lines),
                    price: maxPrice.toString(),
                })),
            ),
        ],
    );
}

/** Writes what can change in a job. */
export async function saveJob(tx: Queryable, batch: string, job: BatchJobRow): Promise<void> {
    await tx.query(
        `UPDATE batch_jobs SET state = $3, attempts = $4, address = $5, sealed_messages = $6,
            sealed_results = $7, price = $8, node = $9, error = $10 WHERE batch_id = $1 AND number = $2`,
        [
            batch,
            job.number,
            job.state,
            job.attempts,
            job.address,
            job.sealed_messages,
            job.sealed_results,
            job.price,
            job.node,
            job.error,
        ],
    );
}
