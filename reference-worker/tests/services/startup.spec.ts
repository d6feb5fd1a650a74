import { join } from 'node:path';
import { Address, toNano } from '@ton/core';
import type { Cocoon } from 'cocoon-sdk';
import { until } from '../../../tests/helpers/until';
import { loadSecrets, parseConfig } from '../../src/config';
import type { Engine } from '../../src/engines';
import { createLogger } from '../../src/observability';
import { createWorker, type Worker } from '../../src/worker';
import { LocalNetwork, type RegisteredNode } from '../helpers/local-network';
import { RpcProxy } from '../helpers/rpc-proxy';
import { temporaryDirectory } from '../helpers/temporary';
import { NULL_MODEL, workerConfig } from '../helpers/worker-config';

const directory = temporaryDirectory();
const order = {
    modelId: BigInt(`0x${NULL_MODEL}`),
    items: [{ messages: [{ role: 'user' as const, content: 'hello' }] }],
    maxPrice: toNano('1'),
    collateral: toNano('1'),
};
let network: LocalNetwork;
let node: RegisteredNode;
let poor: RegisteredNode;
let client: Cocoon;
let journals = 0;

beforeAll(async () => {
    network = await LocalNetwork.start();
    node = await network.registerNode(0, { modelIds: [NULL_MODEL] });
    poor = await network.registerNode(1, { modelIds: [NULL_MODEL], funds: toNano('0.01') });
    client = await network.client(0);
}, 60_000);

afterAll(() => network?.close());

interface Running {
    worker: Worker;
    stop: AbortController;
    ended: Promise<unknown>;
}

/** Starts a worker; `ended` resolves with its error, if there is one. */
async function start(
    changes: Record<string, unknown> = {},
    of: RegisteredNode = node,
    environment: Record<string, string> = {},
): Promise<Running> {
    const base = workerConfig(network, of);
    const path = join(directory, `journal-${journals++}.db`);
    const config = parseConfig({ ...base, journal: { path }, ...changes });
    const worker = await createWorker({
        config,
        secrets: loadSecrets(undefined, directory, { ...of.environment, ...environment }),
        logger: await createLogger({ level: 'silent', pretty: false }),
        directory,
    });
    const stop = new AbortController();
    const ended = worker.run(stop.signal).then(
        () => undefined,
        (error: unknown) => error,
    );
    return { worker, stop, ended };
}

const rpcOf = async ({ worker }: Running) => (await worker.context.health.report()).checks.rpc;

async function finish({ worker, stop, ended }: Running): Promise<unknown> {
    stop.abort();
    const error = await ended;
    await worker.close();
    return error;
}

const withNetwork = (changes: object) => ({
    network: { ...workerConfig(network, node).network, ...changes },
});

test.each<[string, () => [Record<string, unknown>, Record<string, string>?], string, number]>([
    ['another network', () => [withNetwork({ id: -3 })], 'wrong_network', 7],
    [
        'no Registry there',
        () => [withNetwork({ registry: new Address(0, Buffer.alloc(32, 5)).toString() })],
        'registry_not_found',
        9,
    ],
    ['no such node', () => [{ node: { index: 77 } }], 'node_not_found', 9],
    [
        'another wallet',
        () => [{}, { COCOON_WORKER_SECRETS_WALLET_SEED: '09'.repeat(32) }],
        'wrong_operator',
        9,
    ],
    [
        'another encryption key',
        () => [{}, { COCOON_WORKER_SECRETS_ENCRYPTION_KEY: '09'.repeat(32) }],
        'wrong_keys',
        9,
    ],
])('%s: the worker ends with one clear error', async (_name, make, code, exitCode) => {
    const [changes, environment] = make();
    const running = await start(changes, node, environment);
    const error = await running.ended;
    await running.worker.close();
    expect(error).toMatchObject({ code, exitCode });
    expect((error as { remedy: string }).remedy).toMatch(/\w{4,}/);
});

test('an RPC that does not answer is waited for, with health red; then the worker begins', async () => {
    const proxy = await RpcProxy.start(network.url);
    proxy.before = () => true;
    const running = await start(withNetwork({ endpoints: [proxy.url], timeoutSeconds: 1 }));
    await until(async () => /no connection/.test((await rpcOf(running))?.reason ?? ''));
    expect(running.worker.context.health.ready).toBe(false);
    proxy.reset();
    await until(() => running.worker.context.health.ready);
    expect(await rpcOf(running)).toEqual({ ok: true });
    expect(await finish(running)).toBeUndefined();
    await proxy.close();
});

test('while it waits for the RPC, a signal ends it at once', async () => {
    const running = await start(withNetwork({ endpoints: ['http://127.0.0.1:1/jsonRPC'] }));
    await until(async () => /no connection/.test((await rpcOf(running))?.reason ?? ''));
    expect(await finish(running)).toBeUndefined();
});

test('a wallet without funds claims nothing and says what it needs; once funded, work begins', async () => {
    const running = await start({}, poor);
    const { health, journal } = running.worker.context;
    const { address } = await client.jobs.postJob({ ...order, node: poor.index });
    const job = address.toRawString();
    await until(() => journal.jobs.get(job)?.reason === 'wallet_unfunded');
    const wallet = (await health.report()).checks.wallet!;
    expect(wallet.ok).toBe(false);
    expect(wallet.reason).toContain(poor.operator.toString({ bounceable: false }));
    await network.devnet.fund(poor.operator, toNano('5'));
    await until(() => journal.jobs.get(job)?.state === 'submitted');
    expect(await finish(running)).toBeUndefined();
});

test('a drain that takes too long puts work down; the next start finishes it', async () => {
    const path = join(directory, 'drain.db');
    const first = await start({ journal: { path }, drain: { timeoutSeconds: 1 } });
    const model = first.worker.context.models.get(NULL_MODEL)! as { engine: Engine };
    const { engine } = model;
    model.engine = {
        ...engine,
        complete: (request, options) =>
            new Promise((resolve) => {
                const abort = async () =>
                    resolve({ ...(await engine.complete(request)), finishReason: 'abort' as const });
                options?.signal?.addEventListener('abort', abort);
            }),
    };
    const { address } = await client.jobs.postJob({ ...order, node: node.index });
    const job = address.toRawString();
    await until(() => first.worker.context.journal.jobs.get(job)?.state === 'executing');
    expect(await finish(first)).toBeUndefined();

    const second = await start({ journal: { path } });
    await until(() => second.worker.context.journal.jobs.get(job)?.state === 'submitted');
    expect(await finish(second)).toBeUndefined();
});
