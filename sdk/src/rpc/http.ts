import { Deadline } from '../utils';
import { parseRetryAfter } from './backoff';
import type { Endpoint } from './endpoint';
import {
    RpcNotSupportedError,
    RpcRateLimitedError,
    RpcResponseError,
    RpcTimeoutError,
    RpcUnauthorizedError,
    RpcUnreachableError,
} from './errors';

export type HttpCall = {
    endpoint: Endpoint;
    method: string;
    params: Record<string, unknown>;
    fetch: typeof fetch;
    timeoutMs: number;
    now: () => number;
    signal?: AbortSignal;
};

/** One JSON-RPC request over HTTP, without retries. Resolves with `result`, throws an RpcError. */
export async function callOnce(call: HttpCall): Promise<unknown> {
    const { status, headers, text } = await post(call);
    if (status === 429) {
        throw new RpcRateLimitedError(
            `${call.endpoint.label} refused ${call.method}: too many requests.`,
            parseRetryAfter(headers.get('retry-after'), call.now()),
            { details: { endpoint: call.endpoint.label } },
        );
    }
    if (status === 401 || status === 403) {
        throw new RpcUnauthorizedError(`${call.endpoint.label} refused access with status ${status}.`);
    }
    return unwrap(call, status, text);
}

async function post(call: HttpCall): Promise<{ status: number; headers: Headers; text: string }> {
    const { endpoint, method, fetch } = call; // browsers refuse a fetch that is called as a method of something else
    const deadline = new Deadline(call.timeoutMs, { source: call.signal });
    try {
        const response = await fetch(endpoint.url, {
            method: 'POST',
            headers: {
                'content-type': 'application/json',
                ...(endpoint.apiKey === undefined ? {} : { 'x-api-key': endpoint.apiKey }),
            },
            body: JSON.stringify({ id: '1', jsonrpc: '2.0', method, params: call.params }),
            signal: deadline.signal,
        });
        return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (cause) {
        const details = { endpoint: endpoint.label, method };
        if (deadline.timedOut) {
            throw new RpcTimeoutError(`${endpoint.label} did not answer ${method} in ${call.timeoutMs} ms.`, {
                details,
                cause,
            });
        }
        throw new RpcUnreachableError(`${endpoint.label} is not reachable.`, { details, cause });
    } finally {
        deadline.release();
    }
}

function unwrap(call: HttpCall, status: number, text: string): unknown {
    const { endpoint, method } = call;
    const details = { endpoint: endpoint.label, method };
    const body = parseObject(text);
    if (body === undefined) {
        if (status >= 500) {
            throw new RpcUnreachableError(`${endpoint.label} answered with status ${status}.`, { details });
        }
        throw new RpcResponseError('not a JSON-RPC answer', status, false, { details });
    }
    if (body.ok === true && body.result !== undefined) {
        return body.result;
    }
    const error = typeof body.error === 'string' ? body.error : errorMessage(body.error);
    const code = typeof body.code === 'number' ? body.code : status;
    if (/method.*(not found|not supported|unknown)|unknown method/i.test(error)) {
        throw new RpcNotSupportedError(method, { details });
    }
    throw new RpcResponseError(error.slice(0, 500), code, isTransient(code, error), { details });
}

/** Errors of a lite server that has no answer yet are worth another try; answers about content are not. */
function isTransient(code: number, error: string): boolean {
    if (
        /cannot (apply|locate|find|parse)|not accepted|exit ?code|incorrect|invalid|wrong|duplicate|not found/i.test(
            error,
        )
    ) {
        return false;
    }
    return code >= 500 || code === 408;
}

function parseObject(text: string): Record<string, unknown> | undefined {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
    } catch {
        return undefined;
    }
}

function errorMessage(error: unknown): string {
    if (
        typeof error === 'object' &&
        error !== null &&
        'message' in error &&
        typeof error.message === 'string'
    ) {
        return error.message;
    }
    return 'no result';
}
