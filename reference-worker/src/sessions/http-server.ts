import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenError } from 'cocoon-daemon';
import { WorkerError } from '../errors';
import { plainError } from './answers';
import { MAX_BODY_BYTES, type SessionAnswer, type SessionHandler } from './types';

const KEEP_ALIVE_MS = 65_000;
/** A body must come in within this, milliseconds. */
const BODY_MS = 60_000;

/** Brings calls from sockets to the handler. TLS is a reverse proxy's or a relay's business. */
export class SessionHttpServer {
    readonly #handler: SessionHandler;
    readonly #where: { host: string; port: number };
    #server: Server | undefined;

    constructor(handler: SessionHandler, where: { host: string; port: number }) {
        this.#handler = handler;
        this.#where = where;
    }

    /** The port that is listened on, once it is. */
    get port(): number {
        return (this.#server?.address() as AddressInfo | null)?.port ?? this.#where.port;
    }

    /** Throws WorkerError `port_taken` or `port_refused`. */
    async listen(): Promise<void> {
        const server = createServer({
            keepAliveTimeout: KEEP_ALIVE_MS,
            requestTimeout: BODY_MS,
            noDelay: true,
        });
        server.on('request', (request, response) => void serve(this.#handler, request, response));
        const { host, port } = this.#where;
        await new Promise<void>((resolve, reject) => {
            server.once('error', (error) => {
                const remedy = 'choose another sessions.listen, or stop what listens there';
                reject(listenError(WorkerError, error, { host, port, remedy }));
            });
            server.listen(port, host, 1024, resolve);
        });
        this.#server = server;
    }

    /** Answers that are on their way are finished first, unless forced. */
    async close(force: AbortSignal): Promise<void> {
        const server = this.#server;
        if (!server) return;
        const cut = () => server.closeAllConnections();
        force.addEventListener('abort', cut, { once: true });
        await new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeIdleConnections();
            if (force.aborted) cut();
        });
        force.removeEventListener('abort', cut);
        this.#server = undefined;
    }
}

async function serve(
    handler: SessionHandler,
    request: IncomingMessage,
    response: ServerResponse,
): Promise<void> {
    const gone = new AbortController();
    // Whoever has the whole answer is not gone; and an abort costs an error with its stack.
    response.once('close', () => {
        if (!response.writableFinished) gone.abort();
    });
    // A socket that breaks is seen by `close`.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    try {
        const body = await readBody(request);
        const path = request.url!.split('?', 1)[0]!;
        const answer = body
            ? await handler.handle({ method: request.method!, path, body, signal: gone.signal })
            : plainError(413, `A body has at most ${MAX_BODY_BYTES} bytes.`);
        if (!body) response.shouldKeepAlive = false;
        await send(answer, response, gone.signal);
    } catch {
        // Cut, so that the client sees a broken answer and not a finished one.
        response.destroy();
    }
}

async function send(answer: SessionAnswer, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const { status, headers, body } = answer;
    if (body instanceof Uint8Array) {
        response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': body.length });
        response.end(body.length > 0 ? body : undefined);
        return;
    }
    response.writeHead(status, headers);
    for await (const piece of body) {
        // What is written in one turn, the end included, leaves in one packet.
        response.cork();
        process.nextTick(() => response.uncork());
        if (!response.write(piece)) await drained(response, gone);
    }
    response.end();
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        const done = () => {
            response.off('drain', done);
            gone.removeEventListener('abort', done);
            resolve();
        };
        if (gone.aborted) return resolve();
        response.once('drain', done);
        gone.addEventListener('abort', done, { once: true });
    });
}

/** Undefined when it is too long. Rejects when the client breaks off. */
function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let size = 0;
        request.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_BODY_BYTES) {
                request.removeAllListeners('data');
                request.resume();
                return resolve(undefined);
            }
            chunks.push(chunk);
        });
        request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
        request.once('close', () => reject(new Error('the client broke off')));
    });
}
