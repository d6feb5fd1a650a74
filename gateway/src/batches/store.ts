import { randomBytes } from 'node:crypto';
import type { Database, Queryable } from '../db';
import { ApiError } from '../http/api-error';
import type { Sealer } from '../sealer';
import type { FileProblem } from './lines';

export type BatchStatus =
    | 'validating'
    | 'failed'
    | 'in_progress'
    | 'finalizing'
    | 'completed'
    | 'expired'
    | 'cancelling'
    | 'cancelled';

const AT_WORK = `('validating', 'in_progress', 'finalizing', 'cancelling')`;

export type BatchRow = {
    id: string;
    key_id: string;
    endpoint: string;
    input_file_id: string;
    output_file_id: string | null;
    error_file_id: string | null;
    completion_window: string;
    sealed_metadata: Buffer | null;
    status: BatchStatus;
    errors: string | null;
    total: number;
    completed: number;
    failed: number;
    created_at: Date;
    expires_at: Date;
    in_progress_at: Date | null;
    finalizing_at: Date | null;
    completed_at: Date | null;
    failed_at: Date | null;
    expired_at: Date | null;
    cancelling_at: Date | null;
    cancelled_at: Date | null;
    fence: bigint;
};

export interface NewBatch {
    keyId: string;
    endpoint: string;
    inputFileId: string;
    metadata: Record<string, string> | undefined;
}

/** The owner of a batch's budget block. */
export const budgetOwner = (id: string) => `batch:${id}`;

export async function createBatch(database: Database, sealer: Sealer, batch: NewBatch): Promise<BatchRow> {
    const id = `batch_${randomBytes(16).toString('hex')}`;
    const { rows } = await database.query<BatchRow>(
        `INSERT INTO batches (id, key_id, endpoint, input_file_id, completion_window, sealed_metadata, status, expires_at)
         VALUES ($1, $2, $3, $4, '24h', $5, 'validating', clock_timestamp() + interval '24 hours') RETURNING *`,
        [
            id,
            batch.keyId,
            batch.endpoint,
            batch.inputFileId,
            batch.metadata ? sealer.seal('batch metadata', id, JSON.stringify(batch.metadata)) : null,
        ],
    );
    return rows[0]!;
}

/** Throws ApiError `batch_not_found`, also for a batch of another key. */
export async function getBatch(database: Queryable, keyId: string, id: string): Promise<BatchRow> {
    const { rows } = await database.query<BatchRow>('SELECT * FROM batches WHERE id = $1 AND key_id = $2', [
        id,
        keyId,
    ]);
    if (rows[0] === undefined) throw new ApiError('batch_not_found');
    return rows[0];
}

/** Newest first. */
export async function listBatches(
    database: Database,
    keyId: string,
    limit: number,
    after?: string,
): Promise<BatchRow[]> {
    const { rows } = await database.query<BatchRow>(
        `SELECT * FROM batches b WHERE key_id = $1
         AND ($3::text IS NULL OR (created_at, id) < (SELECT a.created_at, a.id FROM batches a WHERE a.id = $3))
         ORDER BY created_at DESC, id DESC LIMIT $2`,
        [keyId, limit, after ?? null],
    );
    return rows;
}

/** Asks for the end of a batch. Throws ApiError. */
export async function cancelBatch(database: Database, keyId: string, id: string): Promise<BatchRow> {
    const { rows } = await database.query<BatchRow>(
        `UPDATE batches SET status = 'cancelling', cancelling_at = clock_timestamp()
         WHERE id = $1 AND key_id = $2 AND status IN ('validating', 'in_progress') RETURNING *`,
        [id, keyId],
    );
    if (rows[0]) return rows[0];
    const batch = await getBatch(database, keyId, id);
    if (batch.status === 'cancelling' || batch.status === 'cancelled') return batch;
    throw new ApiError('batch_not_cancellable', { message: `The batch is ${batch.status}.` });
}

/**
 * Batches that nobody works at, leased to this process: like channels, by owner and fence. Those of `busy` are at work here.
 */
export async function leaseBatches(
    database: Database,
    process: string,
    busy: readonly string[],
): Promise<BatchRow[]> {
    const { rows } = await database.query<BatchRow>(
        `UPDATE batches SET owner = $1, fence = fence + 1 WHERE id IN (
            SELECT b.id FROM batches b WHERE b.status IN ${AT_WORK} AND NOT (b.id = ANY($2::text[]))
            AND (b.owner IS NULL OR b.owner = $1
                OR NOT EXISTS (SELECT 1 FROM processes p WHERE p.id = b.owner AND p.ended_at IS NULL))
            ORDER BY b.created_at LIMIT 16 FOR UPDATE SKIP LOCKED)
         RETURNING *`,
        [process, busy],
    );
    return rows;
}

/** Errors as the OpenAI API lists them. */
export function problemList(
    problems: readonly (Omit<FileProblem, 'line'> & { line: number | null })[],
): string {
    return JSON.stringify({ object: 'list', data: problems });
}
