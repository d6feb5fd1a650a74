import { AbortedError, SessionUnreachableError, type Transport, type TransportResponse } from 'cocoon-sdk';
import { Agent, type Dispatcher, request } from 'undici';

export type UndiciTransportOptions = {
    /** Connections to one origin; requests beyond it wait. Unlimited by default. */
    readonly connections?: number;
    /** How long an idle connection is kept, milliseconds. */
    readonly keepAliveMs?: number;
    /** How long connecting may take, milliseconds. */
    readonly connectMs?: number;
};

/** A transport that owns connections: close it, or the process waits for them. */
export interface ClosableTransport extends Transport {
    /** Waits for what runs, then closes all connections. */
    close(): Promise<void>;
}

type Call = { readonly method: 'GET' | 'POST'; readonly body?: Uint8Array; readonly signal?: AbortSignal };

const OCTETS = { 'content-type': 'application/octet-stream' };

/** The transport of Node: a pool of kept connections for each origin, and no layers of fetch above them. */
export function undiciTransport(options: UndiciTransportOptions = {}): ClosableTransport {
    const agent = new Agent({
        connections: options.connections ?? null,
        keepAliveTimeout: options.keepAliveMs ?? 30_000,
        connect: { timeout: options.connectMs ?? 5_000 },
        // The client has its own clock for silence.
        headersTimeout: 0,
        bodyTimeout: 0,
        pipelining: 1,
    });
    return {
        get: (url, { signal } = {}) => send(agent, url, { method: 'GET', signal }),
        post: (url, body, { signal } = {}) => send(agent, url, { method: 'POST', body, signal }),
        close: () => agent.close(),
    };
}

async function send(dispatcher: Dispatcher, url: string, call: Call): Promise<TransportResponse> {
    try {
        const { statusCode, headers, body } = await request(url, {
            dispatcher,
            method: call.method,
            signal: call.signal,
            ...(call.body && { body: call.body, headers: OCTETS }),
        });
        return {
            status: statusCode,
            header(name) {
                const value = headers[name];
                return Array.isArray(value) ? value[0] : value;
            },
            body,
        };
    } catch (cause) {
        if (call.signal?.aborted) throw new AbortedError();
        throw new SessionUnreachableError('The endpoint of the node could not be reached.', { cause });
    }
}
