import { createHash } from 'node:crypto';
import type { ChatResult } from 'cocoon-sdk';
import type { GatewayContext } from '../context';
import type { Queryable } from '../db';
import type { Draft, Files } from '../files';
import { insertEntries, settleBlocks } from '../ledger';
import { ledgerEntries } from './accounts';
import { type BatchJobRow, readJobs } from './job-rows';
import type { BatchLine } from './lines';
import { outcomeOf, outputLine } from './output';
import { type BatchRow, budgetOwner } from './store';

export interface FinalizeParts {
    context: GatewayContext;
    files: Files;
    batch: BatchRow;
    lines: readonly BatchLine[];
    guarded: <T>(change: (tx: Queryable) => Promise<T>) => Promise<T>;
}

/** Writes the files of a batch whose jobs are over, books what they cost, and ends it. Can be done again after a crash. */
export async function finalize({ context, files, batch, lines, guarded }: FinalizeParts): Promise<void> {
    const { database, sealer } = context;
    const jobs = await readJobs(database, batch.id);
    const answers = new Map<number, ChatResult>();
    for (const job of jobs) {
        if (job.sealed_results === null) continue;
        const results: ChatResult[] = JSON.parse(
            sealer.open('job results', `${batch.id}:${job.number}`, job.sealed_results).toString(),
        );
        for (const [position, index] of linesOf(job).entries()) answers.set(index, results[position]!);
    }
    const codes = new Map(jobs.flatMap((job) => linesOf(job).map((index) => [index, job.error] as const)));
    const outcomes = lines.map((line) => outcomeOf(line, answers.get(line.index), codes.get(line.index)));
    const good = outcomes.filter(({ answer }) => answer !== undefined);
    const bad = outcomes.filter(({ answer }) => answer === undefined);
    const output = await write(
        files,
        batch,
        'output',
        good.map((outcome) => outputLine(batch, outcome)),
    );
    const errors = await write(
        files,
        batch,
        'error',
        bad.map((outcome) => outputLine(batch, outcome)),
    );
    const entries = await ledgerEntries(database, batch, jobs, answers);
    await guarded(async (tx) => {
        await insertEntries(tx, entries);
        await settleBlocks(tx, budgetOwner(batch.id));
        const { status, column } = endOf(batch, jobs);
        await tx.query(
            `UPDATE batches SET status = $2, ${column} = clock_timestamp(), output_file_id = $3, error_file_id = $4,
                completed = $5, failed = $6, owner = NULL WHERE id = $1`,
            [batch.id, status, output, errors, good.length, bad.length],
        );
    });
}

/** Undefined for no lines: then there is no file. The id follows from the batch, so that a repetition replaces it. */
async function write(
    files: Files,
    batch: BatchRow,
    kind: 'output' | 'error',
    lines: readonly string[],
): Promise<string | null> {
    if (lines.length === 0) return null;
    const id = `file-${createHash('sha256').update(`${batch.id}:${kind}`).digest('hex').slice(0, 32)}`;
    const draft: Draft = await files.write(
        lines.map((line) => Buffer.from(`${line}\n`)),
        id,
    );
    await files.keep(draft, {
        keyId: batch.key_id,
        purpose: 'batch_output',
        name: `${batch.id}_${kind}.jsonl`,
    });
    return id;
}

function endOf(batch: BatchRow, jobs: readonly BatchJobRow[]) {
    if (batch.cancelling_at !== null) return { status: 'cancelled', column: 'cancelled_at' };
    if (jobs.some(({ error }) => error === 'batch_expired'))
        return { status: 'expired', column: 'expired_at' };
    return { status: 'completed', column: 'completed_at' };
}

function linesOf(job: BatchJobRow): number[] {
    return JSON.parse(job.lines) as number[];
}
