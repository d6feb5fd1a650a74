import type { Transaction } from '@ton/core';
import { readAnnouncement } from '../../chain';
import type { Runtime } from '../runtime';

/** Records the job that a transaction announces, if it is genuine and may still be claimed. */
export function discover(runtime: Runtime, tx: Transaction): void {
    const { chain, context } = runtime;
    const job = readAnnouncement(tx, chain.registry, chain.view.terms.served);
    if (!job) return;
    const { spec, claims } = job.announcement;
    const modelId = spec.modelId.toString(16).padStart(64, '0');
    if (!context.models.has(modelId)) return;
    // At its first start a worker reads all of the past: what cannot be open any more is passed over.
    if (tx.now + spec.claimWindow < chain.clock.now()) return;
    const { journal, logger } = context;
    const isNew = journal.jobs.insertSeen({
        job: job.job,
        modelId,
        mode: spec.direct === undefined ? 'open' : 'direct',
        items: spec.items,
        spec: job.body.toBoc(),
    });
    if (isNew) logger.debug({ job: job.job, items: spec.items }, 'job announced');
    else if (claims === 0 || !reopen(runtime, job.job)) return;
    runtime.wake();
}

/** A job that another node gave back is open again; what was refused for reasons of our own stays so. */
function reopen({ context }: Runtime, job: string): boolean {
    const known = context.journal.jobs.get(job);
    if (known?.state !== 'skipped' || known.reason !== 'taken') return false;
    context.journal.jobs.transition(job, 'skipped', 'seen', { reason: null, retryAt: null });
    return true;
}
