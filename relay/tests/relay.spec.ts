import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { until, untilStill } from '../../tests/helpers/until';
import { Channel, CloseCode, proofDigest, Relay, type RelayLimits, STREAM_BYTES, type Stream } from '../src';
import { addressGroup, Quota } from '../src/limits';

const HOST = 'relay.example';
const relays: Relay[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const relay of relays.splice(0)) await relay.close();
});

interface Key {
    hex: string;
    raw: Buffer;
    secret: KeyObject;
}

function newKey(): Key {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
    return { hex: raw.toString('hex'), raw, secret: privateKey };
}

async function start(limits: Partial<RelayLimits> = {}, trustProxy = false) {
    const relay = new Relay({ hosts: [HOST, 'other.name:8443'], limits, trustProxy });
    relays.push(relay);
    const port = await relay.listen(0);
    return { relay, port, url: `http://127.0.0.1:${port}` };
}

const proof = (key: Key, host: string, challenge: string) =>
    JSON.stringify({
        key: key.hex,
        signature: sign(null, proofDigest(host, key.raw, Buffer.from(challenge, 'hex')), key.secret).toString(
            'hex',
        ),
    });

/** A connection that answers the challenge in its own way; resolves with `ready` or the code it was closed with. */
function knock(port: number, answer: (challenge: string) => string | undefined, autoPong = true) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/connect`, { autoPong });
    sockets.push(socket);
    const outcome = new Promise<'ready' | number>((resolve) => {
        socket.on('error', () => undefined);
        socket.once('close', (code) => resolve(code));
        socket.on('message', (data, binary) => {
            if (binary) return;
            const message = JSON.parse(String(data));
            if (message.ready) return resolve('ready');
            const text = answer(message.challenge);
            if (text !== undefined) socket.send(text);
        });
    });
    const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
    return { socket, outcome, closed };
}

/** A node that gives each of its streams to `serve`. */
async function connectNode(port: number, key: Key, serve: (stream: Stream) => unknown) {
    const { socket, outcome, closed } = knock(port, (challenge) => proof(key, HOST, challenge));
    const channel = new Channel({ send: (message) => socket.send(message), accept: serve });
    socket.on('message', (data, binary) => {
        if (binary) channel.receive(data as Buffer);
    });
    expect(await outcome).toBe('ready');
    return { socket, channel, closed };
}

async function echo(stream: Stream): Promise<void> {
    const head = (await stream.head) as { path: string };
    stream.open({
        status: 200,
        headers: {
            'content-type': 'text/html',
            'set-cookie': 'a=b',
            'retry-after': '7',
            'x-path': head.path,
        },
    });
    for await (const chunk of stream) await stream.write(chunk);
    stream.end();
}

const errorOf = async (response: Response) => [response.status, (await response.json()).error.code];

describe('proof of the operator key', () => {
    const key = newKey();

    test.each([
        ['a proof for this relay', (c: string) => proof(key, HOST, c), 'ready'],
        ['the other name of this relay', (c: string) => proof(key, 'OTHER.name:8443', c), 'ready'],
        [
            'a proof for another relay, passed on',
            (c: string) => proof(key, 'evil.example', c),
            CloseCode.Refused,
        ],
        [
            'the key of another node',
            (c: string) => JSON.stringify({ ...JSON.parse(proof(newKey(), HOST, c)), key: key.hex }),
            CloseCode.Refused,
        ],
        [
            'a signature of zeros',
            () => JSON.stringify({ key: key.hex, signature: '0'.repeat(128) }),
            CloseCode.Refused,
        ],
        [
            'half a key',
            (c: string) => proof(key, HOST, c).replace(key.hex, key.hex.slice(2)),
            CloseCode.Refused,
        ],
        ['no JSON', () => 'hello', CloseCode.Refused],
        ['null', () => 'null', CloseCode.Refused],
    ])('%s', async (_, answer, expected) => {
        const { port } = await start();
        expect(await knock(port, answer).outcome).toBe(expected);
    });

    test('a proof that was seen before opens no second connection', async () => {
        const { port } = await start();
        let seen = '';
        const first = knock(port, (challenge) => {
            seen = proof(key, HOST, challenge);
            return seen;
        });
        expect(await first.outcome).toBe('ready');
        expect(await knock(port, () => seen).outcome).toBe(CloseCode.Refused);
    });

    test('no proof in time', async () => {
        const { port } = await start({ handshakeMs: 20 });
        expect(await knock(port, () => undefined).outcome).toBe(CloseCode.Refused);
    });

    test('who has no proof is sent nothing and disturbs nobody', async () => {
        const { port, url } = await start();
        await connectNode(port, key, echo);
        const intruder = knock(port, (challenge) =>
            proof(newKey(), HOST, challenge).replace(/"key":"\w+"/, `"key":"${key.hex}"`),
        );
        expect(await intruder.outcome).toBe(CloseCode.Refused);
        const response = await fetch(`${url}/n/${key.hex}/cocoon/v1/requests`, {
            method: 'POST',
            body: 'sealed',
        });
        expect(await response.text()).toBe('sealed');
    });

    test('a full relay takes known keys only', async () => {
        const { port } = await start({ nodes: 1 });
        await connectNode(port, key, echo);
        expect(await knock(port, (challenge) => proof(newKey(), HOST, challenge)).outcome).toBe(
            CloseCode.Full,
        );
        expect(await knock(port, (challenge) => proof(key, HOST, challenge)).outcome).toBe('ready');
    });
});

describe('calls', () => {
    const key = newKey();
    const at = (url: string, path = 'requests') => `${url}/n/${key.hex}/cocoon/v1/${path}`;
    const post = (url: string, body: BodyInit) => fetch(at(url), { method: 'POST', body });

    test('pass bytes both ways, and only harmless headers', async () => {
        const { relay, port, url } = await start();
        await connectNode(port, key, echo);
        const body = Buffer.alloc(1_000_000, 'sealed ');
        const response = await post(url, body);
        expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
        expect(Object.fromEntries(response.headers)).toMatchObject({
            'access-control-allow-origin': '*',
            'content-type': 'application/octet-stream',
            'retry-after': '7',
            'x-content-type-options': 'nosniff',
        });
        expect(response.headers.has('set-cookie')).toBe(false);
        expect(response.headers.has('x-path')).toBe(false);
        expect(relay.status().streams).toBe(0);
        const metrics = await relay.metrics.registry.metrics();
        expect(metrics).toContain('cocoon_relay_bytes_total{direction="to_client"} 1000000');
        expect(metrics).not.toContain(key.hex.slice(0, 8));
    });

    test('only those of the session protocol; browsers may ask first', async () => {
        const { port, url } = await start();
        await connectNode(port, key, echo);
        const cases: [string, RequestInit, unknown[]][] = [
            [at(url, 'admin'), {}, [404, 'protocol_unsupported']],
            [`${url}/n/${key.hex.slice(2)}/cocoon/v1/node`, {}, [404, 'protocol_unsupported']],
            [at(url, '../v1/node/..'), {}, [404, 'protocol_unsupported']],
            [at(url), {}, [405, 'protocol_unsupported']],
            [at(url, 'node'), { method: 'DELETE' }, [405, 'protocol_unsupported']],
            [at(url).replace(key.hex, newKey().hex), { method: 'POST' }, [503, 'draining']],
        ];
        for (const [target, init, expected] of cases) {
            const response = await fetch(target, init);
            expect(response.headers.get('access-control-allow-origin')).toBe('*');
            expect(await errorOf(response)).toEqual(expected);
        }
        const preflight = await fetch(at(url), { method: 'OPTIONS' });
        expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
            204,
            'content-type',
        ]);
        expect((await fetch(`${at(url, 'node')}?x=1`)).status).toBe(200);
        expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({
            ok: true,
            nodes: 1,
            streams: 0,
        });
    });

    test('bodies over the limit are refused, with and without their length', async () => {
        const { port, url } = await start({ bodyBytes: 100_000 });
        await connectNode(port, key, echoWhole);
        expect(await errorOf(await post(url, Buffer.alloc(100_001)))).toEqual([413, 'request_invalid']);
        expect(await sendChunked(at(url), 100_001)).toBe(413);
        expect((await post(url, Buffer.alloc(100_000))).status).toBe(200);
    });

    test('the newest connection of a key replaces the one before', async () => {
        const { relay, port, url } = await start();
        const old = await connectNode(port, key, () => undefined);
        const pending = post(url, 'x');
        await until(() => old.channel.size === 1);
        await connectNode(port, key, echo);
        expect(await old.closed).toBe(CloseCode.Replaced);
        expect(await errorOf(await pending)).toEqual([502, 'engine_failed']);
        expect(await (await post(url, 'again')).text()).toBe('again');
        expect(relay.status().nodes).toBe(1);
    });

    test('a client that goes away ends its stream at the node', async () => {
        const { relay, port, url } = await start();
        let aborted!: () => void;
        const gone = new Promise<void>((resolve) => (aborted = resolve));
        await connectNode(port, key, (stream) => {
            stream.signal.addEventListener('abort', aborted);
            stream.open({ status: 200, headers: {} });
            void stream.write(Buffer.from('first'));
        });
        const controller = new AbortController();
        const response = await fetch(at(url), { method: 'POST', body: 'x', signal: controller.signal });
        expect(response.status).toBe(200);
        controller.abort();
        await gone;
        await until(() => relay.status().streams === 0);
    });

    test('a client that does not read holds what the window holds, and no more', async () => {
        const { port, url } = await start();
        let written = 0;
        await connectNode(port, key, async (stream) => {
            stream.open({ status: 200, headers: {} });
            try {
                for (let i = 0; i < 100_000; i++) {
                    await stream.write(Buffer.alloc(10_000));
                    written += 10_000;
                }
            } catch {}
        });
        const { response, close } = await openAndPause(at(url));
        // Once the sockets of the system are full, too.
        await untilStill(() => written);
        const before = written;
        expect(written).toBeLessThan(40_000_000);
        const another = await fetch(at(url, 'node')).then((answer) => answer.body!.getReader().read());
        expect(another.value!.length).toBeGreaterThan(0);
        response.resume();
        await until(() => written > before + 1_000_000);
        close();
    });

    test('nodes that answer nonsense, break off or fall silent', async () => {
        const { port, url } = await start({ idleMs: 200 });
        const node = await connectNode(port, key, () => undefined);
        expect(await errorOf(await post(url, 'x'))).toEqual([502, 'engine_failed']);
        node.socket.send(Buffer.from([9, 9, 9]));
        expect(await node.closed).toBe(CloseCode.Protocol);
        expect(await errorOf(await post(url, 'x'))).toEqual([503, 'draining']);
        await connectNode(port, key, (stream) => stream.open({ status: 'fine' }));
        expect(await errorOf(await post(url, 'x'))).toEqual([502, 'engine_failed']);
        await connectNode(port, key, async (stream) => {
            stream.open({ status: 200, headers: {} });
            await stream.write(Buffer.from('half'));
            stream.reset();
        });
        await expect(post(url, 'x').then((response) => response.text())).rejects.toThrow();
    });

    test('limits of streams, memory and addresses', async () => {
        const limits = { streamsPerNode: 2, memoryBytes: 3 * STREAM_BYTES, perAddress: 6 };
        const { relay, port, url } = await start(limits);
        const held: Stream[] = [];
        await connectNode(port, key, (stream) => held.push(stream));
        const second = newKey();
        await connectNode(port, second, (stream) => held.push(stream));
        const calls = [post(url, '1'), post(url, '2')];
        await until(() => held.length === 2);
        expect(await errorOf(await post(url, '3'))).toEqual([429, 'node_busy']);
        const elsewhere = () => fetch(at(url).replace(key.hex, second.hex), { method: 'POST', body: 'x' });
        calls.push(elsewhere());
        await until(() => held.length === 3);
        expect(relay.status().reservedBytes).toBe(3 * STREAM_BYTES);
        expect(await errorOf(await elsewhere())).toEqual([503, 'node_busy']);
        for (const stream of held) stream.reset();
        for (const call of calls) expect((await call).status).toBe(502);
        // Two nodes and four visitors make six.
        for (let i = 0; i < 4; i++) knock(port, () => undefined);
        await until(() => sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length === 6);
        expect(await errorOf(await post(url, 'x'))).toEqual([429, 'node_busy']);
    });

    test('a node that does not answer pings is gone', async () => {
        const { relay, port } = await start({ heartbeatMs: 30 });
        const { closed } = knock(port, (challenge) => proof(key, HOST, challenge), false);
        expect(await closed).toBe(1006);
        await until(() => relay.status().nodes === 0);
    });
});

describe('addresses', () => {
    test.each([
        ['203.0.113.9', '203.0.113.9'],
        ['::ffff:203.0.113.9', '203.0.113.9'],
        ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
        ['2001:db8::1', '2001:db8:0:0'],
        ['::1', '0:0:0:0'],
    ])('%s counts as %s', (address, group) => expect(addressGroup(address)).toBe(group));

    test('behind a proxy the last address that it names counts', async () => {
        const { port, url } = await start({ perAddress: 1 }, true);
        const from = (address: string) => ({ headers: { 'x-forwarded-for': `10.0.0.1, ${address}` } });
        const key = newKey();
        await connectNode(port, key, () => undefined);
        const node = `${url}/n/${key.hex}/cocoon/v1/node`;
        void fetch(node, from('203.0.113.1')).catch(() => undefined);
        await until(async () => (await (await fetch(`${url}/healthz`)).json()).streams === 1);
        expect(await errorOf(await fetch(node, from('203.0.113.1')))).toEqual([429, 'node_busy']);
    });

    test('what was taken comes back once', () => {
        const quota = new Quota(1);
        const giveBack = quota.take('a')!;
        expect([quota.take('a'), quota.names]).toEqual([undefined, 1]);
        giveBack();
        giveBack();
        expect([typeof quota.take('a'), quota.take('a')]).toEqual(['function', undefined]);
    });
});

async function echoWhole(stream: Stream): Promise<void> {
    try {
        for await (const _ of stream);
        stream.open({ status: 200, headers: {} });
        stream.end();
    } catch {}
}

function sendChunked(url: string, size: number): Promise<number> {
    return new Promise((resolve, reject) => {
        const request = httpRequest(url, { method: 'POST' }, (response) => resolve(response.statusCode!));
        request.on('error', reject);
        for (let at = 0; at < size; at += 10_000) request.write(Buffer.alloc(Math.min(10_000, size - at)));
        request.end();
    });
}

function openAndPause(url: string): Promise<{ response: IncomingMessage; close(): void }> {
    return new Promise((resolve, reject) => {
        const request = httpRequest(url, { method: 'POST' }, (response) => {
            response.pause();
            response.on('error', () => undefined);
            resolve({ response, close: () => request.destroy() });
        });
        request.on('error', reject);
        request.end('x');
    });
}
