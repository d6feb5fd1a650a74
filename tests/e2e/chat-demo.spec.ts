// `npm run demo:chat -- --keep`, an application that asks the gateway which stays up, and Ctrl-C: what people see, and the sums.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ProcessGroup, plainEnvironment, run } from './helpers/processes';
import { codeBlock, commands, root } from './helpers/readme';

jest.setTimeout(240_000);

let demo: ProcessGroup;
let example: string;

beforeAll(async () => {
    // As `npm run demo:chat` does after its set-up.
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const command = scripts['demo:chat'].split(' && ').at(-1);
    demo = new ProcessGroup('bash', ['-c', `exec ${command} --keep --json`], { cwd: root });
    const [, OPENAI_BASE_URL] = await demo.prints(/export OPENAI_BASE_URL=(\S+)/);
    const [, OPENAI_API_KEY] = await demo.prints(/export OPENAI_API_KEY=(\S+)/);
    example = await run(process.execPath, [join(root, 'docs/examples/chat.mjs')], {
        cwd: root,
        env: plainEnvironment({ OPENAI_BASE_URL, OPENAI_API_KEY }),
    });
    await demo.interrupt();
});
afterAll(() => demo?.kill());

it('streams to an application with the official client', () => {
    expect(example).toBe('The capital of France is Paris.');
});

it('is started as the README says', () => {
    expect(commands('README.md', 'npm run demo:chat')).toEqual(['npm run demo:chat -- --keep']);
    expect(codeBlock('README.md', '// docs/examples/chat.mjs')).toContain('new OpenAI()');
});

it('answers at least 50 requests with at most 6 messages on chain, and nobody else can read a word', () => {
    const summary = JSON.parse(demo.stdout.trim().split('\n').at(-1)!);
    expect(summary).toMatchObject({ conserved: true, plaintextLeaks: 0 });
    expect(summary.requests).toBeGreaterThanOrEqual(50);
    expect(summary.onchainTx).toBeLessThanOrEqual(6);
    expect(summary.onchainTx).toBeGreaterThanOrEqual(3);
    expect(summary.spentNano).toBeGreaterThan(0);
});

it('shows answers with their prices, and what the chain saw', () => {
    const output = stripVTControlCharacters(demo.stdout);
    expect(output).toMatch(
        /Bob +What is the capital of France\?\n +answer The capital of France is Paris\. +0\.\d+ TON for \d+ tokens, \w+/,
    );
    expect(output).toMatch(/back end +opens a vault/);
    expect(output).toMatch(/back end +withdraws what is left/);
    expect(output).toContain('Not one nanoTON is missing.');
    expect(output).toContain('Not one of them is in there');
    expect(demo.stderr).toBe('');
});

it('leaves nothing behind', async () => {
    expect([await demo.ended, demo.alive]).toEqual([0, false]);
});
