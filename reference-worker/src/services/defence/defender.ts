import type { DisputeRecord } from '../../journal';
import { DisputeLoop, type Look } from '../jury/loop';
import { readDispute } from '../jury/read';
import { Resolver } from '../jury/resolve';
import { sendAbout } from '../jury/send';
import type { Runtime } from '../runtime';
import { itemAnswer } from './answer';

/** Follows accusations of this node: answers for its jobs, and brings disputes to their end when nobody else does. */
export class Defender {
    readonly #runtime: Runtime;
    readonly #pollSeconds: number;
    readonly #resolver: Resolver;

    constructor(runtime: Runtime) {
        this.#runtime = runtime;
        this.#pollSeconds = runtime.context.config.network.pollSeconds;
        this.#resolver = new Resolver(runtime, 2 * this.#pollSeconds);
    }

    service(): DisputeLoop {
        return new DisputeLoop(this.#runtime, {
            name: 'defender',
            role: 'accused',
            handle: (record) => this.#handle(record),
        });
    }

    async #handle(record: DisputeRecord): Promise<Look> {
        const { chain, context } = this.#runtime;
        const { dispute, job } = record;
        const info = await readDispute(this.#runtime, record);
        if (info === null || info.phase === 'resolved') {
            this.#resolver.forget(dispute);
            return { over: info?.outcome ?? 'gone' };
        }
        const nextAt = chain.clock.now() + this.#pollSeconds;
        const resolveAt = await this.#resolver.handle(info);
        if (resolveAt !== undefined) return { nextAt: Math.min(resolveAt, nextAt) };
        if (job === undefined) return { nextAt };
        // Until the verdict, or the hard end, the Job does not settle.
        const frozenUntil = info.case && chain.clock.localMs(info.case.hardEnd + 1);
        if (frozenUntil && context.journal.jobs.get(job)?.state === 'submitted') {
            context.journal.jobs.update(job, { retryAt: frozenUntil });
        }
        if (info.phase === 'answering') {
            await sendAbout(this.#runtime, info, 'answer', await itemAnswer(this.#runtime, job, info));
            context.logger.info({ dispute, job, item: info.shown }, 'answered an accusation');
        }
        return { nextAt };
    }
}
