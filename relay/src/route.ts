import type { ServerResponse } from 'node:http';

/** The calls of the session protocol; nothing else goes through. */
const CALLS: ReadonlyMap<string, string> = new Map([
    ['/cocoon/v1/node', 'GET'],
    ['/cocoon/v1/requests', 'POST'],
    ['/cocoon/v1/payments', 'POST'],
    ['/cocoon/v1/state', 'POST'],
    ['/cocoon/v1/release', 'POST'],
]);

export interface Route {
    /** Operator key, hexadecimal. */
    key: string;
    path: string;
    method: string;
}

/** Node and call that a URL names. */
export function routeOf(url: string): Route | undefined {
    const match = /^\/n\/([0-9a-f]{64})(\/[^?]*)(?:\?.*)?$/.exec(url);
    const method = CALLS.get(match?.[2] ?? '');
    return method === undefined ? undefined : { key: match![1]!, path: match![2]!, method };
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

/** Answer to a browser that asks before it sends. */
export function answerPreflight(response: ServerResponse): void {
    response.writeHead(204, {
        ...CORS,
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '86400',
    });
    response.end();
}

export function answerHealth(response: ServerResponse, status: object): void {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ ok: true, ...status }));
}

/** HTTP status, code, message. */
export type Refusal = readonly [status: number, code: string, message: string];

export function bodyTooLarge(limit: number): Refusal {
    return [413, 'request_invalid', `The body exceeds ${limit} bytes.`];
}

/** A refusal of the relay itself, in the form of the session protocol. */
export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
    const retry = status === 429 || status === 503 ? { 'retry-after': '1' } : undefined;
    response.writeHead(status, { ...CORS, ...retry, 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code, message } }));
}

/** Of a node's headers those that its answers have; a node cannot speak for the relay's origin with others. */
export function passHeaders(headers: Record<string, unknown>): Record<string, string> {
    const json = headers['content-type'] === 'application/json';
    const retry = String(headers['retry-after'] ?? '');
    return {
        ...CORS,
        'x-content-type-options': 'nosniff',
        'content-type': json ? 'application/json' : 'application/octet-stream',
        ...(/^\d{1,5}$/.test(retry) && { 'retry-after': retry }),
    };
}
