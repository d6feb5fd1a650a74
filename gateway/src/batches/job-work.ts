import { type ChatResult, isCocoonError } from 'cocoon-sdk';
import type { GatewayContext } from '../context';
import { messageOf } from '../errors';
import { BatchLostError, type HeldBatch } from './held-batch';
import { type BatchJobRow, saveJob } from './job-rows';
import type { BatchJobs } from './jobs';
import { publisher } from './publish';
import type { Stopping } from './stopping';

export interface JobWorkParts {
    context: GatewayContext;
    jobs: BatchJobs;
    batch: HeldBatch;
    stopping: Stopping;
    /** Waits; rejects when the signal fires. */
    sleep: (ms: number, signal: AbortSignal) => Promise<void>;
    /** Fires when the process puts its work down. */
    signal: AbortSignal;
}

const RETRY_MS = 5_000;

/** One job of a batch, from whatever state it is in to its end. */
export class JobWork {
    readonly #parts: JobWorkParts;
    readonly #job: BatchJobRow;

    constructor(parts: JobWorkParts, job: BatchJobRow) {
        this.#parts = parts;
        this.#job = job;
    }

    /** Tries until the job is at its end, or `signal` fires. Throws BatchLostError. */
    async run(): Promise<void> {
        const { context, batch, sleep, signal } = this.#parts;
        while (this.#job.state !== 'done' && this.#job.state !== 'failed' && !signal.aborted) {
            try {
                await this.#step();
            } catch (error) {
                if (error instanceof BatchLostError || signal.aborted) throw error;
                const code = isCocoonError(error) ? error.code : messageOf(error);
                context.logger.warn(
                    { batch: batch.id, job: this.#job.number, code },
                    'a job of a batch waits',
                );
                await sleep(RETRY_MS, signal);
            }
        }
    }

    async #step(): Promise<void> {
        const { jobs, context, stopping } = this.#parts;
        const job = this.#job;
        const stop = stopping.signal.aborted;
        if (job.state === 'planned') return stop ? this.#fail(stopping.code) : this.#prepare();
        const address = job.address!;
        if (stop && (await jobs.cancel(address))) return this.#fail(stopping.code);
        if (job.state === 'prepared') {
            const messages = context.sealer.open('job messages', this.#row, job.sealed_messages!).toString();
            await jobs.post({ address, messages });
            return this.#save({ state: 'posted' });
        }
        await this.#finish(address);
    }

    async #prepare(): Promise<void> {
        const { jobs, context, batch } = this.#parts;
        const job = this.#job;
        const { lines } = await batch.lines();
        const model = (await context.models.list()).find(({ name }) => name === job.model);
        if (model === undefined) return this.#fail('model_not_found');
        const { publicUrl } = context.config.batches;
        const prepared = await jobs.prepare({
            modelId: model.modelId,
            items: (JSON.parse(job.lines) as number[]).map((index) => lines[index]!.request!),
            maxPrice: job.max_price,
            ...(publicUrl ? { publish: publisher(context.database, publicUrl) } : {}),
        });
        // The row names the address before anything is sent to it: a crash never loses a job that is paid for.
        await this.#save({
            state: 'prepared',
            attempts: job.attempts + 1,
            address: prepared.address,
            sealed_messages: context.sealer.seal('job messages', this.#row, prepared.messages),
        });
    }

    async #finish(address: string): Promise<void> {
        const { jobs, context, stopping, signal } = this.#parts;
        const ended = new AbortController();
        const end = () => ended.abort();
        // A claimed job goes on when the batch is stopped; only unclaimed ones were taken back above.
        if (!stopping.signal.aborted) stopping.signal.addEventListener('abort', end);
        signal.addEventListener('abort', end);
        try {
            const { answers, price, node } = await jobs.finish(address, ended.signal);
            const results = JSON.stringify(answers satisfies readonly ChatResult[]);
            await this.#save({
                state: 'done',
                sealed_results: context.sealer.seal('job results', this.#row, results),
                price,
                node,
            });
            context.metrics.batchJobs.inc({ outcome: 'done' });
            await jobs.forget(address);
        } catch (error) {
            if (isCocoonError(error, 'job_ended')) return this.#again();
            if (ended.signal.aborted && !signal.aborted) return;
            throw error;
        } finally {
            stopping.signal.removeEventListener('abort', end);
            signal.removeEventListener('abort', end);
        }
    }

    /** Nobody did it, and its money is back: once more with fresh secrets, or never. */
    async #again(): Promise<void> {
        const { config, metrics } = this.#parts.context;
        metrics.batchJobs.inc({ outcome: 'ended' });
        if (this.#job.attempts >= config.batches.maxAttempts) return this.#fail('job_ended');
        await this.#save({ state: 'planned', address: null, sealed_messages: null });
    }

    async #fail(code: string): Promise<void> {
        this.#parts.context.metrics.batchJobs.inc({ outcome: 'failed' });
        await this.#save({ state: 'failed', error: code });
    }

    async #save(change: Partial<BatchJobRow>): Promise<void> {
        const { batch } = this.#parts;
        await batch.guarded((tx) => saveJob(tx, batch.id, { ...this.#job, ...change }));
        Object.assign(this.#job, change);
    }

    /** What seals of this job are bound to. */
    get #row(): string {
        return `${this.#parts.batch.id}:${this.#job.number}`;
    }
}
