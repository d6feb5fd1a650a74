import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { type DaemonErrorClass, type ListenAddress, listenError, messageOf } from '../errors';
import type { Health } from './health';

export interface HealthServerOptions {
    config: ListenAddress;
    health: Health;
    metrics: { readonly registry: Pick<Registry, 'contentType' | 'metrics'> };
    /** Refreshes gauges before a scrape. */
    refresh: () => void;
    /** What is thrown when the port cannot be had, and what to do about it. */
    Failure: DaemonErrorClass;
    remedy: string;
}

/** Serves GET /healthz (all checks), /readyz (accepting work) and /metrics (Prometheus text). */
export class HealthServer {
    readonly #options: HealthServerOptions;
    #server: Server | undefined;

    constructor(options: HealthServerOptions) {
        this.#options = options;
    }

    /** The port that is listened on; undefined before `listen`. */
    get port(): number | undefined {
        return (this.#server?.address() as AddressInfo | null | undefined)?.port;
    }

    /** Throws the daemon's error `port_taken` or `port_refused`. */
    async listen(): Promise<void> {
        const { config, Failure, remedy } = this.#options;
        const { host, port } = config;
        const server = createServer((request, response) => {
            this.#answer(request, response).catch((error) =>
                send(response, 500, { error: messageOf(error) }),
            );
        });
        await new Promise<void>((resolve, reject) => {
            server.once('error', (error) => reject(listenError(Failure, error, { host, port, remedy })));
            server.listen(port, host, resolve);
        });
        this.#server = server;
    }

    async close(): Promise<void> {
        const server = this.#server;
        if (!server) return;
        this.#server = undefined;
        await new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        });
    }

    async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        if (request.method !== 'GET' && request.method !== 'HEAD')
            return send(response, 405, { error: 'GET only' });
        const { health, metrics, refresh } = this.#options;
        const path = request.url?.split('?')[0];
        if (path === '/healthz') {
            const report = await health.report();
            return send(response, report.ok ? 200 : 503, report);
        }
        if (path === '/readyz') return send(response, health.ready ? 200 : 503, { ready: health.ready });
        if (path === '/metrics') {
            refresh();
            response.writeHead(200, { 'content-type': metrics.registry.contentType });
            response.end(await metrics.registry.metrics());
            return;
        }
        send(response, 404, { error: 'not found: /healthz, /readyz, /metrics' });
    }
}

function send(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
}
