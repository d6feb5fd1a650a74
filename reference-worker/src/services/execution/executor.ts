import { Cell } from '@ton/core';
import {
    ITEM_OVERHEAD_BYTES,
    integerToHash,
    isCocoonError,
    messageFees,
    type OpenedItem,
    openInput,
    withMargin,
} from 'cocoon-sdk';
import { nodeBodies } from 'cocoon-wrappers';
import { type AnnouncedJob, journalledBody, parseJob } from '../../chain';
import { EngineError } from '../../engines';
import type { JobRecord } from '../../journal';
import { failed, refusal } from '../claims/outcome';
import { JobLoop } from '../job-loop';
import type { Throughput } from '../policy/throughput';
import { sealJobResult } from '../results/seal';
import type { Runtime } from '../runtime';
import { answerBatch } from './batch';
import { answerItem } from './item';
import { Progress } from './progress';

/** Before the deadline, this share of the execution window is kept for giving a hopeless job back … */
const DECLINE_SHARE = 0.2;
/** … but not more than this, seconds. */
const MAX_DECLINE_MARGIN = 60;

/** Opens inputs, runs the engines, and makes results durable before anyone sees them. */
export class Executor {
    readonly #runtime: Runtime;
    readonly #throughput: Throughput;

    constructor(runtime: Runtime, throughput: Throughput) {
        this.#runtime = runtime;
        this.#throughput = throughput;
    }

    service(): JobLoop {
        return new JobLoop(this.#runtime, {
            name: 'executor',
            states: ['executing'],
            handle: (job, force) => this.#handle(job, force),
            drains: true,
            worksInDrain: true,
        });
    }

    async #handle(record: JobRecord, force: AbortSignal): Promise<void> {
        const { chain, context } = this.#runtime;
        const job = parseJob(journalledBody(record.spec), chain.registry, this.#runtime.knownTerms());
        if (!job) throw new Error('the terms of a claimed job are not held any more');
        if (chain.outgoing.wasSent(record.job, 'decline')) return this.#declined(record);
        let items: OpenedItem[];
        try {
            items = await this.#open(record, job);
        } catch (error) {
            if (!isCocoonError(error)) throw error;
            context.logger.warn(
                { job: record.job, code: error.code },
                'the input does not open: giving the job back',
            );
            return this.#decline(record, job, error.code);
        }
        const ended = this.#endSignal(record, force);
        try {
            const results = await this.#answer(record, job, items, ended.signal);
            if (this.#isOver(record)) return;
            const result = await sealJobResult(this.#runtime, record, job, results);
            if (!this.#isOver(record)) context.journal.recordResult(record.job, result);
        } catch (error) {
            if (this.#isOver(record)) return;
            if (error instanceof EngineError && this.#isHopeless(record, job)) {
                return this.#decline(record, job, error.code);
            }
            throw error;
        } finally {
            ended.dispose();
        }
    }

    #open(record: JobRecord, job: AnnouncedJob): Promise<OpenedItem[]> {
        const { chain, context } = this.#runtime;
        const { spec } = job.announcement;
        const input = context.journal.inputs.get(record.job)!;
        return openInput({
            networkId: chain.networkId,
            job: job.address,
            secretKey: new Uint8Array(context.secrets.encryptionSecret),
            sealedKey: Cell.fromBoc(input.sealedKey!)[0]!,
            batch: new Uint8Array(input.batch),
            count: spec.items,
            expected: { top: integerToHash(spec.inputTop) },
            claim: record.mode === 'direct' ? 0 : record.claimNumber!,
            maxItemBytes: job.served.terms.jobParams.maxItemBytes,
        });
    }

    async #answer(
        record: JobRecord,
        job: AnnouncedJob,
        items: OpenedItem[],
        signal: AbortSignal,
    ): Promise<Uint8Array[]> {
        const { journal, secrets, models, metrics, config } = this.#runtime.context;
        const model = models.get(record.modelId);
        if (!model) {
            throw new EngineError('model_missing', 'the model of a claimed job is not configured any more', {
                remedy: 'add it to models in worker.yaml again',
            });
        }
        const progress = new Progress(journal, secrets.encryptionSecret, record.job, record.claimNumber!);
        const finished = progress.load();
        const missing = items.length - finished.size;
        const started = performance.now();
        let complete = false;
        let results: Uint8Array[];
        try {
            results = await answerBatch({
                items,
                finished,
                concurrency: model.engine.capacity,
                maxItemBytes: job.served.terms.jobParams.maxItemBytes - ITEM_OVERHEAD_BYTES,
                inline: config.results.publish === undefined,
                answer: (data, maxBytes) => answerItem(data, { model, metrics, maxBytes, signal }),
                keep: (item, result) => progress.keep(item, result),
            });
            complete = true;
        } finally {
            progress.close({ discard: complete });
        }
        if (missing > 0) {
            const rounds = Math.ceil(missing / model.engine.capacity);
            this.#throughput.record(record.modelId, (performance.now() - started) / 1000 / rounds);
        }
        return results;
    }

    /** Fires when work must be put down, and when the claim is over and nobody wants its result any more. */
    #endSignal(record: JobRecord, force: AbortSignal): { signal: AbortSignal; dispose: () => void } {
        // Plain listeners: AbortSignal.any keeps a job's signal alive as long as the worker's.
        const end = new AbortController();
        const abort = () => end.abort();
        if (force.aborted) abort();
        force.addEventListener('abort', abort, { once: true });
        const forget = this.#runtime.onWake(() => {
            if (this.#isOver(record)) abort();
        });
        const dispose = () => {
            force.removeEventListener('abort', abort);
            forget();
        };
        return { signal: end.signal, dispose };
    }

    #isOver({ job }: JobRecord): boolean {
        return this.#runtime.context.journal.jobs.get(job)?.state !== 'executing';
    }

    /** The engine does not answer and the deadline is near: giving back costs less than being expired. */
    #isHopeless(record: JobRecord, job: AnnouncedJob): boolean {
        const window = job.announcement.spec.executionWindow;
        const margin = Math.min(MAX_DECLINE_MARGIN, DECLINE_SHARE * window);
        const left = (record.executeBy ?? 0) - this.#runtime.chain.clock.now();
        return left > 0 && left <= margin;
    }

    async #decline(record: JobRecord, job: AnnouncedJob, reason: string): Promise<void> {
        const { chain, context } = this.#runtime;
        context.journal.jobs.update(record.job, { reason });
        const node = await chain.outgoing.send({
            job: record.job,
            purpose: 'decline',
            message: {
                to: chain.node.address,
                value: withMargin(messageFees.decline(chain.view.prices)),
                body: nodeBodies.decline({ job: job.address, claim: record.claimNumber! }),
            },
        });
        const refused = [node, ...node.children].find(failed);
        if (refused)
            context.logger.warn({ job: record.job, code: refusal(refused) }, 'giving back was refused');
        this.#declined(record);
    }

    /** The Node's history tells how the claim ended; until then there is nothing to do. */
    #declined(record: JobRecord): void {
        const { journal, now } = this.#runtime.context;
        if (this.#isOver(record)) return;
        journal.jobs.update(record.job, { retryAt: now() + 30_000 });
    }
}
