import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { captureError } from '../../tests/helpers/capture';
import { seededBytes } from '../../tests/helpers/random';
import { fetchPayload, isPrivateIp, type PayloadFetchError, type UriPayload } from '.';

const bytes = seededBytes(5)(200_000);
const payload = (url: string): UriPayload => ({
    kind: 'uri',
    url,
    size: bytes.length,
    sha256: new Uint8Array(createHash('sha256').update(bytes).digest()),
});

let server: Server;
let base: string;
let handle: RequestListener;

beforeAll(async () => {
    server = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
    server.closeAllConnections();
    server.close();
});

const download = (options = {}) =>
    fetchPayload(payload(`${base}/f?token=t0p`), { allowPrivate: true, ...options });

describe('fetchPayload', () => {
    it('downloads what the chain names', async () => {
        handle = (_, response) => response.end(bytes);
        expect(await download()).toEqual(bytes);
    });

    it.each<[string, RequestListener, string, boolean]>([
        ['other bytes', (_, r) => r.end(bytes.map((b) => b ^ 1)), 'payload_fetch_mismatch', false],
        ['too few bytes', (_, r) => r.end(bytes.subarray(1)), 'payload_fetch_mismatch', false],
        [
            'an endless stream',
            (_, r) => void r.on('drain', () => r.write(bytes)).write(bytes),
            'payload_fetch_mismatch',
            false,
        ],
        ['an error', (_, r) => r.writeHead(503).end(), 'payload_fetch_failed', true],
        [
            'a redirect',
            (_, r) => r.writeHead(302, { location: '/other' }).end(),
            'payload_fetch_failed',
            true,
        ],
        ['silence', () => undefined, 'payload_fetch_failed', true],
        ['a stream that stalls', (_, r) => void r.write(bytes.subarray(0, 9)), 'payload_fetch_failed', true],
        ['a broken connection', (request) => request.socket.destroy(), 'payload_fetch_failed', true],
    ])('refuses %s', async (_, listener, code, retryable) => {
        handle = listener;
        const error = (await captureError(() => download({ timeoutMs: 150 }))) as PayloadFetchError;
        expect([error.code, error.retryable]).toEqual([code, retryable]);
        expect(error.message).not.toContain('t0p');
    });

    it('does not begin a download over the limit', async () => {
        const fetch = jest.fn();
        const error = await captureError(() => download({ maxBytes: 199_999, fetch }));
        expect(error.code).toBe('payload_too_large');
        expect(fetch).not.toHaveBeenCalled();
    });

    it.each([
        'not a url',
        'ftp://example.com/x',
        'file:///etc/passwd',
        'http://example.com/x',
        'https://user:pass@example.com/x',
        'https://localhost/x',
        'https://printer/x',
        'https://db.internal./x',
        'https://127.1/x',
        'https://0x7f000001/x',
        'https://2130706433/x',
        'https://10.0.0.1/x',
        'https://169.254.169.254/latest/meta-data',
        'https://[::1]/x',
        'https://[::ffff:127.0.0.1]/x',
    ])('never asks for %s', async (url) => {
        const fetch = jest.fn();
        expect((await captureError(() => fetchPayload(payload(url), { fetch }))).code).toBe(
            'payload_fetch_refused',
        );
        expect(fetch).not.toHaveBeenCalled();
    });

    it('looks where a name leads, when it can', async () => {
        const fetch = jest.fn(async () => new Response(Buffer.from(bytes)));
        const resolving = (...ips: string[]) => ({ fetch, resolveHost: async () => ips });
        const at = payload('https://example.com/x');
        for (const ips of [['192.168.0.9'], ['93.184.215.14', '::1'], []]) {
            expect((await captureError(() => fetchPayload(at, resolving(...ips)))).code).toBe(
                'payload_fetch_refused',
            );
        }
        expect(fetch).not.toHaveBeenCalled();
        expect(await fetchPayload(at, resolving('93.184.215.14'))).toEqual(bytes);
        const failing = { fetch, resolveHost: () => Promise.reject(new Error('ENOTFOUND')) };
        expect((await captureError(() => fetchPayload(at, failing))).code).toBe('payload_fetch_failed');
    });
});

describe('isPrivateIp', () => {
    it.each([
        '8.8.8.8',
        '172.15.0.1',
        '172.32.0.1',
        '100.63.0.1',
        '100.128.0.1',
        '2606:4700::1111',
        '2002:808:808::1',
    ])('lets %s pass', (ip) => expect(isPrivateIp(ip)).toBe(false));

    it.each([
        '0.0.0.0',
        '10.1.2.3',
        '100.64.0.1',
        '127.0.0.1',
        '169.254.1.1',
        '172.16.0.1',
        '172.31.255.255',
        '192.168.1.1',
        '198.19.0.1',
        '224.0.0.1',
        '255.255.255.255',
        '::',
        '::1',
        '::ffff:8.8.8.8',
        'fc00::1',
        'fe80::1%eth0',
        'ff02::1',
        '64:ff9b::7f00:1',
        '2001:db8::1',
        '2001::1',
        '2002:7f00:1::',
        'example.com',
        '1.2.3',
        '1:2:3',
        '1::2::3',
        '',
    ])('stops %s', (ip) => expect(isPrivateIp(ip)).toBe(true));
});
