import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Devnet } from '../devnet';
import { DevnetError } from '../errors';
import { invalidParameter, type RpcError, toRpcError } from './errors';
import { methods } from './methods';
import { Params } from './params';
import { type RpcCall, readCall } from './request';

/** Clients keep connections open and reuse them; closing sooner makes them fail at random. */
const KEEP_ALIVE_MS = 75_000;

const CORS_HEADERS = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': '*, authorization, content-type, x-api-key, x-ton-client-version',
    'access-control-max-age': '86400',
};

const GREETING =
    'A cocoon-devnet: a local TON network. POST JSON-RPC (toncenter v2) to /jsonRPC, or GET /api/v2/<method>.\n';

export interface ServerAddress {
    host: string;
    port: number;
    /** Endpoint for `TonClient` and `DevnetControl`, e.g. http://127.0.0.1:8081/jsonRPC */
    url: string;
}

/** The HTTP side of a devnet. */
export class RpcServer {
    private readonly server: http.Server;

    constructor(private readonly devnet: Devnet) {
        this.server = http.createServer((request, response) => void this.handle(request, response));
        this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    }

    /** @throws DevnetError PORT_IN_USE, LISTEN_FAILED */
    async listen(port: number, host: string): Promise<ServerAddress> {
        await new Promise<void>((resolve, reject) => {
            this.server.once('error', (error: NodeJS.ErrnoException) =>
                reject(listenError(error, port, host)),
            );
            this.server.listen(port, host, resolve);
        });
        const bound = (this.server.address() as AddressInfo).port;
        const shown = host.includes(':') ? `[${host}]` : host;
        return { host, port: bound, url: `http://${shown}:${bound}/jsonRPC` };
    }

    async close(): Promise<void> {
        const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
        this.server.closeIdleConnections();
        // Answers under way get a moment; a client that never reads does not keep the process alive.
        const timer = setTimeout(() => this.server.closeAllConnections(), 500);
        await closed;
        clearTimeout(timer);
    }

    private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
        if (request.method === 'OPTIONS') {
            response.writeHead(204, CORS_HEADERS).end();
            return;
        }
        if (request.method === 'GET' && new URL(request.url ?? '/', 'http://localhost').pathname === '/') {
            response.writeHead(200, { ...CORS_HEADERS, 'content-type': 'text/plain' }).end(GREETING);
            return;
        }
        let call: RpcCall | undefined;
        try {
            call = await readCall(request);
            const result = await dispatch(call, this.devnet);
            reply(response, 200, { ok: true, result, jsonrpc: '2.0', id: call.id });
        } catch (error) {
            const { status, message } = toRpcError(error) satisfies RpcError;
            reply(response, status, {
                ok: false,
                error: message,
                code: status,
                jsonrpc: '2.0',
                id: call?.id,
            });
        }
    }
}

async function dispatch(call: RpcCall, devnet: Devnet): Promise<unknown> {
    const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined;
    if (!method) {
        throw invalidParameter(
            `Unknown method "${call.method}". This network knows: ${Object.keys(methods).join(', ')}.`,
        );
    }
    return await method(new Params(call.params), devnet);
}

function reply(response: http.ServerResponse, status: number, body: unknown): void {
    const text = JSON.stringify(body, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
    );
    response.writeHead(status, { ...CORS_HEADERS, 'content-type': 'application/json' }).end(text);
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): DevnetError {
    if (error.code === 'EADDRINUSE') {
        return new DevnetError(
            'PORT_IN_USE',
            `Port ${port} on ${host} is taken by another program.`,
            'Give another with --port, or --port 0 for any free one.',
            { cause: error },
        );
    }
    return new DevnetError(
        'LISTEN_FAILED',
        `Cannot listen on ${host}:${port}: ${error.message}.`,
        'Check --host and --port.',
        { cause: error },
    );
}
