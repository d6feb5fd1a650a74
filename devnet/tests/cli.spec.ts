import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mnemonicToPrivateKey } from '@ton/crypto';
import { DevnetControl } from 'cocoon-devnet';
import { plainAddress, TON } from './helpers';

const root = resolve(__dirname, '../..');
const running: ChildProcess[] = [];

afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
});

interface Cli {
    child: ChildProcess;
    /** First line of output. */
    line: Promise<string>;
    exit: Promise<{ code: number | null; stderr: string }>;
}

function start(...args: string[]): Cli {
    const tsx = ['--import', 'tsx', 'devnet/src/cli.ts'];
    const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') };
    const child = spawn(process.execPath, [...tsx, ...args], { cwd: root, env });
    running.push(child);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
    });
    const exit = new Promise<{ code: number | null; stderr: string }>((done) => {
        child.on('close', (code) => done({ code, stderr }));
    });
    const line = new Promise<string>((done, fail) => {
        child.stdout.once('data', (chunk: Buffer) => done(chunk.toString().split('\n')[0]!));
        void exit.then((result) => fail(new Error(`exited: ${JSON.stringify(result)}`)));
    });
    line.catch(() => undefined);
    return { child, line, exit };
}

it('starts, funds what it is told to, prints usable wallets, and stops on a signal', async () => {
    const receiver = plainAddress(0xee).toString();
    const cli = start('--port', '0', '--json', '--wallets', '1', '--seed', '5', '--fund', `${receiver}=1.5`);
    const { endpoint, wallets } = JSON.parse(await cli.line) as {
        endpoint: string;
        wallets: { address: string; mnemonic: string }[];
    };
    const control = new DevnetControl(endpoint);
    const supply = await control.supply();
    expect(supply).toMatchObject({ funded: 10_000n * TON + (3n * TON) / 2n, conserved: true });
    const { publicKey } = await mnemonicToPrivateKey(wallets[0]!.mnemonic.split(' '));
    expect(publicKey).toHaveLength(32);
    cli.child.kill('SIGTERM');
    expect(await cli.exit).toEqual({ code: 0, stderr: '' });
});

it('says in one line that the port is taken, and exits with 1', async () => {
    const blocker = createServer();
    await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
    const { port } = blocker.address() as { port: number };
    const { code, stderr } = await start('--port', String(port), '--wallets', '0').exit;
    blocker.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
        `cocoon-devnet: Port ${port} on 127.0.0.1 is taken by another program. ` +
            'Give another with --port, or --port 0 for any free one.\n',
    );
});

it('says in one line what is wrong with an argument or a journal, and exits with 1', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'devnet-cli-'));
    const diary = join(folder, 'diary.txt');
    writeFileSync(diary, 'Dear diary,\n');
    const [badHop, badFile] = await Promise.all([
        start('--hop', 'fast').exit,
        start('--port', '0', '--persist', diary).exit,
    ]);
    rmSync(folder, { recursive: true });
    expect(badHop).toMatchObject({ code: 1, stderr: expect.stringMatching(/--hop.*whole number/) });
    expect(badFile).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^cocoon-devnet: .*damaged at line 1.*\n$/),
    });
});
