import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SECRETS_ENVIRONMENT, validConfig } from './helpers/config';
import { listen } from './helpers/http';
import { temporaryDirectory } from './helpers/temporary';
import { finished, startTsx } from './helpers/tsx';

const directory = temporaryDirectory();
let configs = 0;

function writeConfig(change: (config: ReturnType<typeof validConfig>) => unknown = () => {}): string {
    const config = validConfig();
    config.journal.path = `journal-${configs}.db`;
    change(config);
    const file = join(directory, `worker-${configs++}.yaml`);
    writeFileSync(file, stringify(config));
    return file;
}

const cli = (args: string[], env: object = SECRETS_ENVIRONMENT) =>
    finished(startTsx('src/cli.ts', args, { cwd: directory, env }));

test('run serves until SIGTERM, drains, and ends with 0', async () => {
    const config = writeConfig((raw) => {
        raw.http = { port: 0 };
    });
    const child = startTsx('src/cli.ts', ['run', '-c', config], { env: SECRETS_ENVIRONMENT });
    child.stdout!.once('data', () => child.kill('SIGTERM'));
    const { code, stdout, stderr } = await finished(child);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg);
    expect(lines[0]).toBe('model is ready');
    expect(lines.at(-1)).toBe('stopped');
});

test.each<[string, Parameters<typeof writeConfig>[0], object, number, RegExp]>([
    ['config', (raw) => Object.assign(raw.http, { port: 'x' }), SECRETS_ENVIRONMENT, 2, /http\.port: /],
    ['secrets', undefined, {}, 3, /wallet: expected/],
    [
        'journal',
        (raw) => Object.assign(raw.journal, { path: 'corrupt.db' }),
        SECRETS_ENVIRONMENT,
        4,
        /corrupt\.db is corrupt/,
    ],
    [
        'model',
        (raw) => Object.assign(raw.models[0]!, { engine: { type: 'llama', path: 'no.gguf' } }),
        SECRETS_ENVIRONMENT,
        5,
        /model file not found/,
    ],
    [
        'port',
        (raw) => Object.assign(raw.http, { port: Number(new URL(taken.url).port) }),
        SECRETS_ENVIRONMENT,
        8,
        /is taken/,
    ],
])(
    'run with a wrong %s: one message with a remedy on stderr, exit code',
    async (_name, change, env, code, message) => {
        writeFileSync(join(directory, 'corrupt.db'), 'garbage '.repeat(1000));
        const result = await cli(['run', '-c', writeConfig(change)], env);
        expect(result.stderr).toMatch(message);
        expect(result.stderr).toMatch(/\n {2}what to do: .+\n$/);
        expect(result.stderr.trim().split('\n')).toHaveLength(2);
        expect(result.code).toBe(code);
    },
);

let taken: Awaited<ReturnType<typeof listen>>;
let rpc: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
    taken = await listen((_request, response) => response.end());
    rpc = await listen((_request, response) =>
        response.end(JSON.stringify({ ok: true, result: { last: { seqno: 77 } } })),
    );
});
afterAll(() => Promise.all([taken.close(), rpc.close()]));

test('check reports every part; with the RPC down it fails with 7', async () => {
    const embedded = (endpoint: string) =>
        writeConfig((raw) => {
            raw.network.endpoints = [endpoint];
            raw.models = [
                {
                    name: 'tiny',
                    manifest: 'embedded:tiny-demo',
                    engine: { type: 'llama', path: 'embedded:tiny-demo' },
                    pricing: {},
                },
            ];
        });
    const good = await cli(['check', '-c', embedded(rpc.url)]);
    expect(good.stdout).toMatch(/ok {3}model tiny: id f953e50a.* engine llama/);
    expect(good.stdout).toMatch(/ok {3}rpc .*: masterchain block 77/);
    expect(good.stdout.match(/FAIL/g)).toEqual(['FAIL']);
    expect(good.stdout).toMatch(/FAIL node: .*\n {2}what to do: /);
    expect([good.code, good.stderr]).toEqual([7, '']);
    const bad = await cli(['check', '-c', embedded(taken.url)]);
    expect(bad.stdout).toMatch(/FAIL rpc .*not as toncenter v2/);
    expect(bad.code).toBe(7);
});

test('keys makes a private file once and shows only public halves; chat answers', async () => {
    const file = join(directory, 'keys.yaml');
    const first = await cli(['keys', '-o', file]);
    expect(first.code).toBe(0);
    expect(existsSync(file)).toBe(true);
    const secret = /operatorKey: "?([0-9a-f]{64})/.exec(readFileSync(file, 'utf8'))![1]!;
    expect(first.stdout).not.toContain(secret);
    const second = await cli(['keys', '-o', file]);
    expect(second.stdout).toMatch(/nothing was changed/);
    expect(second.stdout.split('\n').slice(1)).toEqual(first.stdout.split('\n').slice(1));

    const config = writeConfig((raw) => {
        raw.models[0]!.engine = { type: 'llama', path: 'embedded:tiny-demo' };
    });
    const chat = await cli(['chat', '-c', config, 'What is the capital of Spain?'], {});
    expect(chat.stdout).toBe('The capital of Spain is Madrid.\n');
    expect(chat.code).toBe(0);
});
