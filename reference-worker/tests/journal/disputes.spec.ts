import { join } from 'node:path';
import { keepVote } from 'cocoon-sdk';
import { Journal } from '../../src/journal';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();
const DISPUTE = `0:${'ab'.repeat(32)}`;
const place = { dispute: DISPUTE, round: 1, index: 4 };
let number = 0;
let now = 1_000;

function open(file = join(directory, `journal-${number}.db`)): Journal {
    return Journal.open(file, { now: () => now });
}

beforeEach(() => {
    number += 1;
    now = 1_000;
});

it('a vote that was kept stands after a restart, and no other takes its place', async () => {
    const before = open();
    const kept = await keepVote(before.votes, place, 'client');
    before.close();
    const after = open();
    expect(await after.votes.get(place)).toEqual(kept);
    expect(await keepVote(after.votes, place, 'client')).toEqual(kept);
    await expect(keepVote(after.votes, place, 'node')).rejects.toMatchObject({ code: 'vote_stands' });
    // Another round is another place.
    const second = await keepVote(after.votes, { ...place, round: 2 }, 'node');
    expect(second.salt).not.toBe(kept.salt);
    expect(await after.votes.list()).toEqual([kept, second]);
    await after.votes.delete(place);
    expect(await after.votes.list()).toEqual([second]);
    after.close();
});

it('a dispute is known once, and looked at when it is due, until it is over', () => {
    const journal = open();
    const { disputes } = journal;
    expect(disputes.insert({ dispute: DISPUTE, role: 'juror' })).toBe(true);
    expect(disputes.insert({ dispute: DISPUTE, role: 'accused' })).toBe(false);
    expect(disputes.due('accused')).toEqual([]);
    expect(disputes.due('juror')).toHaveLength(1);
    disputes.failed(DISPUTE, 'rpc_timeout', 2_000);
    expect(disputes.due('juror')).toEqual([]);
    expect(disputes.get(DISPUTE)).toMatchObject({ attempts: 1, lastError: 'rpc_timeout', retryAt: 2_000 });
    now = 2_000;
    expect(disputes.due('juror')).toHaveLength(1);
    disputes.lookAgain(DISPUTE, 3_000.5);
    expect(disputes.get(DISPUTE)).toEqual({
        dispute: DISPUTE,
        role: 'juror',
        attempts: 0,
        retryAt: 3_001,
        settled: false,
    });
    disputes.close(DISPUTE, 'client');
    now = 9_000;
    expect(disputes.open('juror')).toEqual([]);
    journal.prune(2_000);
    expect(disputes.get(DISPUTE)?.outcome).toBe('client');
    journal.prune(2_001);
    expect(disputes.get(DISPUTE)).toBeUndefined();
    journal.close();
});
