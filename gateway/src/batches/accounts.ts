import type { ChatResult } from 'cocoon-sdk';
import type { Database } from '../db';
import type { LedgerEntry } from '../ledger';
import type { BatchJobRow } from './job-rows';
import { type BatchRow, budgetOwner } from './store';

/** The ledger rows of a batch, one for each answer; a job's price is spread over its answers by their tokens. */
export async function ledgerEntries(
    database: Database,
    batch: BatchRow,
    jobs: readonly BatchJobRow[],
    answers: ReadonlyMap<number, ChatResult>,
): Promise<LedgerEntry[]> {
    const { rows } = await database.query<{ period_start: Date }>(
        'SELECT period_start FROM budget_blocks WHERE owner = $1 LIMIT 1',
        [budgetOwner(batch.id)],
    );
    const period = rows[0]?.period_start.toISOString() ?? null;
    return jobs.flatMap((job) => {
        if (job.price === null) return [];
        const lines = JSON.parse(job.lines) as number[];
        const results = lines.map((index) => answers.get(index)!);
        const prices = spread(job.price, results.map(tokensOf));
        return lines.map((index, position): LedgerEntry => {
            const { usage, finishReason, error } = results[position]!;
            const price = prices[position]!.toString();
            return {
                id: `${batch.id}:${index}`,
                at: (batch.in_progress_at ?? batch.created_at).getTime(),
                key: batch.key_id,
                process: budgetOwner(batch.id),
                kind: 'batch',
                model: job.model,
                node: job.node,
                promptTokens: usage.promptTokens,
                cachedTokens: 0,
                completionTokens: usage.completionTokens,
                price,
                status: finishReason === 'error' ? (error ?? 'engine_failed') : 'ok',
                firstTokenMs: null,
                totalMs: null,
                period,
                charge: period === null ? '0' : price,
            };
        });
    });
}

function tokensOf({ usage }: ChatResult): bigint {
    return BigInt(usage.promptTokens + usage.completionTokens);
}

/** Parts of `total` in proportion to `weights`, which sum up to it exactly. */
function spread(total: bigint, weights: readonly bigint[]): bigint[] {
    const sum = weights.reduce((all, weight) => all + weight, 0n);
    let weighed = 0n;
    let given = 0n;
    return weights.map((weight, index) => {
        weighed += weight;
        const upTo =
            sum === 0n ? (total * BigInt(index + 1)) / BigInt(weights.length) : (total * weighed) / sum;
        const part = upTo - given;
        given = upTo;
        return part;
    });
}
