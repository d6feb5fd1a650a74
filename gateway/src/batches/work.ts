import type { GatewayContext } from '../context';
import type { Files } from '../files';
import { finalize } from './finalize';
import { HeldBatch } from './held-batch';
import { readJobs } from './job-rows';
import { JobWork } from './job-work';
import type { BatchJobs } from './jobs';
import { Stopping } from './stopping';
import type { BatchRow } from './store';
import { validate } from './validate';

export interface WorkParts {
    context: GatewayContext;
    files: Files;
    jobs: BatchJobs;
    /** Waits; rejects when the signal fires. */
    sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One process's work at one batch, from whatever state it is in to its end. Every state is in the database. */
export class BatchWork {
    readonly #parts: WorkParts;
    readonly #signal: AbortSignal;
    readonly #batch: HeldBatch;
    readonly #stopping: Stopping;

    constructor(parts: WorkParts, batch: BatchRow, signal: AbortSignal) {
        this.#parts = parts;
        this.#signal = signal;
        this.#batch = new HeldBatch(parts, batch);
        this.#stopping = new Stopping(parts, batch.id);
    }

    /** Throws BatchLostError, and what the database throws; then the batch is taken up again later. */
    async run(): Promise<void> {
        const batch = this.#batch;
        while (!this.#signal.aborted) {
            switch (batch.row.status) {
                case 'validating':
                    await validate(this.#parts.context, batch);
                    break;
                case 'in_progress':
                case 'cancelling':
                    await this.#runJobs();
                    break;
                case 'finalizing':
                    await finalize({
                        ...this.#parts,
                        batch: batch.row,
                        lines: (await batch.lines()).lines,
                        guarded: (change) => batch.guarded(change),
                    });
                    break;
                default:
                    return;
            }
            await batch.reload();
        }
    }

    async #runJobs(): Promise<void> {
        const { database, config } = this.#parts.context;
        const [batch, stopping, signal] = [this.#batch, this.#stopping, this.#signal];
        const waiting = await readJobs(database, batch.id);
        const over = new AbortController();
        const watch = stopping.watch(over.signal);
        try {
            // Lanes take the next job each; the first failure ends all, and the batch is taken up again.
            const lanes = Array.from({ length: config.batches.concurrentJobs }, async () => {
                for (let job = waiting.shift(); job && !signal.aborted; job = waiting.shift()) {
                    await new JobWork({ ...this.#parts, batch, stopping, signal }, job).run();
                }
            });
            await Promise.all(lanes);
        } finally {
            over.abort();
            await watch;
        }
        if (signal.aborted) return;
        await batch.guarded((tx) =>
            tx.query(
                `UPDATE batches SET status = 'finalizing', finalizing_at = clock_timestamp()
                 WHERE id = $1 AND status IN ('in_progress', 'cancelling')`,
                [batch.id],
            ),
        );
    }
}
