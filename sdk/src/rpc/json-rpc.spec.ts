import { captureError } from '../../tests/helpers/capture';
import { seededRandom } from '../../tests/helpers/random';
import { type RpcHandler, TestRpcServer } from '../../tests/helpers/rpc-server';
import { VirtualClock } from '../../tests/helpers/virtual-clock';
import { createRpc, type RpcOptions } from '.';
import { backoffMs, parseRetryAfter } from './backoff';

let a: TestRpcServer;
let b: TestRpcServer;
let clock: VirtualClock;

beforeEach(async () => {
    [a, b] = await Promise.all([TestRpcServer.start(), TestRpcServer.start()]);
    clock = new VirtualClock();
});
afterEach(() => Promise.all([a.stop(), b.stop()]));

const connect = (options: Partial<RpcOptions> = {}) =>
    createRpc({
        endpoints: [a.url],
        retries: 3,
        timeoutMs: 5_000,
        clock,
        random: seededRandom(1),
        ...options,
    });
const fails =
    (status: number, body: object, headers = {}): RpcHandler =>
    (_, response) => {
        response.writeHead(status, headers);
        return body;
    };
const succeeds: RpcHandler = () => ({ ok: true, result: 'fine' });
/** Runs each handler once, then the last one for ever. */
const inTurn = (...handlers: RpcHandler[]): RpcHandler => {
    return (request, response) => (handlers.length > 1 ? handlers.shift() : handlers[0])!(request, response);
};
const raw =
    (status: number, text: string): RpcHandler =>
    (_, response) => {
        response.writeHead(status).end(text);
        return undefined;
    };
const down: RpcHandler = (_, response) => {
    response.destroy();
    return undefined;
};

describe('a call', () => {
    it('is JSON-RPC 2.0 with the API key in its header', async () => {
        a.handler = succeeds;
        expect(await connect({ apiKey: 'k' }).call('getThing', { x: 1 })).toBe('fine');
        expect(a.requests).toMatchObject([
            { method: 'getThing', params: { x: 1 }, headers: { 'x-api-key': 'k' } },
        ]);
    });

    it('sends each endpoint its own key', async () => {
        a.handler = down;
        b.handler = succeeds;
        const endpoints = [
            { url: a.url, apiKey: 'for-a' },
            { url: b.url, apiKey: 'for-b' },
        ];
        await connect({ endpoints }).call('m', {});
        expect(b.requests[0]!.headers['x-api-key']).toBe('for-b');
    });

    it('is repeated while the endpoint is in trouble', async () => {
        a.handler = inTurn(
            down,
            fails(502, { gateway: 'html' }),
            fails(500, { ok: false, error: 'LITE_SERVER_NOTREADY' }),
            succeeds,
        );
        expect(await connect().call('m', {})).toBe('fine');
        expect(a.requests).toHaveLength(4);
    });

    it('waits longer before each retry, with jitter', async () => {
        const start = clock.now();
        const times: number[] = [];
        a.handler = () => {
            times.push(clock.now() - start);
            return { ok: false, error: 'busy', code: 503 };
        };
        await captureError(() => connect().call('m', {}));
        const waits = times.slice(1).map((time, i) => time - times[i]!);
        expect(waits).toHaveLength(3);
        waits.forEach((wait, i) => {
            expect(wait).toBeGreaterThanOrEqual(125 * 2 ** i);
            expect(wait).toBeLessThanOrEqual(250 * 2 ** i);
        });
    });

    it.each<[string, RpcHandler, string, number]>([
        ['a dead endpoint', down, 'rpc_unreachable', 4],
        ['a gateway without API', raw(502, '<html>'), 'rpc_unreachable', 4],
        ['too many requests', fails(429, { ok: false }), 'rpc_rate_limited', 4],
        ['a refused key', fails(401, { ok: false }), 'rpc_unauthorized', 1],
        ['an answer that is no JSON', raw(200, '<html>'), 'rpc_response', 1],
        ['an answer without result', () => ({ ok: true }), 'rpc_response', 1],
        [
            'an error about the arguments',
            fails(422, { ok: false, error: 'Incorrect address', code: 422 }),
            'rpc_response',
            1,
        ],
        [
            'a method that is not there',
            fails(404, { ok: false, error: 'method foo not found' }),
            'rpc_not_supported',
            1,
        ],
    ])('meets %s', async (_, handler, code, requests) => {
        a.handler = handler;
        const error = await captureError(() => connect().call('m', {}));
        expect([error.code, a.requests.length]).toEqual([code, requests]);
        expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('s3cret');
    });

    it('ends when there is no answer in time', async () => {
        a.handler = () => undefined;
        const error = await captureError(() => connect({ timeoutMs: 40, retries: 1 }).call('m', {}));
        expect([error.code, a.requests.length]).toEqual(['rpc_timeout', 2]);
    });

    it('ends when it is aborted, also while it waits', async () => {
        a.handler = () => undefined;
        const controller = new AbortController();
        const call = connect({ signal: controller.signal }).call('m', {});
        while (a.requests.length === 0) await new Promise(setImmediate);
        controller.abort();
        expect((await captureError(() => call)).code).toBe('operation_aborted');
    });
});

describe('rate limits', () => {
    it('of the endpoint are waited for as it asks', async () => {
        const start = clock.now();
        a.handler = inTurn(fails(429, {}, { 'retry-after': '7' }), succeeds);
        expect(await connect().call('m', {})).toBe('fine');
        expect(clock.now() - start).toBe(7_000);
    });

    it('of the caller hold over all calls', async () => {
        a.handler = succeeds;
        const rpc = connect({ ratePerSecond: 10 });
        const start = clock.now();
        await Promise.all(Array.from({ length: 21 }, () => rpc.call('m', {})));
        expect(clock.now() - start).toBe(2_000);
    });

    it('understand both forms of Retry-After', () => {
        expect(parseRetryAfter('3', 0)).toBe(3_000);
        expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:10 GMT', 4_000)).toBe(6_000);
        expect(parseRetryAfter('-1', 0)).toBe(0);
        expect(parseRetryAfter('soon', 0)).toBeUndefined();
        expect(parseRetryAfter(null, 0)).toBeUndefined();
        expect(backoffMs(20, 250, 10_000, () => 0.5)).toBe(7_500);
    });
});

describe('failover', () => {
    it('goes to the next endpoint at once and stays there while the first one cools down', async () => {
        a.handler = down;
        b.handler = succeeds;
        const rpc = connect({ endpoints: [a.url, b.url] });
        const start = clock.now();
        for (let i = 0; i < 5; i++) await rpc.call('m', {});
        expect(clock.now()).toBe(start);
        expect([a.requests.length, b.requests.length]).toEqual([1, 5]);
    });

    it('returns to the preferred endpoint when it has cooled down', async () => {
        a.handler = inTurn(down, succeeds);
        b.handler = succeeds;
        const rpc = connect({ endpoints: [a.url, b.url], coolDownMs: 30_000 });
        await rpc.call('m', {});
        await clock.sleep(30_000);
        await rpc.call('m', {});
        expect([a.requests.length, b.requests.length]).toEqual([2, 1]);
    });

    it('leaves an endpoint that limits the rate', async () => {
        a.handler = fails(429, {});
        b.handler = succeeds;
        expect(await connect({ endpoints: [a.url, b.url] }).call('m', {})).toBe('fine');
    });

    it('does not ask elsewhere when the answer is an error', async () => {
        a.handler = fails(422, { ok: false, error: 'Incorrect address', code: 422 });
        await captureError(() => connect({ endpoints: [a.url, b.url] }).call('m', {}));
        expect(b.requests).toHaveLength(0);
    });

    it('ends with the last error when all endpoints are down', async () => {
        a.handler = down;
        b.handler = down;
        const error = await captureError(() => connect({ endpoints: [a.url, b.url] }).call('m', {}));
        expect(error.code).toBe('rpc_unreachable');
        expect(a.requests.length + b.requests.length).toBe(4);
    });
});

describe('options', () => {
    it.each([[[]], [['not a url']], [['ws://example.com']]])('with endpoints %j are refused', (endpoints) => {
        expect(() => createRpc({ endpoints })).toThrow(/endpoint/);
    });
});
