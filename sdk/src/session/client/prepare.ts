import type { Channel } from '../channel/channel';
import type { RunningRequest } from '../channel/ledger';
import { completionLimit, encodeBody, promptTokenBound } from '../wire/request-content';
import { hashRequest } from '../wire/running-hash';
import type { SessionRequest } from './types';

/** A request as it will be sent, before it has a sequence and a voucher. */
export type PreparedRequest = {
    readonly request: SessionRequest;
    readonly salt: Uint8Array;
    readonly json: Uint8Array;
    readonly requestHash: Uint8Array;
    /** Its place in the channel's ledger. */
    readonly running: RunningRequest;
};

const TOKENS_PER_MESSAGE = 8;

/** Encodes a request and estimates what its prompt costs. Throws InvalidArgumentError. */
export function prepareRequest(channel: Channel, request: SessionRequest, salt: Uint8Array): PreparedRequest {
    const body = withLimit(request);
    const json = encodeBody(body);
    const promptBound = promptTokenBound(json.length, body);
    const messages = Array.isArray(body.messages) ? body.messages.length : 0;
    const estimate = Math.ceil(json.length * channel.tokensPerByte) + TOKENS_PER_MESSAGE * (messages + 1);
    return {
        request,
        salt,
        json,
        requestHash: hashRequest(channel.primitives, salt, request.task, json),
        running: {
            prices: request.prices,
            promptEstimate: Math.min(promptBound, estimate),
            promptBound,
            limit: request.task === 'embedding' ? 0 : completionLimit(body),
            chunks: 0,
            usage: undefined,
        },
    };
}

function withLimit({ task, body, maxCompletionTokens }: SessionRequest): Readonly<Record<string, unknown>> {
    if (task === 'embedding' || maxCompletionTokens === undefined || completionLimit(body) !== undefined)
        return body;
    return { ...body, max_tokens: maxCompletionTokens };
}
