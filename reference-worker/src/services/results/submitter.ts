import { Address, Cell } from '@ton/core';
import { messageFees, type TraceNode, withMargin } from 'cocoon-sdk';
import { decodeEvent } from 'cocoon-wrappers';
import { NotSentError } from '../../chain';
import type { JobRecord } from '../../journal';
import { failed, refusal } from '../claims/outcome';
import { JobLoop } from '../job-loop';
import type { Runtime } from '../runtime';

/** How long the Node's history is waited for after a refusal, milliseconds; doubled for each further one. */
const REFUSED_MS = 15_000;
const MAX_DOUBLINGS = 6;

/** Sends finished results, always the same bytes, until they are in. */
export class Submitter {
    readonly #runtime: Runtime;

    constructor(runtime: Runtime) {
        this.#runtime = runtime;
    }

    service(): JobLoop {
        return new JobLoop(this.#runtime, {
            name: 'submitter',
            states: ['executed', 'submitting'],
            handle: (job) => this.#handle(job),
            drains: true,
            worksInDrain: true,
        });
    }

    async #handle(record: JobRecord): Promise<void> {
        const { chain } = this.#runtime;
        const sent =
            record.state === 'submitting' ? chain.outgoing.resume(record.job, 'submit') : this.#send(record);
        const { journal } = this.#runtime.context;
        let node: TraceNode;
        try {
            node = await sent;
        } catch (error) {
            if (error instanceof NotSentError && journal.jobs.get(record.job)?.state === 'submitting') {
                journal.jobs.transition(record.job, 'submitting', 'executed');
            }
            throw error;
        }
        this.#conclude(record, node);
    }

    #send(record: JobRecord): Promise<TraceNode> {
        const { chain, context } = this.#runtime;
        const { sealed } = context.journal.results.get(record.job)!;
        return chain.outgoing.send({
            job: record.job,
            purpose: 'submit',
            message: {
                to: Address.parse(record.job),
                value: withMargin(messageFees.step(chain.view.prices)),
                body: Cell.fromBoc(sealed)[0]!,
            },
            record: () => {
                // The claim may have been ended against us while the message was signed: sending it does no harm.
                if (context.journal.jobs.get(record.job)?.state !== 'executed') return;
                context.journal.jobs.transition(record.job, 'executed', 'submitting');
            },
        });
    }

    #conclude(record: JobRecord, node: TraceNode): void {
        const { journal, logger, now } = this.#runtime.context;
        if (journal.jobs.get(record.job)?.state !== 'submitting') return;
        if (failed(node)) {
            const code = refusal(node);
            const delay = REFUSED_MS * 2 ** Math.min(record.attempts, MAX_DOUBLINGS);
            logger.warn({ job: record.job, code }, 'the submission was refused');
            journal.transaction(() => {
                journal.jobs.transition(record.job, 'submitting', 'executed', { reason: code });
                journal.jobs.recordAttempt(record.job, code, now() + delay);
            });
            return;
        }
        journal.transaction(() => {
            journal.jobs.transition(record.job, 'submitting', 'submitted', {
                retryAt: null,
                lastError: null,
                reason: null,
                reviewBy: reviewEnd(node),
            });
            journal.inputs.delete(record.job);
        });
        logger.info({ job: record.job, items: record.items }, 'result submitted');
    }
}

/** Unix seconds at which the review ends. */
function reviewEnd({ events, now }: TraceNode): number {
    for (const body of events) {
        const event = decodeEvent(body);
        if (event?.$$type === 'ResultSubmitted') return Number(event.reviewBy);
    }
    return now;
}
