import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from '../../../tests/helpers/until';
import { createRelayService, relayEndpoint } from '../../src/relay';
import { handler, newOperator, OCTETS, silent } from './helpers';

const ROOT = join(__dirname, '../../..');
const TSX = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;
let running: ChildProcess | undefined;
afterAll(() => running?.kill('SIGKILL'));

/** The relay as operators run it; resolves once it serves. */
async function startRelay(port: number): Promise<ChildProcess> {
    const args = ['--import', TSX, join(ROOT, 'relay/src/cli.ts'), '--port', String(port)];
    running = spawn(process.execPath, args, {
        env: { ...process.env, NODE_OPTIONS: '', TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    for await (const chunk of running.stdout!) {
        text += chunk;
        if (text.includes('the relay serves')) return running;
    }
    throw new Error(`the relay ended: ${text}`);
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    return port;
}

test('a relay that is killed in the middle of an answer loses nothing: the same bytes are answered again', async () => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}`;
    const operator = newOperator();
    // As the journal does it: one execution for the same bytes, and its frames again for a retry.
    const journal = new Map<string, { frames: Buffer[]; more: Promise<void> }>();
    let finish!: () => void;
    let executed = 0;
    const service = createRelayService({
        url,
        operator,
        logger: await silent(),
        delay: () => new Promise((resolve) => setTimeout(resolve, 50)),
        handler: handler(({ body }) => {
            const key = Buffer.from(body).toString();
            let entry = journal.get(key);
            if (!entry) {
                executed++;
                entry = {
                    frames: [Buffer.from('frame 1;')],
                    more: new Promise((resolve) => (finish = resolve)),
                };
                journal.set(key, entry);
            }
            return { status: 200, headers: OCTETS, body: replay(entry) };
        }),
    });
    async function* replay(entry: { frames: Buffer[]; more: Promise<void> }) {
        yield entry.frames[0]!;
        await entry.more;
        yield Buffer.from('frame 2');
    }
    const first = await startRelay(port);
    await service.start(new AbortController().signal);
    await until(() => service.connected);

    const target = `${relayEndpoint(url, operator.publicKey)}/cocoon/v1/requests`;
    const ask = () => fetch(target, { method: 'POST', body: 'the same sealed bytes' });
    const cut = await ask();
    const reader = cut.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('frame 1;');
    first.kill('SIGKILL');
    await expect(reader.read()).rejects.toThrow();
    await until(() => !service.connected);
    await expect(ask()).rejects.toThrow();

    const second = await startRelay(port);
    await until(() => service.connected);
    const again = ask();
    finish();
    expect(await (await again).text()).toBe('frame 1;frame 2');
    expect(executed).toBe(1);

    await service.stop!(AbortSignal.abort());
    second.kill('SIGTERM');
    const [code] = await once(second, 'close');
    expect(code).toBe(0);
}, 120_000);
