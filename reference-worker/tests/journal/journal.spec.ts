import { join } from 'node:path';
import { canFollow, FINAL_STATES, JOB_STATES, type JobState, Journal, type NewJob } from '../../src/journal';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();
let clock = 1_000;
let opened = 0;
const openJournal = (name = `journal-${opened++}.db`) =>
    Journal.open(join(directory, name), { now: () => clock });

const newJob = (index: number): NewJob => ({
    job: `0:${index.toString(16).padStart(64, '0')}`,
    modelId: 'ab'.repeat(32),
    mode: 'open',
    items: 3,
    spec: Buffer.from([1, 2, index]),
});
const result = (seed: number) => ({
    claimNumber: 1,
    sealed: Buffer.alloc(40, seed),
    top: Buffer.alloc(32, seed),
    usage: { promptTokens: 5, completionTokens: 7 },
});
const message = (seqno: number, job = newJob(1).job) => ({
    wallet: `0:${'ee'.repeat(32)}`,
    seqno,
    validUntil: 60,
    hash: seqno.toString(16).padStart(64, '0'),
    boc: Buffer.from([seqno]),
    actions: [{ job, purpose: 'claim' as const }],
});

let journal: Journal;
beforeEach(() => {
    journal = openJournal();
});
afterEach(() => journal.close());

test('a job is recorded once, with its details, and read back exactly', () => {
    const details = { price: 2n ** 100n, claimSeq: 2n ** 63n, executeBy: 99, reason: 'x' };
    expect(journal.jobs.insertSeen({ ...newJob(1), details })).toBe(true);
    expect(journal.jobs.insertSeen({ ...newJob(1), items: 9 })).toBe(false);
    expect(journal.jobs.get(newJob(1).job)).toEqual({
        ...newJob(1),
        ...details,
        state: 'seen',
        attempts: 0,
        seenAt: 1_000,
        updatedAt: 1_000,
    });
    expect(journal.jobs.get('0:none')).toBeUndefined();
});

test('every pair of states: a transition is carried out or refused exactly as the table says', () => {
    const paths: Record<JobState, JobState[]> = { seen: [] } as never;
    for (const queue: JobState[] = ['seen']; queue.length > 0; ) {
        const from = queue.shift()!;
        for (const to of JOB_STATES) {
            if (!canFollow(from, to) || paths[to]) continue;
            paths[to] = [...paths[from], to];
            queue.push(to);
        }
    }
    let index = 0;
    for (const from of JOB_STATES) {
        for (const to of JOB_STATES) {
            const { job } = newJob(++index);
            journal.jobs.insertSeen(newJob(index));
            let state: JobState = 'seen';
            for (const next of paths[from]) {
                journal.jobs.transition(job, state, next);
                state = next;
            }
            const move = () => journal.jobs.transition(job, from, to);
            if (canFollow(from, to)) move();
            else expect(move).toThrow(expect.objectContaining({ code: 'illegal_transition' }));
            expect(journal.jobs.get(job)!.state).toBe(canFollow(from, to) ? to : from);
        }
    }
    expect(FINAL_STATES.sort()).toEqual(['declined', 'expired', 'failed', 'settled', 'skipped']);
});

test('a transition from a state in which the job is not changes nothing', () => {
    journal.jobs.insertSeen(newJob(1));
    expect(() => journal.jobs.transition(newJob(1).job, 'claiming', 'claimed')).toThrow(
        /is seen, not claiming/,
    );
    expect(() => journal.jobs.transition('0:none', 'seen', 'claiming')).toThrow(/is unknown/);
    expect(journal.jobs.counts()).toMatchObject({ seen: 1, claimed: 0 });
});

test('a result is stored once and never replaced', () => {
    const { job } = newJob(1);
    journal.jobs.insertSeen(newJob(1));
    for (const [from, to] of [
        ['seen', 'claiming'],
        ['claiming', 'claimed'],
        ['claimed', 'executing'],
    ] as const) {
        journal.jobs.transition(job, from, to);
    }
    journal.recordResult(job, result(1));
    expect(() => journal.results.insert(job, result(2))).toThrow(
        expect.objectContaining({ code: 'result_conflict' }),
    );
    expect(() => journal.recordResult(job, result(2))).toThrow(
        expect.objectContaining({ code: 'result_conflict' }),
    );
    expect(journal.results.get(job)).toEqual(result(1));
    expect(journal.jobs.get(job)!.state).toBe('executed');
});

test('a result for a job that is not executing leaves no result behind', () => {
    journal.jobs.insertSeen(newJob(1));
    expect(() => journal.recordResult(newJob(1).job, result(1))).toThrow(/is seen, not executing/);
    expect(journal.results.get(newJob(1).job)).toBeUndefined();
});

test('the outbox holds one live message a wallet until it is confirmed or expired', () => {
    const first = journal.outbox.add(message(1));
    expect(first).toMatchObject({ state: 'pending', sends: 0, actions: message(1).actions });
    expect(() => journal.outbox.add(message(2))).toThrow(
        expect.objectContaining({ code: 'outbox_conflict' }),
    );
    journal.outbox.markSent(first.id);
    journal.outbox.markSent(first.id);
    expect(() => journal.outbox.add(message(2))).toThrow(
        expect.objectContaining({ code: 'outbox_conflict' }),
    );
    expect(journal.outbox.live(first.wallet)).toMatchObject({ seqno: 1, sends: 2, boc: Buffer.from([1]) });
    journal.outbox.expire(first.id);
    const second = journal.outbox.add(message(2));
    journal.outbox.confirm(second.id, { lt: 2n ** 63n + 1n, hash: 'ff' });
    expect(journal.outbox.get(second.id)).toMatchObject({
        state: 'confirmed',
        lt: 2n ** 63n + 1n,
        txHash: 'ff',
    });
    expect(() => journal.outbox.markSent(second.id)).toThrow(/not live/);
    expect(journal.outbox.live(first.wallet)).toBeUndefined();
    expect(journal.outbox.history(newJob(1).job, 'claim').map(({ seqno }) => seqno)).toEqual([1, 2]);
    expect(journal.outbox.history(newJob(1).job, 'submit')).toEqual([]);
    expect(journal.outbox.add({ ...message(3), wallet: '0:other' }).state).toBe('pending');
});

test('changes of one transaction stand or fall together, nested ones too', () => {
    journal.jobs.insertSeen(newJob(1));
    const change = () =>
        journal.transaction(() => {
            journal.jobs.transition(newJob(1).job, 'seen', 'claiming');
            journal.outbox.add(message(1));
            journal.counters.add('claimSeq');
            throw new Error('power cut');
        });
    expect(change).toThrow('power cut');
    expect(journal.jobs.get(newJob(1).job)!.state).toBe('seen');
    expect(journal.outbox.live(message(1).wallet)).toBeUndefined();
    expect(journal.counters.get('claimSeq')).toBe(0n);
});

test('cursors never go back; counters never repeat', () => {
    journal.cursors.set('0:a', { lt: 2n ** 63n, hash: 'aa' });
    expect(() => journal.cursors.set('0:a', { lt: 5n, hash: 'bb' })).toThrow(
        expect.objectContaining({ code: 'cursor_backwards' }),
    );
    expect(journal.cursors.get('0:a')).toEqual({ lt: 2n ** 63n, hash: 'aa' });
    expect(journal.counters.add('claimSeq')).toBe(1n);
    expect(journal.counters.add('claimSeq')).toBe(2n);
    journal.counters.add('earnedNano', 2n ** 70n);
    expect(journal.counters.all()).toEqual({ claimSeq: 2n, earnedNano: 2n ** 70n });
});

test('everything survives closing and opening; attempts are counted', () => {
    const other = openJournal('kept.db');
    other.jobs.insertSeen(newJob(1));
    expect(other.jobs.recordAttempt(newJob(1).job, 'timeout', 7_000)).toBe(1);
    other.close();
    const again = openJournal('kept.db');
    expect(again.jobs.get(newJob(1).job)).toMatchObject({
        attempts: 1,
        retryAt: 7_000,
        lastError: 'timeout',
    });
    again.close();
});

test('pruning deletes finished jobs and messages only, and only old ones', () => {
    journal.jobs.insertSeen(newJob(1));
    journal.jobs.insertSeen(newJob(2));
    journal.jobs.transition(newJob(1).job, 'seen', 'skipped', { reason: 'price_too_low' });
    const { id } = journal.outbox.add(message(1));
    expect(journal.prune(1_000)).toBe(0);
    clock = 5_000;
    expect(journal.prune(2_000)).toBe(1);
    expect(journal.jobs.inStates(JOB_STATES).map(({ job }) => job)).toEqual([newJob(2).job]);
    expect(journal.outbox.get(id)).toBeDefined();
});
