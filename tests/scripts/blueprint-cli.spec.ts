import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { run as deployProtocol } from '../../scripts/deployProtocol';
import { localNetwork, ScriptBench } from './harness';

const root = join(__dirname, '../..');
const cli = join(root, 'node_modules/@ton/blueprint/dist/cli/cli.js');
const execute = promisify(execFile);

let bench: ScriptBench;
beforeAll(async () => {
    bench = await ScriptBench.start(1);
});
afterAll(() => bench.stop());

/** Everything that a terminal shows, without colours and cursor movements. */
async function blueprint(...args: string[]): Promise<{ code: number; text: string }> {
    const plain = (...texts: string[]) => stripVTControlCharacters(texts.join(''));
    try {
        const { stdout, stderr } = await execute(process.execPath, [cli, ...args], { cwd: root });
        return { code: 0, text: plain(stdout, stderr) };
    } catch (error) {
        const failure = error as { code: number; stdout: string; stderr: string };
        return { code: failure.code, text: plain(failure.stdout, failure.stderr) };
    }
}

it('runs scripts through `blueprint run`, with TypeScript compiled on the way', async () => {
    const network = bench.file('local.json', localNetwork());
    await bench.ok(deployProtocol, [network, '--yes']);
    const custom = ['--custom', bench.url, '--custom-version', 'v2', '--deeplink'];
    const { code, text } = await blueprint('run', 'showNetwork', ...custom, '--', network);
    expect(text).toContain('No proposal is pending');
    expect(code).toBe(0);
});

it('ends with one message and a non-zero code on a mistake', async () => {
    const custom = ['--custom', bench.url, '--custom-version', 'v2', '--deeplink'];
    const { code, text } = await blueprint('run', 'showNetwork', ...custom, '--', 'nowhere');
    expect(text).toContain('✗ networks/nowhere.json cannot be read.');
    expect(text).not.toContain('    at ');
    expect(code).toBe(1);
});
