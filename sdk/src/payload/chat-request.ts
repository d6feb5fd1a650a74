import { utf8ToBytes } from '../utils';
import { canonicalJson } from './canonical-json';
import { fail, flag, integerIn, listOf, numberIn, oneOf, parseCanonical, record, text } from './item-fields';

/** One turn of a conversation. */
export type ChatMessage = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };

/**
 * One request of a job: a subset of the body of OpenAI's chat completions, with its names and meanings.
 * The model is the job's, so that it is not repeated here. Token counts are in tokens.
 */
export type ChatRequest = {
    readonly messages: readonly ChatMessage[];
    readonly max_tokens?: number;
    readonly temperature?: number;
    readonly top_p?: number;
    readonly frequency_penalty?: number;
    readonly presence_penalty?: number;
    readonly seed?: number;
    readonly stop?: readonly string[];
    readonly logprobs?: boolean;
};

const check = record(
    {
        messages: listOf(record({ role: oneOf('system', 'user', 'assistant'), content: text }, {}), 1, 1_024),
    },
    {
        max_tokens: integerIn(1, 1_048_576),
        temperature: numberIn(0, 2),
        top_p: numberIn(0, 1),
        frequency_penalty: numberIn(-2, 2),
        presence_penalty: numberIn(-2, 2),
        seed: integerIn(0, Number.MAX_SAFE_INTEGER),
        stop: listOf(text, 1, 4),
        logprobs: flag,
    },
);

/** Checks a request. Throws PayloadContentError, which names the field. */
export function checkRequest(value: unknown): ChatRequest {
    return check(value, 'request');
}

/** Bytes of a request as they are committed to. Throws PayloadContentError. */
export function encodeRequest(request: ChatRequest): Uint8Array {
    return encodeChecked(checkRequest(request), 'request');
}

/** Reads a request. Throws PayloadContentError for anything that encodeRequest cannot have made. */
export function decodeRequest(bytes: Uint8Array): ChatRequest {
    return checkRequest(parseCanonical(bytes, 'request'));
}

/** Canonical bytes of a checked value. Its strings may still hold lone surrogates, which have no UTF-8. */
export function encodeChecked(value: unknown, what: string): Uint8Array {
    let json: string;
    try {
        json = canonicalJson(value);
    } catch {
        return fail(what, 'made of well-formed Unicode');
    }
    return utf8ToBytes(json);
}
