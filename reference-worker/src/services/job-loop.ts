import { setMaxListeners } from 'node:events';
import { isCocoonError } from 'cocoon-sdk';
import type { Service } from '../context';
import { messageOf, WorkerError } from '../errors';
import type { JobRecord, JobState } from '../journal';
import type { Runtime } from './runtime';

export interface JobLoopOptions {
    name: string;
    /** Jobs in these states are this loop's to move on. */
    states: readonly JobState[];
    /**
     * Takes one step with a job. What it throws is logged and the job tried again later: one bad job never stops the
     * others. `force` fires when work must be put down.
     */
    handle: (job: JobRecord, force: AbortSignal) => Promise<void>;
    /** How many more jobs may be taken up now; default: no limit. */
    room?: (busy: number) => number;
    /** Whether the drain waits for these jobs to leave their states. */
    drains: boolean;
    /** Whether jobs are taken up during the drain. */
    worksInDrain: boolean;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** Near its deadline a job is looked at more and more often, so that none passes the time for giving it back. */
const LEAST_RETRY_MS = 250;
const SHARE_OF_TIME_LEFT = 1 / 8;

/** Moves jobs out of some states, each at its own pace. The journal says what there is to do: a restart goes on with it. */
export class JobLoop implements Service {
    readonly name: string;
    readonly #runtime: Runtime;
    readonly #options: JobLoopOptions;
    readonly #busy = new Map<string, Promise<void>>();
    readonly #force = new AbortController();
    #draining = false;
    #stopped = false;
    #scheduled = false;
    #timer: NodeJS.Timeout | undefined;
    #release: (() => void) | undefined;

    constructor(runtime: Runtime, options: JobLoopOptions) {
        this.name = options.name;
        // Each job in hand follows it.
        setMaxListeners(0, this.#force.signal);
        this.#runtime = runtime;
        this.#options = options;
    }

    async start(drain: AbortSignal): Promise<void> {
        this.#draining = drain.aborted;
        drain.addEventListener('abort', () => {
            this.#draining = true;
        });
        this.#release = this.#runtime.onWake(() => this.#schedule());
        const { pollSeconds } = this.#runtime.context.config.network;
        this.#timer = setInterval(() => this.#schedule(), pollSeconds * 1000);
        this.#schedule();
    }

    async stop(force: AbortSignal): Promise<void> {
        if (!this.#options.worksInDrain) this.#stopped = true;
        const cut = () => {
            this.#stopped = true;
            this.#force.abort();
            // An RPC that does not answer must not hold up the end: the journal knows what was on its way.
            this.#runtime.halt.abort();
        };
        if (force.aborted) cut();
        force.addEventListener('abort', cut, { once: true });
        while (!this.#stopped && this.#options.drains && this.#left() > 0) await this.#settled();
        this.#stopped = true;
        await Promise.all(this.#busy.values());
        clearInterval(this.#timer);
        this.#release?.();
        force.removeEventListener('abort', cut);
    }

    #left(): number {
        return this.#runtime.context.journal.jobs.inStates(this.#options.states).length;
    }

    /** Resolves when a job of this loop has moved, and at the latest after a moment. */
    #settled(): Promise<void> {
        return new Promise((resolve) => {
            const done = () => {
                clearTimeout(timer);
                this.#force.signal.removeEventListener('abort', done);
                resolve();
            };
            const timer = setTimeout(done, 250);
            this.#force.signal.addEventListener('abort', done, { once: true });
        });
    }

    #schedule(): void {
        if (this.#scheduled || this.#stopped) return;
        this.#scheduled = true;
        setImmediate(() => {
            this.#scheduled = false;
            if (!this.#stopped) this.#takeUp();
        });
    }

    #takeUp(): void {
        if (this.#draining && !this.#options.worksInDrain) return;
        const { journal } = this.#runtime.context;
        let room = this.#options.room?.(this.#busy.size) ?? Number.POSITIVE_INFINITY;
        if (room <= 0) return;
        for (const job of journal.jobs.due(this.#options.states, this.#busy.size + 100)) {
            if (room <= 0) return;
            if (this.#busy.has(job.job)) continue;
            room -= 1;
            this.#busy.set(job.job, this.#step(job));
        }
    }

    async #step(job: JobRecord): Promise<void> {
        try {
            await this.#options.handle(job, this.#force.signal);
        } catch (error) {
            this.#failed(job, error);
        } finally {
            this.#busy.delete(job.job);
            // Without a move there is nothing new for anybody: the timer looks again.
            if (this.#runtime.context.journal.jobs.get(job.job)?.state !== job.state) this.#runtime.wake();
        }
    }

    #untilNextLook({ executeBy }: JobRecord): number {
        const left = executeBy ? (executeBy - this.#runtime.chain.clock.now()) * 1_000 : 0;
        return left > 0 ? Math.max(LEAST_RETRY_MS, left * SHARE_OF_TIME_LEFT) : LAST_RETRY_MS;
    }

    #failed(job: JobRecord, error: unknown): void {
        const { journal, logger, now } = this.#runtime.context;
        if (this.#force.signal.aborted || this.#runtime.halt.signal.aborted) return;
        const code = errorCode(error);
        const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.min(job.attempts, 10), LAST_RETRY_MS);
        const delay = Math.min(backoff, this.#untilNextLook(job));
        journal.jobs.recordAttempt(job.job, code, now() + delay);
        const known = error instanceof WorkerError || isCocoonError(error);
        const detail = known ? { reason: messageOf(error).split('\n')[0] } : { err: error };
        logger[known ? 'warn' : 'error'](
            { job: job.job, service: this.name, code, ...detail },
            'a step failed; it is tried again',
        );
    }
}

/** A stable code of any error. */
export function errorCode(error: unknown): string {
    const code = (error as { code?: unknown } | null)?.code;
    return typeof code === 'string' ? code : 'internal';
}
