import { join } from 'node:path';
import { Journal } from '../../src/journal';
import { recordAccusation } from '../../src/services/defence/record';
import type { Runtime } from '../../src/services/runtime';
import { temporaryDirectory } from '../helpers/temporary';

const DISPUTE = `0:${'0d'.repeat(32)}`;
const JOB = `0:${'0a'.repeat(32)}`;

const directory = temporaryDirectory();
let run = 0;
let journal: Journal;
let woken: number;
let said: string[];
let runtime: Runtime;

beforeEach(() => {
    journal = Journal.open(join(directory, `${run++}.sqlite`));
    woken = 0;
    said = [];
    const say = (level: string) => (_: object, text: string) => said.push(`${level}: ${text}`);
    runtime = {
        context: { journal, logger: { warn: say('warn'), info: say('info'), error: say('error') } },
        wake: () => woken++,
    } as unknown as Runtime;
});
afterEach(() => journal.close());

it('an accusation is recorded once, however often the chain is read', () => {
    for (let i = 0; i < 2; i++) recordAccusation(runtime, { kind: 'accused', dispute: DISPUTE, job: JOB });
    expect(journal.disputes.get(DISPUTE)).toMatchObject({ role: 'accused', job: JOB });
    expect(woken).toBe(1);
    expect(said).toEqual(['warn: this node is accused']);
});

it.each([
    [0n, 'info: an accusation came to nothing'],
    [7n, 'error: convicted: the node was slashed'],
])('an end with a slash of %s is counted once', (slashed, message) => {
    recordAccusation(runtime, { kind: 'accused', dispute: DISPUTE });
    for (let i = 0; i < 2; i++) recordAccusation(runtime, { kind: 'ended', dispute: DISPUTE, slashed });
    expect(journal.disputes.get(DISPUTE)?.settled).toBe(true);
    expect(journal.counters.get('slashedNano')).toBe(slashed);
    expect(said.slice(1)).toEqual([message]);
});

it('the end of an accusation that is not known changes nothing', () => {
    recordAccusation(runtime, { kind: 'ended', dispute: DISPUTE, slashed: 7n });
    expect(journal.disputes.get(DISPUTE)).toBeUndefined();
    expect(journal.counters.get('slashedNano')).toBe(0n);
    expect(said).toEqual([]);
});
