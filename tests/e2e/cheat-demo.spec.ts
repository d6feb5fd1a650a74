// `npm run demo -- --cheat --json`: what people see, and the sums.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { until } from '../helpers/until';
import { ProcessGroup } from './helpers/processes';
import { commands, root } from './helpers/readme';

jest.setTimeout(400_000);

let demo: ProcessGroup;
let code: number | null;
let summary: Record<string, unknown>;

beforeAll(async () => {
    // As `npm run demo` does after its set-up.
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const command = scripts.demo.split(' && ').at(-1);
    demo = new ProcessGroup('bash', ['-c', `exec ${command} --cheat --json`], { cwd: root });
    code = await demo.ended;
    if (code !== 0) throw new Error(`It ended with ${code}:\n${demo.stdout}${demo.stderr}`);
    summary = JSON.parse(demo.stdout.trim().split('\n').at(-1)!);
});
afterAll(() => demo?.kill());

it('is started as the README says', () => {
    expect(commands('README.md', 'npm run demo  ')).toContain('npm run demo -- --cheat');
});

it('slashes the node that cheats, never the honest one, and loses no nanoTON', () => {
    expect(summary).toMatchObject({ slashedCheater: true, slashedHonest: false, conserved: true });
    // The collateral of the job, and a sixteenth of the reserve for the session.
    expect(summary.slashedNano).toBe(2_625_000_000);
    expect(summary.honestGainNano).toBeGreaterThan(500_000_000);
    expect(summary.burntNano).toBeGreaterThan(500_000_000);
});

it('is judged by five jurors each, who all find the same', () => {
    const jury = (vote: string) => Array.from({ length: 5 }, () => vote);
    expect(summary.disputes).toEqual([
        { title: "Carlo's session", outcome: 'client', votes: jury('client') },
        { title: "Carlo's job", outcome: 'client', votes: jury('client') },
        { title: "Ada's job", outcome: 'node', votes: jury('node') },
    ]);
});

it('shows what the client saw, each step, and where the money is', () => {
    const output = stripVTControlCharacters(demo.stdout);
    expect(output).toMatch(/re-scored: for the client \(logprobs_differ, evidence [\d.]+ of 14\.9 nats\)/);
    expect(output).toMatch(/re-scored: for the node \(consistent, /);
    expect(output).toMatch(/Carlo's session +node \d sits, with a sealed vote \(5 of 5\)/);
    expect(output).toMatch(/Ada's job +verdict for the node: 0 for the client, 5 for the node/);
    expect(output).toContain('Not one nanoTON is missing.');
    expect(demo.stderr).toBe('');
});

it('ends with code 0 and leaves nothing behind', async () => {
    expect(code).toBe(0);
    // The compiler's helper process notices the end of its parent a moment later.
    await until(() => !demo.alive);
});
