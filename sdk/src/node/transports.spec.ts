import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { captureError } from '../../tests/helpers/capture';
import { fetchTransport, type Transport } from '../session';
import { undiciTransport } from '.';

let server: Server;
let base: string;
let handle: RequestListener;
const undici = undiciTransport();

beforeAll(async () => {
    server = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
    await undici.close();
    server.closeAllConnections();
    server.close();
});

describe.each<[string, Transport]>([
    ['fetch', fetchTransport()],
    ['undici', undici],
])('a transport over %s', (_, transport) => {
    const read = async (body: AsyncIterable<Uint8Array>) => {
        const parts: Uint8Array[] = [];
        for await (const part of body) parts.push(part);
        return Buffer.concat(parts).toString('latin1');
    };

    it('posts octets and gives status, headers and body', async () => {
        handle = async (request, response) => {
            response.writeHead(429, { 'Retry-After': '3' });
            const said = `${request.method} ${request.headers['content-type']} ${await read(request)}`;
            response.end(Buffer.from(said, 'latin1'));
        };
        const response = await transport.post(`${base}/x`, Buffer.from('\x00\xff', 'latin1'));
        expect([response.status, response.header('retry-after'), response.header('x')]).toEqual([
            429,
            '3',
            undefined,
        ]);
        expect(await read(response.body)).toBe('POST application/octet-stream \x00\xff');
        handle = (request, response) => response.end(request.method);
        expect(await read((await transport.get(base)).body)).toBe('GET');
    });

    it('gives bytes as they come, and breaks where the connection breaks', async () => {
        handle = (_request, response) => {
            response.write('first');
            setImmediate(() => response.socket?.destroy());
        };
        const { body } = await transport.post(base, new Uint8Array(1));
        const seen: string[] = [];
        await expect(
            (async () => {
                for await (const part of body) seen.push(Buffer.from(part).toString());
            })(),
        ).rejects.toThrow();
        expect(seen).toEqual(['first']);
    });

    it('is unreachable where nobody listens', async () => {
        const error = await captureError(() => transport.get('http://127.0.0.1:1/'));
        expect(error.code).toBe('session_unreachable');
    });

    it('stops when it is aborted, before and during the body', async () => {
        const controller = new AbortController();
        handle = () => controller.abort();
        const { signal } = controller;
        expect((await captureError(() => transport.get(base, { signal }))).code).toBe('operation_aborted');
        const later = new AbortController();
        handle = (_request, response) => response.write('x');
        const { body } = await transport.get(base, { signal: later.signal });
        const reading = read(body);
        later.abort();
        await expect(reading).rejects.toThrow();
    });
});

it('undici keeps the connections of answers that were read', async () => {
    const ports = new Set<number | undefined>();
    handle = (request, response) => {
        ports.add(request.socket.remotePort);
        response.end('x');
    };
    for (let round = 0; round < 50; round++) {
        const { body } = await undici.post(base, new Uint8Array(1));
        for await (const _ of body);
    }
    expect(ports.size).toBeLessThan(10);
});
