import { createHash, randomBytes } from 'node:crypto';
import type { JobState } from '../../src/journal';
import { Journal } from '../../src/journal';

/**
 * Drives jobs through their life as the worker does, printing every promise *after* it is durable, until it is killed.
 * Results are random, so that one computed again after a lost one could not pass for the first.
 */
const journal = Journal.open(process.argv[2]!);
const WALLET = `0:${'ee'.repeat(32)}`;
const say = (line: string) => process.stdout.write(`${line}\n`);
const NEXT: Partial<Record<JobState, JobState>> = { claimed: 'executing', submitted: 'settled' };

function send(job: string, purpose: 'claim' | 'submit', from: JobState, to: JobState, payload: Buffer): void {
    const message = journal.transaction(() => {
        journal.jobs.transition(job, from, to);
        const seqno = Number(journal.counters.add('seqno'));
        const hash = createHash('sha256').update(payload).update(`${seqno}`).digest('hex');
        return journal.outbox.add({
            wallet: WALLET,
            seqno,
            validUntil: 1,
            hash,
            boc: payload,
            actions: [{ job, purpose }],
        });
    });
    deliver(message.id);
}

function deliver(id: number): void {
    journal.outbox.markSent(id);
    const message = journal.outbox.get(id)!;
    const { job, purpose } = message.actions[0]!;
    const digest = createHash('sha256').update(message.boc).digest('hex').slice(0, 16);
    say(`sent ${purpose} ${job} ${message.seqno} ${digest}`);
    journal.transaction(() => {
        journal.outbox.confirm(id, { lt: BigInt(message.seqno), hash: digest });
        if (purpose === 'claim') journal.jobs.transition(job, 'claiming', 'claimed');
        else journal.jobs.transition(job, 'submitting', 'submitted');
    });
}

function execute(job: string): void {
    const sealed = randomBytes(64);
    const usage = { promptTokens: 1, completionTokens: 1 };
    journal.recordResult(job, { claimNumber: 1, sealed, top: randomBytes(32), usage });
    say(`result ${job} ${createHash('sha256').update(sealed).digest('hex').slice(0, 16)}`);
}

function step(job: string, state: JobState): void {
    if (state === 'seen') send(job, 'claim', 'seen', 'claiming', Buffer.from(job));
    else if (state === 'executing') execute(job);
    else if (state === 'executed')
        send(job, 'submit', 'executed', 'submitting', journal.results.get(job)!.sealed);
    else journal.jobs.transition(job, state, NEXT[state]!);
}

const left = journal.outbox.live(WALLET);
if (left) deliver(left.id);
while (true) {
    const open = journal.jobs.inStates(['seen', 'claimed', 'executing', 'executed', 'submitted'], 5);
    const job = open.at(-1);
    if (!job || open.length < 3) {
        const index = journal.counters.add('jobs');
        journal.jobs.insertSeen({
            job: `0:${index}`,
            modelId: 'ab'.repeat(32),
            mode: 'open',
            items: 1,
            spec: Buffer.alloc(8),
        });
        continue;
    }
    step(job.job, job.state);
}
