import type { ServedModelInfo } from 'cocoon-sdk';
import type { GatewayConfig } from '../config';
import type { GatewayContext } from '../context';
import { reserveIn } from '../ledger';
import type { HeldBatch } from './held-batch';
import { insertJobs } from './job-rows';
import type { BatchLine, FileProblem } from './lines';
import { fitsJob, planJobs } from './plan';
import { budgetOwner, problemList } from './store';

type Problem = Omit<FileProblem, 'line'> & { line: number | null };

/** Plans the jobs of a batch and reserves what they can cost, or fails the batch with what is wrong. */
export async function validate(context: GatewayContext, batch: HeldBatch): Promise<void> {
    const { lines, problems } = await batch.lines();
    if (problems.length > 0) return reject(batch, problems);
    const config = context.config.batches;
    const models = new Map((await context.models.list()).map((model) => [model.name, model]));
    const planned = planJobs(
        lines.filter((line) => canRun(line, models, config)),
        { config, models },
    );
    const wanted = planned.reduce((sum, { maxPrice }) => sum + maxPrice, 0n);
    const { id, key_id: key } = batch.row;
    const affordable = await batch.guarded(async (tx, status) => {
        if (status !== 'validating') return true;
        const reserved =
            wanted > 0n && (await reserveIn(tx, { owner: budgetOwner(id), key, wanted, whole: true }));
        if (reserved && reserved.amount < wanted) return false;
        await insertJobs(tx, id, planned);
        await tx.query(
            `UPDATE batches SET status = 'in_progress', in_progress_at = clock_timestamp(), total = $2 WHERE id = $1`,
            [id, lines.length],
        );
        return true;
    });
    if (affordable) return;
    await reject(batch, [
        {
            line: null,
            param: null,
            code: 'budget_exceeded',
            message: `The batch can cost ${wanted} nanoTON, which is more than is left of the budget of the API key.`,
        },
    ]);
}

function canRun(
    line: BatchLine,
    models: ReadonlyMap<string, ServedModelInfo>,
    { publicUrl }: GatewayConfig['batches'],
): boolean {
    return line.error === undefined && models.has(line.model) && fitsJob(line, publicUrl);
}

async function reject(batch: HeldBatch, problems: readonly Problem[]): Promise<void> {
    await batch.guarded((tx) =>
        tx.query(
            `UPDATE batches SET status = 'failed', failed_at = clock_timestamp(), errors = $2
             WHERE id = $1 AND status = 'validating'`,
            [batch.id, problemList(problems)],
        ),
    );
}
