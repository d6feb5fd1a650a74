import { AbortedError } from '../errors';
import { toArrayBuffer } from '../utils';
import { SessionUnreachableError } from './errors';
import type { Transport, TransportOptions, TransportResponse } from './transport';

export type FetchTransportOptions = { readonly fetch?: typeof globalThis.fetch };

const OCTETS = { 'content-type': 'application/octet-stream' };

/** A transport over the platform's fetch; in Node, `undiciTransport` of `cocoon-sdk/node` is faster. */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
    const send = async (
        url: string,
        init: RequestInit,
        { signal }: TransportOptions = {},
    ): Promise<TransportResponse> => {
        // Looked up now, so that what replaces it later counts; unbound, a browser's fetch throws.
        const fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
        try {
            const response = await fetch(url, {
                ...init,
                signal,
                credentials: 'omit',
                redirect: 'error',
                cache: 'no-store',
            });
            return {
                status: response.status,
                header: (name) => response.headers.get(name) ?? undefined,
                body: chunksOf(response),
            };
        } catch (cause) {
            throw signal?.aborted ? new AbortedError() : unreachable(cause);
        }
    };
    return {
        get: (url, transportOptions) => send(url, { method: 'GET' }, transportOptions),
        post: (url, body, transportOptions) =>
            send(url, { method: 'POST', headers: OCTETS, body: toArrayBuffer(body) }, transportOptions),
    };
}

/** Browsers cannot iterate a body yet. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    let complete = false;
    try {
        for (;;) {
            const { done, value } = await reader.read();
            complete = done;
            if (done) return;
            yield value;
        }
    } finally {
        if (!complete) await reader.cancel().catch(() => undefined);
    }
}

function unreachable(cause: unknown): SessionUnreachableError {
    return new SessionUnreachableError('The endpoint of the node could not be reached.', { cause });
}
