import { type ChatResult, isCocoonError, type ServedModelInfo } from 'cocoon-sdk';
import type { GatewayContext } from '../context';
import type { Queryable } from '../db';
import { messageOf } from '../errors';
import type { Files } from '../files';
import { reserveIn } from '../ledger';
import { finalize } from './finalize';
import type { BatchJobs } from './jobs';
import { type BatchLine, type FileProblem, type ReadLines, readLines } from './lines';
import { fitsJob, planJobs } from './plan';
import { publisher } from './publish';
import { type BatchJobRow, type BatchRow, budgetOwner, insertJobs, problemList, readJobs } from './store';

export interface WorkParts {
    context: GatewayContext;
    files: Files;
    jobs: BatchJobs;
    /** Waits; rejects when the signal fires. */
    sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Another process has the batch now: nothing may be written any more. */
export class BatchLostError extends Error {}

const LOOK_MS = 2_000;
const RETRY_MS = 5_000;

/** One process's work at one batch, from whatever state it is in to its end. Every state is in the database. */
export class BatchWork {
    readonly #parts: WorkParts;
    readonly #signal: AbortSignal;
    #batch: BatchRow;
    #read: ReadLines | undefined;
    /** Fires when jobs that nobody claimed are to be taken back: the batch was cancelled or is too late. */
    #stopping = new AbortController();
    #stopCode = 'batch_cancelled';

    constructor(parts: WorkParts, batch: BatchRow, signal: AbortSignal) {
        this.#parts = parts;
        this.#batch = batch;
        this.#signal = signal;
    }

    /** Throws BatchLostError, and what the database throws; then the batch is taken up again later. */
    async run(): Promise<void> {
        while (!this.#signal.aborted) {
            switch (this.#batch.status) {
                case 'validating':
                    await this.#validate();
                    break;
                case 'in_progress':
                case 'cancelling':
                    await this.#work();
                    break;
                case 'finalizing':
                    await finalize({
                        ...this.#parts,
                        batch: this.#batch,
                        lines: (await this.#lines()).lines,
                        guarded: (change) => this.#guarded(change),
                    });
                    break;
                default:
                    return;
            }
            await this.#reload();
        }
    }

    async #validate(): Promise<void> {
        const { context } = this.#parts;
        const { lines, problems } = await this.#lines();
        if (problems.length > 0) return this.#reject(problems);
        const models = new Map((await context.models.list()).map((model) => [model.name, model]));
        const good = lines.filter((line) => !this.#whyNot(line, models));
        const planned = planJobs(good, { config: context.config.batches, models });
        const wanted = planned.reduce((sum, { maxPrice }) => sum + maxPrice, 0n);
        const { id, key_id: key } = this.#batch;
        const affordable = await this.#guarded(async (tx, status) => {
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
        if (!affordable) {
            await this.#reject([
                {
                    line: null,
                    param: null,
                    code: 'budget_exceeded',
                    message: `The batch can cost ${wanted} nanoTON, which is more than is left of the budget of the API key.`,
                },
            ]);
        }
    }

    #whyNot(line: BatchLine, models: ReadonlyMap<string, ServedModelInfo>): boolean {
        const { config } = this.#parts.context;
        return (
            line.error !== undefined || !models.has(line.model) || !fitsJob(line, config.batches.publicUrl)
        );
    }

    async #reject(problems: readonly (Omit<FileProblem, 'line'> & { line: number | null })[]): Promise<void> {
        await this.#guarded((tx) =>
            tx.query(
                `UPDATE batches SET status = 'failed', failed_at = clock_timestamp(), errors = $2
                 WHERE id = $1 AND status = 'validating'`,
                [this.#batch.id, problemList(problems)],
            ),
        );
    }

    async #work(): Promise<void> {
        const { context } = this.#parts;
        const { database, config } = context;
        const waiting = await readJobs(database, this.#batch.id);
        const over = new AbortController();
        const watch = this.#watch(over.signal);
        try {
            // Lanes take the next job each; the first failure ends all, and the batch is taken up again.
            const lanes = Array.from({ length: config.batches.concurrentJobs }, async () => {
                for (let job = waiting.shift(); job && !this.#signal.aborted; job = waiting.shift()) {
                    await this.#advance(job);
                }
            });
            await Promise.all(lanes);
        } finally {
            over.abort();
            await watch;
        }
        if (this.#signal.aborted) return;
        await this.#guarded((tx) =>
            tx.query(
                `UPDATE batches SET status = 'finalizing', finalizing_at = clock_timestamp()
                 WHERE id = $1 AND status IN ('in_progress', 'cancelling')`,
                [this.#batch.id],
            ),
        );
    }

    /** Sees that the batch was cancelled, or that its time is over. */
    async #watch(over: AbortSignal): Promise<void> {
        const { context, sleep } = this.#parts;
        while (!over.aborted) {
            try {
                const { rows } = await context.database.query<{ cancelling: boolean; late: boolean }>(
                    `SELECT status = 'cancelling' AS cancelling, expires_at <= clock_timestamp() AS late
                     FROM batches WHERE id = $1`,
                    [this.#batch.id],
                );
                if (rows[0]?.cancelling || rows[0]?.late) {
                    this.#stopCode = rows[0].cancelling ? 'batch_cancelled' : 'batch_expired';
                    this.#stopping.abort();
                    return;
                }
                await sleep(LOOK_MS, over);
            } catch (error) {
                if (over.aborted) return;
                context.logger.warn({ reason: messageOf(error) }, 'a batch could not be looked at');
            }
        }
    }

    /** Brings one job to its end. */
    async #advance(job: BatchJobRow): Promise<void> {
        const { context, sleep } = this.#parts;
        while (job.state !== 'done' && job.state !== 'failed' && !this.#signal.aborted) {
            try {
                await this.#step(job);
            } catch (error) {
                if (error instanceof BatchLostError || this.#signal.aborted) throw error;
                const code = isCocoonError(error) ? error.code : messageOf(error);
                context.logger.warn(
                    { batch: this.#batch.id, job: job.number, code },
                    'a job of a batch waits',
                );
                await sleep(RETRY_MS, this.#signal);
            }
        }
    }

    async #step(job: BatchJobRow): Promise<void> {
        const { jobs, context } = this.#parts;
        if (job.state === 'planned') {
            return this.#stopping.signal.aborted ? this.#fail(job, this.#stopCode) : this.#prepare(job);
        }
        const address = job.address!;
        if (this.#stopping.signal.aborted && (await jobs.cancel(address)))
            return this.#fail(job, this.#stopCode);
        if (job.state === 'prepared') {
            const messages = context.sealer
                .open('job messages', this.#row(job), job.sealed_messages!)
                .toString();
            await jobs.post({ address, messages });
            return this.#save(job, { state: 'posted' });
        }
        await this.#finish(job, address);
    }

    async #prepare(job: BatchJobRow): Promise<void> {
        const { jobs, context } = this.#parts;
        const { lines } = await this.#lines();
        const model = (await context.models.list()).find(({ name }) => name === job.model);
        if (model === undefined) return this.#fail(job, 'model_not_found');
        const { publicUrl } = context.config.batches;
        const prepared = await jobs.prepare({
            modelId: model.modelId,
            items: (JSON.parse(job.lines) as number[]).map((index) => lines[index]!.request!),
            maxPrice: job.max_price,
            ...(publicUrl ? { publish: publisher(context.database, publicUrl) } : {}),
        });
        // The row names the address before anything is sent to it: a crash never loses a job that is paid for.
        await this.#save(job, {
            state: 'prepared',
            attempts: job.attempts + 1,
            address: prepared.address,
            sealed_messages: context.sealer.seal('job messages', this.#row(job), prepared.messages),
        });
    }

    async #finish(job: BatchJobRow, address: string): Promise<void> {
        const { jobs, context } = this.#parts;
        const ended = new AbortController();
        const end = () => ended.abort();
        // A claimed job goes on when the batch is stopped; only unclaimed ones were taken back above.
        if (!this.#stopping.signal.aborted) this.#stopping.signal.addEventListener('abort', end);
        this.#signal.addEventListener('abort', end);
        try {
            const { answers, price, node } = await jobs.finish(address, ended.signal);
            const results = JSON.stringify(answers satisfies readonly ChatResult[]);
            await this.#save(job, {
                state: 'done',
                sealed_results: context.sealer.seal('job results', this.#row(job), results),
                price,
                node,
            });
            context.metrics.batchJobs.inc({ outcome: 'done' });
            await jobs.forget(address);
        } catch (error) {
            if (isCocoonError(error, 'job_ended')) return this.#again(job);
            if (ended.signal.aborted && !this.#signal.aborted) return;
            throw error;
        } finally {
            this.#stopping.signal.removeEventListener('abort', end);
            this.#signal.removeEventListener('abort', end);
        }
    }

    /** Nobody did it, and its money is back: once more with fresh secrets, or never. */
    async #again(job: BatchJobRow): Promise<void> {
        const { config, metrics } = this.#parts.context;
        metrics.batchJobs.inc({ outcome: 'ended' });
        if (job.attempts >= config.batches.maxAttempts) return this.#fail(job, 'job_ended');
        await this.#save(job, { state: 'planned', address: null, sealed_messages: null });
    }

    async #fail(job: BatchJobRow, code: string): Promise<void> {
        this.#parts.context.metrics.batchJobs.inc({ outcome: 'failed' });
        await this.#save(job, { state: 'failed', error: code });
    }

    async #save(job: BatchJobRow, change: Partial<BatchJobRow>): Promise<void> {
        const next = { ...job, ...change };
        await this.#guarded((tx) =>
            tx.query(
                `UPDATE batch_jobs SET state = $3, attempts = $4, address = $5, sealed_messages = $6,
                    sealed_results = $7, price = $8, node = $9, error = $10 WHERE batch_id = $1 AND number = $2`,
                [
                    this.#batch.id,
                    job.number,
                    next.state,
                    next.attempts,
                    next.address,
                    next.sealed_messages,
                    next.sealed_results,
                    next.price,
                    next.node,
                    next.error,
                ],
            ),
        );
        Object.assign(job, change);
    }

    #row(job: BatchJobRow): string {
        return `${this.#batch.id}:${job.number}`;
    }

    async #lines(): Promise<ReadLines> {
        const { context, files } = this.#parts;
        const { input_file_id: input, endpoint } = this.#batch;
        this.#read ??= await readLines(files.content(input), endpoint, context.config.batches.maxLines);
        return this.#read;
    }

    async #reload(): Promise<void> {
        const { rows } = await this.#parts.context.database.query<BatchRow>(
            'SELECT * FROM batches WHERE id = $1',
            [this.#batch.id],
        );
        this.#batch = { ...rows[0]!, fence: this.#batch.fence };
    }

    /** Changes the batch while it is this process's; nobody takes it over in between. */
    #guarded<T>(change: (tx: Queryable, status: BatchRow['status']) => Promise<T>): Promise<T> {
        const { database, membership } = this.#parts.context;
        return database.transaction(async (tx) => {
            const { rows } = await tx.query<{ status: BatchRow['status'] }>(
                'SELECT status FROM batches WHERE id = $1 AND owner = $2 AND fence = $3 FOR UPDATE',
                [this.#batch.id, membership.id, this.#batch.fence],
            );
            if (rows[0] === undefined) throw new BatchLostError();
            return change(tx, rows[0].status);
        });
    }
}
