import { createServer, connect as tcpConnect } from 'node:net';
import { Relay } from 'cocoon-relay';
import {
    decodeDelta,
    EnvelopeOpener,
    encapsulate,
    encodeDelta,
    encryptionKeyPair,
    FrameDecoder,
    FrameSealer,
    noblePrimitives,
    sealEnvelope,
} from 'cocoon-sdk';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from '../../../tests/helpers/until';
import { createLogger } from '../../src/observability';
import { createRelayService, relayEndpoint } from '../../src/relay';
import { handler, newOperator, OCTETS } from './helpers';

const PROMPT = 'the patient asks about her diagnosis of last winter';
const ANSWER = 'nothing in these results should worry her, the physician said';
const place = { networkId: -217, node: new Uint8Array(32).fill(9) };
const keys = encryptionKeyPair(new Uint8Array(32).fill(3));

/** All that a relay gets and gives on its sockets: clients through a byte proxy, the node through one of messages. */
class Ears {
    readonly heard: Buffer[] = [];
    readonly closing: (() => void)[] = [];

    async client(port: number): Promise<number> {
        const server = createServer((client) => {
            const relay = tcpConnect(port, '127.0.0.1');
            client.on('data', (data: Buffer) => this.heard.push(data)).pipe(relay);
            relay.on('data', (data: Buffer) => this.heard.push(data)).pipe(client);
            for (const socket of [client, relay]) socket.on('error', () => socket.destroy());
            this.closing.push(() => client.destroy());
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        this.closing.push(() => server.close());
        return (server.address() as { port: number }).port;
    }

    /** Frames of WebSockets from a client are masked on the wire, so they are heard as messages. */
    async node(relayPort: () => number): Promise<number> {
        const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
        await new Promise((resolve) => server.once('listening', resolve));
        server.on('connection', (node) => {
            const relay = new WebSocket(`ws://127.0.0.1:${relayPort()}/connect`);
            relay.on('message', (data: Buffer, binary) => {
                this.heard.push(data);
                node.send(data, { binary });
            });
            node.on('message', (data: Buffer, binary) => {
                this.heard.push(data);
                relay.send(data, { binary });
            });
            relay.on('close', () => node.close());
            node.on('close', () => relay.close());
        });
        this.closing.push(() => server.close());
        return (server.address() as { port: number }).port;
    }

    /** Words of a text that were heard, plain or in an encoding. */
    find(text: string): string[] {
        const all = Buffer.concat(this.heard);
        const words = text.split(' ').filter((word) => word.length > 5);
        return [text, ...words].flatMap((word) =>
            encodings(word).some((encoded) => all.includes(encoded)) ? [word] : [],
        );
    }
}

/** As it is, UTF-16, hexadecimal, and base64 at each of the three places that it can have. */
function encodings(word: string): Buffer[] {
    const inBase64 = [0, 1, 2].map((at) => {
        const text = Buffer.concat([Buffer.alloc(at), Buffer.from(word)]).toString('base64');
        return text.slice(at === 0 ? 0 : at + 1, -4);
    });
    const asText = [word, Buffer.from(word).toString('hex'), ...inBase64];
    return [...asText.map((text) => Buffer.from(text)), Buffer.from(word, 'utf16le')];
}

async function setUp() {
    const ears = new Ears();
    let relayPort = 0;
    const nodePort = await ears.node(() => relayPort);
    const lines: string[] = [];
    const logger = await createLogger(
        { level: 'trace', pretty: false },
        { write: (line) => void lines.push(line) },
    );
    const relay = new Relay({ hosts: [`127.0.0.1:${nodePort}`], logger });
    relayPort = await relay.listen(0);
    const opener = new EnvelopeOpener(noblePrimitives, place, () => keys.secretKey);
    const prompts: string[] = [];
    const operator = newOperator();
    const service = createRelayService({
        url: `ws://127.0.0.1:${nodePort}`,
        operator,
        logger,
        handler: handler(async ({ body, path }) => {
            if (path.endsWith('state')) return { status: 200, headers: OCTETS, body: Buffer.from(ANSWER) };
            const { content, responseKey } = await opener.open(body);
            prompts.push(Buffer.from(content).toString());
            return { status: 200, headers: OCTETS, body: answer(responseKey) };
        }),
    });
    async function* answer(responseKey: Uint8Array) {
        const sealer = new FrameSealer(noblePrimitives, responseKey);
        for (const word of ANSWER.split(/(?<= )/)) yield sealer.seal('delta', encodeDelta({ t: word }));
    }
    await service.start(new AbortController().signal);
    await until(() => service.connected);
    const clientPort = await ears.client(relayPort);
    const endpoint = relayEndpoint(`ws://127.0.0.1:${clientPort}`, operator.publicKey);
    return {
        ears,
        endpoint,
        prompts,
        seen: async () => `${lines.join('')}${await relay.metrics.registry.metrics()}`,
        async close() {
            await service.stop!(AbortSignal.abort());
            for (const close of ears.closing) close();
            await relay.close();
        },
    };
}

test('a relay sees, logs and counts no word of a prompt or an answer', async () => {
    const { ears, endpoint, prompts, seen, close } = await setUp();
    const secret = await encapsulate(noblePrimitives, place, keys.publicKey);
    const vault = new Uint8Array(32).fill(1);
    const header = { kind: 'request', vault, slot: 0, generation: 1n, sequence: 1n, counter: 0 } as const;
    const sealed = sealEnvelope(noblePrimitives, secret, header, Buffer.from(PROMPT));
    const response = await fetch(`${endpoint}/cocoon/v1/requests`, {
        method: 'POST',
        body: Buffer.from(sealed.bytes),
    });
    const decoder = new FrameDecoder(noblePrimitives, sealed.responseKey);
    const frames = decoder.push(new Uint8Array(await response.arrayBuffer()));
    const text = frames.map(({ payload }) => decodeDelta(payload).t).join('');
    expect([prompts, text]).toEqual([[PROMPT], ANSWER]);
    // It went through the relay, both ways.
    expect(Buffer.concat(ears.heard).includes(Buffer.from(sealed.bytes))).toBe(true);
    expect(Buffer.concat(ears.heard).length).toBeGreaterThan(2 * sealed.bytes.length);
    expect([...ears.find(PROMPT), ...ears.find(ANSWER)]).toEqual([]);
    for (const word of [...PROMPT.split(' '), ...ANSWER.split(' ')].filter(({ length }) => length > 5)) {
        expect(await seen()).not.toContain(word);
    }

    // The ears would have heard it.
    await (await fetch(`${endpoint}/cocoon/v1/state`, { method: 'POST', body: 'x' })).text();
    expect(ears.find(ANSWER)).toContain(ANSWER);
    expect(ears.find(PROMPT)).toEqual([]);
    await close();
});
