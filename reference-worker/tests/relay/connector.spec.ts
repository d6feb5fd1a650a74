import { createHash } from 'node:crypto';
import { CloseCode, Relay } from 'cocoon-relay';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from '../../../tests/helpers/until';
import { createRelayService, type RelayService, relayEndpoint } from '../../src/relay';
import { reconnectDelay } from '../../src/relay/backoff';
import { BodyPool } from '../../src/relay/serve';
import type { SessionCall, SessionHandler } from '../../src/sessions';
import { seededRandom } from '../helpers/random';
import { handler, newOperator, OCTETS, recorded, silent } from './helpers';

const never = new AbortController().signal;
const relays: Relay[] = [];
const services: RelayService[] = [];
afterEach(async () => {
    const force = AbortSignal.abort();
    for (const service of services.splice(0)) await service.stop!(force);
    for (const relay of relays.splice(0)) await relay.close();
});

/** A relay that answers to its own address. */
async function startRelay(port?: number): Promise<{ relay: Relay; port: number; url: string }> {
    const free = port ?? (await freePort());
    const relay = new Relay({ hosts: [`localhost:${free}`] });
    relays.push(relay);
    await relay.listen(free);
    return { relay, port: free, url: `ws://localhost:${free}` };
}

async function freePort(): Promise<number> {
    const probe = new Relay({ hosts: [] });
    const port = await probe.listen(0);
    await probe.close();
    return port;
}

async function serve(url: string, sessions: SessionHandler, operator = newOperator()) {
    const service = createRelayService({ url, operator, handler: sessions, logger: await silent() });
    services.push(service);
    await service.start(never);
    await until(() => service.connected);
    return { service, operator, endpoint: relayEndpoint(url, operator.publicKey) };
}

const post = (endpoint: string, body: BodyInit, call = 'requests') =>
    fetch(`${endpoint}/cocoon/v1/${call}`, { method: 'POST', body });

test('calls reach the handler whole, and its answers the client as they come', async () => {
    const { url } = await startRelay();
    const calls: SessionCall[] = [];
    let release!: () => void;
    const second = new Promise<void>((resolve) => (release = resolve));
    const { endpoint, operator } = await serve(
        url,
        handler((call) => {
            calls.push(call);
            if (call.path.endsWith('payments')) return { status: 204, headers: {}, body: new Uint8Array() };
            return { status: 200, headers: OCTETS, body: frames() };
        }),
    );
    async function* frames() {
        yield Buffer.from('one');
        await second;
        yield Buffer.from('two');
    }
    expect(endpoint).toBe(`${url.replace('ws:', 'http:')}/n/${operator.hex}`);
    const body = Buffer.alloc(700_000, 'sealed');
    const response = await post(endpoint, body);
    const reader = response.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('one');
    release();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('two');
    expect((await reader.read()).done).toBe(true);
    expect(calls[0]).toMatchObject({ method: 'POST', path: '/cocoon/v1/requests' });
    expect(Buffer.from(calls[0]!.body).equals(body)).toBe(true);
    expect((await post(endpoint, 'x', 'payments')).status).toBe(204);
    const info = await fetch(`${endpoint}/cocoon/v1/node`);
    await info.body!.cancel();
    expect(calls[2]).toMatchObject({ method: 'GET', path: '/cocoon/v1/node', body: new Uint8Array() });
});

test('128 calls at once through one connection, each with its own answer', async () => {
    const { url, relay } = await startRelay();
    const { endpoint } = await serve(
        url,
        handler(({ body }) => ({ status: 200, headers: OCTETS, body: pieces(body) })),
    );
    async function* pieces(body: Uint8Array) {
        const random = seededRandom(body.length);
        for (let at = 0; at < body.length; ) {
            const size = 1 + Math.floor(random() * 5_000);
            yield body.subarray(at, at + size);
            at += size;
            if (random() < 0.5) await new Promise(setImmediate);
        }
    }
    const answers = await Promise.all(
        Array.from({ length: 128 }, async (_, i) => {
            const body = Buffer.alloc(500 + i * 401, createHash('sha256').update(String(i)).digest());
            return body.equals(Buffer.from(await (await post(endpoint, body)).arrayBuffer()));
        }),
    );
    expect(answers).toEqual(Array(128).fill(true));
    await until(() => relay.status().streams === 0);
});

test('a client that is gone is told to the handler, and its answer is no longer read', async () => {
    const { url } = await startRelay();
    let signal!: AbortSignal;
    let ended = false;
    const { endpoint } = await serve(
        url,
        handler((call) => {
            signal = call.signal;
            return { status: 200, headers: OCTETS, body: endless() };
        }),
    );
    async function* endless() {
        try {
            for (;;) {
                yield Buffer.alloc(1_000);
                await new Promise(setImmediate);
            }
        } finally {
            ended = true;
        }
    }
    const controller = new AbortController();
    await fetch(`${endpoint}/cocoon/v1/requests`, { method: 'POST', body: 'x', signal: controller.signal });
    controller.abort();
    await until(() => signal.aborted && ended);
});

test('a relay in between cannot serve as this node: its proof names the wrong relay', async () => {
    const { port, relay } = await startRelay();
    const codes: number[] = [];
    const middle = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    middle.on('connection', (victim) => {
        const real = new WebSocket(`ws://localhost:${port}/connect`);
        real.on('message', (data, binary) => victim.send(data, { binary }));
        real.on('close', (code) => {
            codes.push(code);
            victim.close();
        });
        victim.on('message', (data, binary) => real.send(data, { binary }));
    });
    await new Promise((resolve) => middle.once('listening', resolve));
    const { port: middlePort } = middle.address() as { port: number };
    const service = createRelayService({
        url: `ws://127.0.0.1:${middlePort}`,
        operator: newOperator(),
        handler: handler(() => ({ status: 200, headers: {}, body: Buffer.from('stolen') })),
        logger: await silent(),
    });
    services.push(service);
    await service.start(never);
    await until(() => codes.length > 0);
    expect(codes).toEqual([CloseCode.Refused]);
    expect([service.connected, relay.status().nodes]).toEqual([false, 0]);
    middle.close();
});

test('a relay that is away is tried again, later each time; one that took the place over, after a minute', async () => {
    const { logger, lines } = await recorded();
    const port = await freePort();
    const waits: number[] = [];
    let proceed: () => void = () => undefined;
    const operator = newOperator();
    const options = {
        url: `ws://localhost:${port}`,
        operator,
        handler: handler(() => ({ status: 204, headers: {}, body: new Uint8Array() })),
        random: () => 1,
    };
    const service = createRelayService({
        ...options,
        logger,
        delay: (ms) => {
            waits.push(ms);
            return waits.length < 4 ? Promise.resolve() : new Promise<void>((resolve) => (proceed = resolve));
        },
    });
    services.push(service);
    await service.start(never);
    await until(() => waits.length === 4);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    await startRelay(port);
    proceed();
    await until(() => service.connected);

    const twin = createRelayService({ ...options, logger: await silent() });
    services.push(twin);
    await twin.start(never);
    await until(() => waits.length === 5);
    expect([waits[4], service.connected, twin.connected]).toEqual([60_000, false, true]);
    expect(lines.at(-1)).toMatchObject({ code: CloseCode.Replaced, waitMs: 60_000 });
    proceed();
});

test('a stop waits for calls under way, a forced one does not', async () => {
    const { url } = await startRelay();
    let finish!: () => void;
    const waiting = new Promise<void>((resolve) => (finish = resolve));
    let begun = 0;
    const slow = handler(async () => {
        begun++;
        await waiting;
        return { status: 200, headers: OCTETS, body: Buffer.from('done') };
    });
    const first = await serve(url, slow);
    const answer = post(first.endpoint, 'x');
    await until(() => begun === 1);
    const stopped = first.service.stop!(never);
    finish();
    expect(await (await answer).text()).toBe('done');
    await stopped;
    expect((await post(first.endpoint, 'x')).status).toBe(503);

    const stuck = await serve(
        url,
        handler(() => new Promise(() => undefined)),
    );
    const cut = post(stuck.endpoint, 'x');
    const force = new AbortController();
    const ending = stuck.service.stop!(force.signal);
    force.abort();
    await ending;
    expect((await cut).status).toBe(502);
});

test('a relay without a word for long counts as lost', async () => {
    const mute = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => mute.once('listening', resolve));
    const { port } = mute.address() as { port: number };
    const { logger, lines } = await recorded();
    const service = createRelayService({
        url: `ws://127.0.0.1:${port}`,
        operator: newOperator(),
        handler: handler(() => ({ status: 204, headers: {}, body: new Uint8Array() })),
        logger,
        silenceMs: 30,
        delay: () => new Promise(() => undefined),
    });
    await service.start(never);
    await until(() => lines.length > 0);
    expect(lines[0]).toMatchObject({ code: 1006 });
    mute.close();
});

test.each(['ws://relay.example', 'https://relay.example', 'relay.example', 'wss//x'])(
    '%s is no relay',
    (url) => {
        expect(() => relayEndpoint(url, new Uint8Array(32))).toThrow('relay: the URL is not one of a relay');
    },
);

test('the endpoint of a public relay is https', () => {
    expect(relayEndpoint('wss://relay.example/', new Uint8Array(32))).toBe(
        `https://relay.example/n/${'0'.repeat(64)}`,
    );
});

test('waits double up to a minute and spread over their upper half', () => {
    expect([0, 1, 5, 6, 50].map((attempt) => reconnectDelay(attempt, () => 1))).toEqual([
        1_000, 2_000, 32_000, 60_000, 60_000,
    ]);
    expect(reconnectDelay(3, () => 0)).toBe(4_000);
});

test('bodies that come in share a bound', () => {
    const pool = new BodyPool(10);
    expect([pool.hold(6), pool.hold(5), pool.hold(4)]).toEqual([true, false, true]);
    pool.free(6);
    expect(pool.hold(6)).toBe(true);
});
