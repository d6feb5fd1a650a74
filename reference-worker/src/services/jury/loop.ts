import { isCocoonError } from 'cocoon-sdk';
import type { Service } from '../../context';
import { messageOf, WorkerError } from '../../errors';
import type { DisputeRecord, DisputeRole } from '../../journal';
import { errorCode } from '../job-loop';
import type { Runtime } from '../runtime';

/** What a look at a dispute led to: when to look again, unix seconds of the chain, or why there is no need to. */
export type Look = { readonly nextAt: number } | { readonly over: string };

export interface DisputeLoopOptions {
    name: string;
    role: DisputeRole;
    /** Does what is due in one dispute. What it throws is logged, and the dispute looked at again later. */
    handle: (record: DisputeRecord, signal: AbortSignal) => Promise<Look>;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/**
 * Looks at each open dispute of a role when something may be due in it. The chain tells what that is and the journal what was
 * promised, so that it does not matter where an earlier run was cut off.
 */
export class DisputeLoop implements Service {
    readonly name: string;
    readonly #runtime: Runtime;
    readonly #options: DisputeLoopOptions;
    readonly #busy = new Map<string, Promise<void>>();
    readonly #stopping = new AbortController();
    #timer: NodeJS.Timeout | undefined;
    #release: (() => void) | undefined;

    constructor(runtime: Runtime, options: DisputeLoopOptions) {
        this.name = options.name;
        this.#runtime = runtime;
        this.#options = options;
    }

    async start(drain: AbortSignal): Promise<void> {
        drain.addEventListener('abort', () => this.#stopping.abort(), { once: true });
        if (drain.aborted) this.#stopping.abort();
        if (!this.#runtime.isConnected) return;
        this.#release = this.#runtime.onWake(() => this.#takeUp());
        const { pollSeconds } = this.#runtime.context.config.network;
        this.#timer = setInterval(() => this.#takeUp(), pollSeconds * 1000);
        this.#takeUp();
    }

    async stop(force: AbortSignal): Promise<void> {
        this.#stopping.abort();
        clearInterval(this.#timer);
        this.#release?.();
        const cut = () => this.#runtime.halt.abort();
        if (force.aborted) cut();
        force.addEventListener('abort', cut, { once: true });
        await Promise.all(this.#busy.values());
        force.removeEventListener('abort', cut);
    }

    #takeUp(): void {
        if (this.#stopping.signal.aborted) return;
        for (const record of this.#runtime.context.journal.disputes.due(this.#options.role)) {
            if (this.#busy.has(record.dispute)) continue;
            this.#busy.set(record.dispute, this.#look(record));
        }
    }

    async #look(record: DisputeRecord): Promise<void> {
        const { chain, context } = this.#runtime;
        const { disputes } = context.journal;
        try {
            const look = await this.#options.handle(record, this.#stopping.signal);
            if ('over' in look) {
                disputes.close(record.dispute, look.over);
                context.logger.info(
                    { dispute: record.dispute, outcome: look.over },
                    'a dispute is over for us',
                );
            } else
                disputes.lookAgain(record.dispute, Math.max(context.now(), chain.clock.localMs(look.nextAt)));
        } catch (error) {
            this.#failed(record, error);
        } finally {
            this.#busy.delete(record.dispute);
        }
    }

    #failed(record: DisputeRecord, error: unknown): void {
        const { journal, logger, now } = this.#runtime.context;
        if (this.#stopping.signal.aborted || this.#runtime.halt.signal.aborted) return;
        const code = errorCode(error);
        const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(record.attempts, 10), LAST_RETRY_MS);
        journal.disputes.failed(record.dispute, code, now() + delay);
        const known = error instanceof WorkerError || isCocoonError(error);
        const detail = known ? { reason: messageOf(error).split('\n')[0] } : { err: error };
        logger[known ? 'warn' : 'error'](
            { dispute: record.dispute, service: this.name, code, ...detail },
            'a step in a dispute failed; it is tried again',
        );
    }
}
