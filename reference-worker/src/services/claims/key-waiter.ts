import { messageFees, withMargin } from 'cocoon-sdk';
import { Job, jobBodies } from 'cocoon-wrappers';
import { type AnnouncedJob, findDiscloseKey, journalledBody, parseJob } from '../../chain';
import type { JobRecord } from '../../journal';
import { JobLoop } from '../job-loop';
import type { Runtime } from '../runtime';
import { failed, refusal } from './outcome';

/** Once a poke is on its way, its outcome is looked for this much later, milliseconds. */
const POKED_MS = 15_000;

/** Waits for the content keys of claimed jobs. Where none came in time, it ends the claim and collects the fee for that. */
export class KeyWaiter {
    readonly #runtime: Runtime;

    constructor(runtime: Runtime) {
        this.#runtime = runtime;
    }

    service(): JobLoop {
        return new JobLoop(this.#runtime, {
            name: 'key-waiter',
            states: ['claimed'],
            handle: (job) => this.#handle(job),
            drains: true,
            worksInDrain: true,
        });
    }

    async #handle(record: JobRecord): Promise<void> {
        const { chain, context } = this.#runtime;
        const { journal, now, config } = context;
        if (journal.inputs.get(record.job)?.sealedKey) return this.#ready(record);
        const job = parseJob(journalledBody(record.spec), chain.registry, this.#runtime.knownTerms());
        if (!job) throw new Error('the terms of a claimed job are not held any more');
        if (await this.#fetchKey(record, job)) return;
        const { keyBy = 0 } = record;
        if (chain.clock.now() <= keyBy) {
            journal.jobs.update(record.job, { retryAt: now() + config.network.pollSeconds * 1000 });
            return;
        }
        await this.#expire(record, job);
    }

    async #fetchKey(record: JobRecord, job: AnnouncedJob): Promise<boolean> {
        const { chain, context } = this.#runtime;
        const claim = record.claimNumber!;
        const found = await findDiscloseKey(chain.rpc, job.address, job.identity.client, claim);
        if (!found) return false;
        const executeBy = found.at + job.announcement.spec.executionWindow;
        context.journal.transaction(() => {
            context.journal.inputs.setKey(record.job, found.sealedKey.toBoc());
            context.journal.jobs.update(record.job, { executeBy });
            this.#ready(record);
        });
        return true;
    }

    #ready(record: JobRecord): void {
        const { journal } = this.#runtime.context;
        // The claim may have ended while its key was read.
        if (journal.jobs.get(record.job)?.state !== 'claimed') return;
        journal.jobs.transition(record.job, 'claimed', 'executing', { retryAt: null });
    }

    /** The Job pays the fee for a key that never came, and the tip for the poke; the Node's history tells when it did. */
    async #expire(record: JobRecord, job: AnnouncedJob): Promise<void> {
        const { chain, context } = this.#runtime;
        const data = await chain.rpc.open(Job.fromAddress(job.address)).getJob();
        const waiting = data.status === 'claimed' && data.claims === record.claimNumber && !data.keyGiven;
        if (waiting) {
            context.logger.info({ job: record.job }, 'no content key came in time: ending the claim');
            const node = await chain.outgoing.send({
                job: record.job,
                purpose: 'expire',
                message: {
                    to: job.address,
                    value: withMargin(messageFees.settle(chain.view.prices)),
                    body: jobBodies.expire(),
                },
            });
            if (failed(node))
                context.logger.info({ job: record.job, code: refusal(node) }, 'ending was refused');
        }
        if (context.journal.jobs.get(record.job)?.state !== 'claimed') return;
        context.journal.jobs.update(record.job, { retryAt: context.now() + (waiting ? POKED_MS : 2_000) });
    }
}
