import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gauge, Registry } from 'prom-client';
import { Health, HealthServer, type HealthServerOptions } from '../src';
import { ProbeError } from './helpers/errors';

const health = new Health();
const registry = new Registry();
const gauge = new Gauge({ name: 'probe_scrapes', help: 'Scrapes', registers: [registry] });
const options: HealthServerOptions = {
    config: { host: '127.0.0.1', port: 0 },
    health,
    metrics: { registry },
    refresh: () => gauge.inc(),
    Failure: ProbeError,
    remedy: 'choose another port',
};
const server = new HealthServer(options);
const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });
let partOk = true;

beforeAll(async () => {
    health.register('part', () => (partOk ? { ok: true } : { ok: false, reason: 'down' }));
    health.register('rpc', () => Promise.resolve({ ok: true, details: { seqno: 5 } }));
    await server.listen();
});
afterAll(() => server.close());

test('/healthz reports every check and fails with any of them', async () => {
    const good = await get('/healthz');
    expect([good.status, await good.json()]).toEqual([
        200,
        { ok: true, checks: { part: { ok: true }, rpc: { ok: true, details: { seqno: 5 } } } },
    ]);
    partOk = false;
    const bad = await get('/healthz');
    expect([bad.status, (await bad.json()).checks.part]).toEqual([503, { ok: false, reason: 'down' }]);
});

test('a check that throws is a check that failed', async () => {
    const broken = new Health();
    broken.register('disk', () => Promise.reject(new Error('full')));
    expect(await broken.report()).toEqual({ ok: false, checks: { disk: { ok: false, reason: 'full' } } });
});

test('/readyz follows start and drain', async () => {
    expect((await get('/readyz')).status).toBe(503);
    health.setReady(true);
    expect((await get('/readyz')).status).toBe(200);
    health.setReady(false);
    expect((await get('/readyz')).status).toBe(503);
});

test('/metrics is fresh at each scrape; other paths and methods are refused', async () => {
    expect(await (await get('/metrics')).text()).toContain('probe_scrapes 1');
    expect(await (await get('/metrics?x')).text()).toContain('probe_scrapes 2');
    expect((await get('/else')).status).toBe(404);
    expect((await get('/healthz', 'POST')).status).toBe(405);
});

test('a taken port: the error of the daemon, with exit code 8', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const failure = new HealthServer({ ...options, config: { host: '127.0.0.1', port } }).listen();
    await expect(failure).rejects.toBeInstanceOf(ProbeError);
    await expect(failure).rejects.toMatchObject({
        code: 'port_taken',
        exitCode: 8,
        message: `port ${port} on 127.0.0.1 is taken`,
        remedy: 'choose another port',
    });
    await new Promise((resolve) => other.close(resolve));
});
