import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Journal } from '../../src/journal';
import { temporaryDirectory } from '../helpers/temporary';
import { finished, startTsx } from '../helpers/tsx';

const ROUNDS = 20;
const directory = temporaryDirectory();

/** Reproducible delays: the kill falls somewhere between the first promise and the hundredth. */
function generator(seed: number): () => number {
    let state = seed;
    return () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
    };
}

/** Runs the worker until it has printed `lines` lines, then kills it with SIGKILL. Returns all that it printed. */
async function runAndKill(path: string, lines: number): Promise<string[]> {
    const child = startTsx('tests/journal/crash-worker.ts', [path]);
    let seen = 0;
    child.stdout!.on('data', (data: Buffer) => {
        seen += data.toString().split('\n').length - 1;
        if (seen >= lines) child.kill('SIGKILL');
    });
    const { code, stdout, stderr } = await finished(child);
    if (code !== null) throw new Error(`the worker ended by itself (${code}): ${stderr}`);
    // The last line may be cut short by the kill; what it promised is checked in the journal all the same.
    return stdout.split('\n').slice(0, -1);
}

test(`after kill -9 at ${ROUNDS} random points no action was carried twice and no result was lost or changed`, async () => {
    const path = join(directory, 'crash.db');
    const random = generator(7);
    const printed: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
        printed.push(...(await runAndKill(path, 1 + Math.floor(random() * 100))));
        const journal = Journal.open(path);
        const counts = journal.jobs.counts();
        const withResult = journal.jobs.inStates(
            ['executed', 'submitting', 'submitted', 'settled'],
            1_000_000,
        );
        expect(withResult.every(({ job }) => journal.results.get(job) !== undefined)).toBe(true);
        const without = journal.jobs.inStates(['seen', 'claiming', 'claimed', 'executing'], 1_000_000);
        expect(without.every(({ job }) => journal.results.get(job) === undefined)).toBe(true);
        // A job is "on its way" exactly when its message is the live one.
        const live = journal.outbox.live(`0:${'ee'.repeat(32)}`);
        expect(counts.claiming + counts.submitting).toBe(live ? 1 : 0);
        journal.close();
    }

    const journal = Journal.open(path);
    const messages = new Map<string, Set<string>>();
    const bySeqno = new Map<string, Set<string>>();
    for (const line of printed) {
        const [kind, ...fields] = line.split(' ');
        if (kind === 'result') {
            const [job, digest] = fields;
            const sealed = journal.results.get(job!)!.sealed;
            expect(createHash('sha256').update(sealed).digest('hex').slice(0, 16)).toBe(digest);
        } else {
            const [purpose, job, seqno, digest] = fields;
            const action = `${purpose} ${job}`;
            messages.set(action, (messages.get(action) ?? new Set()).add(`${seqno} ${digest}`));
            bySeqno.set(seqno!, (bySeqno.get(seqno!) ?? new Set()).add(`${action} ${digest}`));
        }
    }
    journal.close();
    // Sent again after a kill is fine, as long as it is the same message: the wallet's seqno lets it through once.
    for (const variants of [...messages.values(), ...bySeqno.values()]) expect(variants.size).toBe(1);
    expect(printed.length).toBeGreaterThan(ROUNDS * 10);
}, 120_000);
