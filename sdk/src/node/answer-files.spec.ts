import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureError } from '../../tests/helpers/capture';
import { seededBytes } from '../../tests/helpers/random';
import type { AnswerEvidence } from '../session';
import { answerFiles } from './answer-files';

const bytes = seededBytes(31);
const NOW = 1_800_000_000;
const KEEP = 3 * 86_400;
let folder: string;

beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'cocoon-answers-')), 'answers');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

function evidence(issuedAt: number, sequence = 1n): AnswerEvidence {
    return {
        request: { networkId: -3, node: bytes(32), vault: bytes(32), slot: 4, generation: 2n, sequence },
        modelId: bytes(32),
        task: 'chat',
        salt: bytes(32),
        json: bytes(40),
        deltas: [bytes(5), bytes(0), bytes(9)],
        receipt: {
            signature: bytes(64),
            chunk: 3,
            requestHash: bytes(32),
            responseHash: bytes(32),
            usage: { prompt: 7, cached: 1, completion: 9 },
            price: 12_345n,
            seed: 2n ** 64n - 1n,
            issuedAt,
        },
    };
}

it('keeps evidence across processes, oldest first, in files for this user alone', async () => {
    const now = () => NOW * 1_000;
    const store = answerFiles({ folder, keepSeconds: KEEP, now });
    const [late, early] = [evidence(NOW), evidence(NOW - 100)];
    for (const each of [late, early]) await store.put(each);
    const again = answerFiles({ folder, keepSeconds: KEEP, now });
    const kept = await again.list();
    expect(kept.map(({ issuedAt }) => issuedAt)).toEqual([NOW - 100, NOW]);
    expect(await again.get(kept[0]!.key)).toEqual(early);
    expect(await again.get(kept[1]!.key)).toEqual(late);
    for (const name of await readdir(folder)) {
        expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('deletes what can be disputed no more, and nothing else', async () => {
    let at = NOW;
    const store = answerFiles({ folder, keepSeconds: KEEP, now: () => at * 1_000 });
    await store.put(evidence(NOW - KEEP + 10));
    await store.put(evidence(NOW));
    await writeFile(join(folder, 'notes.txt'), 'mine');
    at += 9;
    await store.put(evidence(at));
    expect(await store.list()).toHaveLength(3);
    at += 120;
    await store.put(evidence(at));
    expect((await store.list()).map(({ issuedAt }) => issuedAt)).toEqual([NOW, NOW + 9, NOW + 129]);
    expect(await readdir(folder)).toContain('notes.txt');
});

it('keeps both of two receipts of one chunk', async () => {
    const store = answerFiles({ folder, keepSeconds: KEEP, now: () => NOW * 1_000 });
    const one = evidence(NOW);
    const other = { ...one, receipt: { ...one.receipt, signature: bytes(64), price: 1n } };
    await store.put(one);
    await store.put(other);
    await store.put(one);
    const kept = await Promise.all((await store.list()).map(({ key }) => store.get(key)));
    expect(kept).toHaveLength(2);
    expect(kept).toEqual(expect.arrayContaining([one, other]));
});

it('forgets when asked, and reads no file outside of its folder', async () => {
    const store = answerFiles({ folder, keepSeconds: KEEP, now: () => NOW * 1_000 });
    await store.put(evidence(NOW));
    const { key } = (await store.list())[0]!;
    await writeFile(join(folder, '..', 'secret.json'), '{}');
    expect(await store.get('../secret')).toBeUndefined();
    await store.delete('../secret');
    expect(await readdir(join(folder, '..'))).toContain('secret.json');
    await store.delete(key);
    expect(await store.list()).toEqual([]);
    expect(await store.get(key)).toBeUndefined();
});

it('names a damaged file without quoting it', async () => {
    const store = answerFiles({ folder, keepSeconds: KEEP, now: () => NOW * 1_000 });
    await store.put(evidence(NOW));
    const { key } = (await store.list())[0]!;
    await writeFile(join(folder, `${key}.json`), '{"version":1,"task":"chat","json":"zz"}');
    const error = await captureError(() => store.get(key));
    expect([error.code, error.message.includes('zz')]).toEqual(['evidence_insufficient', false]);
});
