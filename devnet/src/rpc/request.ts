import type { IncomingMessage } from 'node:http';
import { badRequest, RpcError } from './errors';

/** Well above the largest message the network takes (64 kB), with room for a contract's code and data. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface RpcCall {
    id: unknown;
    method: string;
    params: Record<string, unknown>;
}

/**
 * Reads a call in either of toncenter's forms: JSON-RPC posted to `/`, `/jsonRPC` or `/api/v2/jsonRPC`, or the
 * method's name at the end of the path with its parameters in the query or a JSON body.
 */
export async function readCall(request: IncomingMessage): Promise<RpcCall> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const name = url.pathname.split('/').filter(Boolean).pop() ?? '';
    const body = parseObject(await readBody(request));
    if (request.method === 'POST' && (name === '' || name === 'jsonRPC')) return jsonRpcCall(body);
    return { id: undefined, method: name, params: { ...Object.fromEntries(url.searchParams), ...body } };
}

function jsonRpcCall(body: Record<string, unknown>): RpcCall {
    const { id, method, params = {} } = body;
    if (typeof method !== 'string' || method === '') {
        throw badRequest(
            'The request has no method: send {"jsonrpc":"2.0","id":1,"method":"…","params":{…}}.',
        );
    }
    if (typeof params !== 'object' || params === null || Array.isArray(params)) {
        throw badRequest('params must be an object with named parameters.');
    }
    return { id, method, params: params as Record<string, unknown> };
}

function parseObject(text: string): Record<string, unknown> {
    if (text.trim() === '') return {};
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch (error) {
        throw badRequest(`The request body is not JSON: ${(error as Error).message}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw badRequest('The request body must be one JSON object; batches are not supported.');
    }
    return value as Record<string, unknown>;
}

async function readBody(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request) {
        size += (chunk as Buffer).length;
        // The rest is read and dropped, so that the sender gets to see the answer.
        if (size <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
        else chunks.length = 0;
    }
    if (size > MAX_BODY_BYTES) {
        throw new RpcError(413, `The request body is larger than ${MAX_BODY_BYTES} bytes.`);
    }
    return Buffer.concat(chunks).toString('utf8');
}
