import { sha256 } from '@noble/hashes/sha2.js';
import type { Cell } from '@ton/core';
import { concatBytes, Deadline, equalBytes } from '../utils';
import { decodePayload, type Payload, type UriPayload } from './container';
import { PayloadFetchError, PayloadTooLargeError } from './errors';
import { MAX_BATCH_BYTES } from './limits';
import { isIpLiteral, isLocalHostname, isPrivateIp } from './private-address';

export type FetchPayloadOptions = {
    /** The platform's fetch by default. A server should give one that refuses private addresses as it connects. */
    fetch?: typeof fetch;
    /** IP addresses of a host name; where given, each must be public. Browsers cannot, servers should. */
    resolveHost?: (hostname: string) => Promise<readonly string[]>;
    /** Largest download in bytes; at most what the format allows. */
    maxBytes?: number;
    /** For the whole download. */
    timeoutMs?: number;
    /** Allows http and private addresses. For local networks only. */
    allowPrivate?: boolean;
    signal?: AbortSignal;
};

/** The sealed batch of a payload or payload cell: inline bytes as they are, or downloaded and checked. */
export async function resolvePayload(
    payload: Payload | Cell,
    options: FetchPayloadOptions = {},
): Promise<Uint8Array> {
    const decoded = 'kind' in payload ? payload : decodePayload(payload);
    return decoded.kind === 'inline' ? decoded.bytes : fetchPayload(decoded, options);
}

/**
 * Downloads a sealed batch and checks size and SHA-256. Redirects are refused: they could lead to a private address.
 * Throws PayloadTooLargeError and PayloadFetchError (whose `retryable` is true only for network trouble).
 */
export async function fetchPayload(
    payload: UriPayload,
    options: FetchPayloadOptions = {},
): Promise<Uint8Array> {
    const limit = Math.min(options.maxBytes ?? MAX_BATCH_BYTES, MAX_BATCH_BYTES);
    if (payload.size > limit) {
        throw new PayloadTooLargeError('Bytes of a payload at a URI', payload.size, limit);
    }
    const url = await checkUrl(payload.url, options);
    const bytes = await download(url, payload.size, options);
    if (bytes.length !== payload.size || !equalBytes(sha256(bytes), payload.sha256)) {
        throw mismatch(url);
    }
    return bytes;
}

async function checkUrl(text: string, options: FetchPayloadOptions): Promise<URL> {
    if (!URL.canParse(text)) {
        throw refused('it is not a URL');
    }
    const url = new URL(text);
    if (url.protocol !== 'https:' && !(options.allowPrivate && url.protocol === 'http:')) {
        throw refused('it is not https', url);
    }
    if (url.username !== '' || url.password !== '') {
        throw refused('it has credentials', url);
    }
    if (!options.allowPrivate) {
        await checkPublic(url, options);
    }
    return url;
}

async function checkPublic(url: URL, options: FetchPayloadOptions): Promise<void> {
    if (isIpLiteral(url.hostname) ? isPrivateIp(url.hostname) : isLocalHostname(url.hostname)) {
        throw refused('its host is private', url);
    }
    if (options.resolveHost === undefined || isIpLiteral(url.hostname)) {
        return;
    }
    const addresses = await options.resolveHost(url.hostname).catch((cause: unknown) => {
        throw failed('its host name was not resolved', url, cause);
    });
    if (addresses.length === 0 || addresses.some(isPrivateIp)) {
        throw refused('its host name leads to a private address', url);
    }
}

async function download(url: URL, size: number, options: FetchPayloadOptions): Promise<Uint8Array> {
    const deadline = new Deadline(options.timeoutMs ?? 30_000, { source: options.signal });
    const request = options.fetch ?? globalThis.fetch;
    try {
        const response = await request(url.href, {
            redirect: 'error',
            signal: deadline.signal,
            credentials: 'omit',
        });
        if (!response.ok || response.body === null) {
            await response.body?.cancel();
            throw failed(`the server answered with status ${response.status}`, url);
        }
        return await readExactly(response.body, size, url);
    } catch (cause) {
        if (cause instanceof PayloadFetchError) throw cause;
        throw failed(deadline.timedOut ? 'it took too long' : 'the connection failed', url, cause);
    } finally {
        deadline.release();
    }
}

async function readExactly(body: ReadableStream<Uint8Array>, size: number, url: URL): Promise<Uint8Array> {
    const reader = body.getReader();
    const parts: Uint8Array[] = [];
    let received = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return concatBytes(...parts);
        received += value.length;
        if (received > size) {
            await reader.cancel();
            throw mismatch(url);
        }
        parts.push(value);
    }
}

// Only host and reason: paths and queries can hold access tokens.
function refused(reason: string, url?: URL): PayloadFetchError {
    return new PayloadFetchError('payload_fetch_refused', `The payload's URL is refused: ${reason}.`, {
        details: { host: url?.host },
    });
}

function failed(reason: string, url: URL, cause?: unknown): PayloadFetchError {
    return new PayloadFetchError('payload_fetch_failed', `The payload was not downloaded: ${reason}.`, {
        details: { host: url.host },
        cause,
    });
}

function mismatch(url: URL): PayloadFetchError {
    return new PayloadFetchError(
        'payload_fetch_mismatch',
        'The download is not the payload that the chain names.',
        {
            details: { host: url.host },
        },
    );
}
