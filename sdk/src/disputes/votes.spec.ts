import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureError } from '../../tests/helpers/capture';
import { seededBytes } from '../../tests/helpers/random';
import { voteFiles } from '../node';
import { keepVote, memoryVoteStore, type VotePlace, type VoteStore, voteOfTag, voteTag } from './votes';

const random = seededBytes(8);
const DISPUTE = `0:${'ab'.repeat(32)}`;
const place: VotePlace = { dispute: DISPUTE, round: 1, index: 4 };
let folder: string;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cocoon-votes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each([
    ['memory', () => memoryVoteStore()],
    ['files', () => voteFiles(join(folder, 'votes'))],
] as [string, () => VoteStore][])('votes in %s', (_, open) => {
    it('keep the salt of the first, however often it is asked for', async () => {
        const store = open();
        const first = await keepVote(store, place, 'client', random);
        expect(first).toMatchObject({
            ...place,
            vote: 'client',
            salt: expect.stringMatching(/^[0-9a-f]{64}$/),
        });
        expect(await keepVote(store, place, 'client', random)).toEqual(first);
        expect(await store.get(place)).toEqual(first);
        expect(await store.list()).toEqual([first]);
    });

    it('are never two for one place', async () => {
        const store = open();
        await keepVote(store, place, 'node', random);
        const error = await captureError(() => keepVote(store, place, 'client', random));
        expect([error.code, error.details]).toEqual(['vote_stands', { standing: 'node', wanted: 'client' }]);
        const others = [
            { ...place, round: 2 },
            { ...place, index: 5 },
            { ...place, dispute: `0:${'cd'.repeat(32)}` },
        ];
        for (const other of others) await keepVote(store, other, 'client', random);
        expect(await store.list()).toHaveLength(4);
    });

    it('are one even for those who race', async () => {
        const store = open();
        const racing = await Promise.all(
            Array.from({ length: 20 }, () => keepVote(store, place, 'client', random)),
        );
        expect(new Set(racing.map(({ salt }) => salt)).size).toBe(1);
    });

    it('are forgotten when asked', async () => {
        const store = open();
        await keepVote(store, place, 'node', random);
        await store.delete(place);
        expect(await store.get(place)).toBeUndefined();
        expect(await store.list()).toEqual([]);
    });
});

it('files survive the process, are private, and ignore what a crash left half written', async () => {
    const path = join(folder, 'votes');
    const kept = await keepVote(voteFiles(path), place, 'unavailable', random);
    const [name] = await readdir(path);
    await writeFile(join(path, `${name}.5f0c.tmp`), '{"vote":');
    expect((await stat(join(path, name!))).mode & 0o777).toBe(0o600);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    const again = voteFiles(path);
    expect(await again.list()).toEqual([kept]);
    expect(await keepVote(again, place, 'unavailable', random)).toEqual(kept);
});

it('two stores on one folder agree on one vote', async () => {
    const [a, b] = [voteFiles(folder), voteFiles(folder)];
    const outcomes = await Promise.allSettled([
        keepVote(a, place, 'node', random),
        keepVote(b, place, 'client', random),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await a.list()).toHaveLength(1);
});

it('nothing is committed to that could not be kept', async () => {
    const broken = { ...memoryVoteStore(), putIfAbsent: () => Promise.reject(new Error('disk full')) };
    expect((await captureError(() => keepVote(broken, place, 'node', random))).code).toBe(
        'vote_store_failed',
    );
    const file = join(folder, 'file');
    await writeFile(file, '');
    const error = await captureError(() => keepVote(voteFiles(file), place, 'node', random));
    expect(error.code).toBe('vote_store_failed');
});

it('votes have the numbers of the contract', () => {
    expect((['node', 'client', 'unavailable'] as const).map(voteTag)).toEqual([0, 1, 2]);
    expect([0, 1, 2, 3].map(voteOfTag)).toEqual(['node', 'client', 'unavailable', undefined]);
});
