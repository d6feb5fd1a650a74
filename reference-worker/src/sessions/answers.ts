import { encodeRefusal, type Refusal } from 'cocoon-sdk';
import type { SessionAnswer } from './types';

/** Pages of any origin may call: nothing here depends on cookies, and everything that counts is sealed or signed. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

const PREFLIGHT = {
    ...CORS,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '86400',
};
const STREAM = { ...CORS, 'content-type': 'application/octet-stream', 'cache-control': 'no-store' };
const NOTHING = new Uint8Array(0);

export function preflight(): SessionAnswer {
    return { status: 204, headers: PREFLIGHT, body: NOTHING };
}

export function noContent(): SessionAnswer {
    return { status: 204, headers: CORS, body: NOTHING };
}

/** Sealed frames. */
export function sealed(status: number, body: SessionAnswer['body']): SessionAnswer {
    return { status, headers: STREAM, body };
}

export function json(status: number, body: Uint8Array, headers: Record<string, string> = {}): SessionAnswer {
    return {
        status,
        headers: { ...CORS, 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
        body,
    };
}

export function refused(refusal: Refusal): SessionAnswer {
    const { status, body } = encodeRefusal(refusal);
    const { retryAfterSeconds } = refusal;
    return json(
        status,
        body,
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    );
}

/** Outside the protocol: no client of ours ever sees it. */
export function plainError(status: number, message: string): SessionAnswer {
    return json(status, Buffer.from(JSON.stringify({ error: { code: 'not_found', message } })));
}
