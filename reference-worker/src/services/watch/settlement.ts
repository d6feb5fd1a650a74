import type { SettledLock } from '../../chain';
import { journalledBody, parseJob } from '../../chain';
import { canFollow, type JobRecord, type JobState } from '../../journal';
import type { Runtime } from '../runtime';

const BPS = 10_000n;
const FINAL: Record<SettledLock['outcome'], JobState> = {
    paid: 'settled',
    expired: 'expired',
    declined: 'declined',
    noKey: 'failed',
    convicted: 'failed',
};
const REASON: Partial<Record<SettledLock['outcome'], string>> = { noKey: 'no_key', convicted: 'convicted' };

/** Records how a claim ended, as the Job told the Node. Of one that is recorded already, or never was ours, nothing. */
export function applySettlement(runtime: Runtime, lock: SettledLock): void {
    const { journal, logger, metrics } = runtime.context;
    const record = journal.jobs.get(lock.job);
    const state = FINAL[lock.outcome];
    if (!record || !canFollow(record.state, state)) return;
    const paid = payment(runtime, record, lock);
    journal.transaction(() => {
        const details = { paid, reason: REASON[lock.outcome] ?? record.reason ?? null };
        journal.finish(lock.job, record.state, state, details);
        journal.counters.add('earnedNano', paid);
        journal.counters.add('slashedNano', lock.slashed);
        journal.counters.add(`jobs.${state}`);
    });
    metrics.jobsFinished.inc({ outcome: state });
    metrics.earnedNano.inc(Number(paid));
    logger.info(
        { job: lock.job, outcome: lock.outcome, paid: paid.toString(), slashed: lock.slashed.toString() },
        lock.outcome === 'paid' ? 'job paid' : 'claim ended',
    );
    runtime.wake();
}

/** What the node's payout address got, nanoTON. */
function payment(runtime: Runtime, record: JobRecord, { outcome, earned }: SettledLock): bigint {
    const terms = parseJob(journalledBody(record.spec), runtime.chain.registry, runtime.knownTerms())?.served
        .terms;
    const { feeBps = 0, noKeyFee = 0n } = terms?.jobParams ?? {};
    if (outcome === 'noKey') return noKeyFee;
    return outcome === 'paid' ? earned - (earned * BigInt(feeBps)) / BPS : 0n;
}
