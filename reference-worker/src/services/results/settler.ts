import { Address } from '@ton/core';
import { messageFees, withMargin } from 'cocoon-sdk';
import { jobBodies } from 'cocoon-wrappers';
import type { JobRecord } from '../../journal';
import { failed, refusal } from '../claims/outcome';
import { JobLoop } from '../job-loop';
import type { Runtime } from '../runtime';

/** How long the Node's history is waited for after a finalisation, milliseconds. */
const FINALIZED_MS = 30_000;

/** Follows submitted results to their payment: where the client stays silent, it finalises when the review is over. */
export class Settler {
    readonly #runtime: Runtime;

    constructor(runtime: Runtime) {
        this.#runtime = runtime;
    }

    service(): JobLoop {
        return new JobLoop(this.#runtime, {
            name: 'settler',
            states: ['submitted'],
            handle: (job) => this.#handle(job),
            drains: false,
            worksInDrain: false,
        });
    }

    async #handle(record: JobRecord): Promise<void> {
        const { chain, context } = this.#runtime;
        if (chain.clock.now() <= (record.reviewBy ?? 0)) return;
        const node = await chain.outgoing.send({
            job: record.job,
            purpose: 'finalize',
            message: {
                to: Address.parse(record.job),
                value: withMargin(messageFees.settle(chain.view.prices)),
                body: jobBodies.finalize(),
            },
        });
        if (failed(node))
            context.logger.info({ job: record.job, code: refusal(node) }, 'finalising was refused');
        if (context.journal.jobs.get(record.job)?.state !== 'submitted') return;
        context.journal.jobs.update(record.job, { retryAt: context.now() + FINALIZED_MS });
    }
}
