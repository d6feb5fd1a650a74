import { AbortedError, type Transport, type TransportOptions, type TransportResponse } from '../../../src';

/** What an endpoint answers. */
export type MemoryResponse = {
    status: number;
    headers?: Record<string, string>;
    body?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

/** Answers a call by its path; a rejection is a broken connection. */
export type MemoryEndpoint = (path: string, body: Uint8Array) => Promise<MemoryResponse>;

/** A transport without sockets, which leaves a pending call or body when its signal fires. */
export function memoryTransport(endpoint: MemoryEndpoint): Transport {
    const call = async (url: string, body: Uint8Array, { signal }: TransportOptions = {}) => {
        const response = await abortable(endpoint(new URL(url).pathname, body.slice()), signal);
        return {
            status: response.status,
            header: (name) => response.headers?.[name],
            body: watched(response.body ?? [], signal),
        } satisfies TransportResponse;
    };
    return { get: (url, options) => call(url, new Uint8Array(0), options), post: call };
}

async function* watched(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal?: AbortSignal) {
    const iterator = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
    for (;;) {
        const step = await abortable(Promise.resolve(iterator.next()), signal);
        if (step.done) return;
        yield step.value;
    }
}

function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal === undefined) return promise;
    return new Promise((resolve, reject) => {
        const abort = () => reject(new AbortedError());
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort, { once: true });
        promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
}
