import { canonicalJson } from '../../payload';
import { utf8ToBytes } from '../../utils';
import { SessionFormatError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { isObject, parseJson } from './json';
import type { SessionPrices } from './price';
import type { SessionVoucher } from './voucher';

/** What is asked of the model. */
export type SessionTask = 'chat' | 'completion' | 'embedding';

/** Content of a request's envelope. */
export type RequestContent = {
    /** 32 random bytes, which keep the hashes of receipts from being guessed. */
    readonly salt: Uint8Array;
    readonly voucher: SessionVoucher;
    /** The voucher key's signature over this encapsulation, see signAuthorization. */
    readonly authorization: Uint8Array;
    readonly prices: SessionPrices;
    readonly modelId: Uint8Array;
    readonly task: SessionTask;
    /** Canonical JSON of the body, UTF-8. */
    readonly json: Uint8Array;
};

const TASKS: readonly SessionTask[] = ['chat', 'completion', 'embedding'];
const HEAD_BYTES = 32 + 8 + 64 + 64 + 24 + 32 + 1;
/** Fields of OpenAI's bodies that do not travel. */
const LOCAL_FIELDS = ['model', 'stream', 'stream_options', 'user', 'metadata', 'store'] as const;

/** The byte that stands for a task. */
export function taskTag(task: SessionTask): number {
    return TASKS.indexOf(task) + 1;
}

/** Canonical JSON of a body without LOCAL_FIELDS. Throws InvalidArgumentError for what JSON cannot say. */
export function encodeBody(body: Readonly<Record<string, unknown>>): Uint8Array {
    const sent = { ...body };
    for (const field of LOCAL_FIELDS) delete sent[field];
    return utf8ToBytes(canonicalJson(dropUndefined(sent)));
}

/** Reads a body. Throws SessionFormatError (`request_invalid`). */
export function decodeBody(json: Uint8Array): Record<string, unknown> {
    const value = parseJson(json, 'a request', 'request_invalid');
    if (!isObject(value)) throw new SessionFormatError('A request is not a JSON object.', 'request_invalid');
    return value;
}

/** The limit of completion tokens that a body names, undefined where it names none. */
export function completionLimit(body: Readonly<Record<string, unknown>>): number | undefined {
    const limit = body.max_completion_tokens ?? body.max_tokens;
    return Number.isSafeInteger(limit) && (limit as number) >= 0 ? (limit as number) : undefined;
}

export function encodeRequestContent(content: RequestContent): Uint8Array {
    return new ByteWriter(HEAD_BYTES + content.json.length)
        .raw(content.salt, 32)
        .u64(content.voucher.cumulative)
        .raw(content.voucher.signature, 64)
        .raw(content.authorization, 64)
        .u64(content.prices.prompt)
        .u64(content.prices.cachedPrompt)
        .u64(content.prices.completion)
        .raw(content.modelId, 32)
        .u8(taskTag(content.task))
        .raw(content.json).bytes;
}

/** Reads the content of a request; the JSON is not parsed. Throws SessionFormatError (`request_invalid`). */
export function decodeRequestContent(bytes: Uint8Array): RequestContent {
    const reader = new ByteReader(bytes, 'a request', 'request_invalid');
    const salt = reader.raw(32);
    const voucher = { cumulative: reader.u64(), signature: reader.raw(64) };
    const authorization = reader.raw(64);
    const prices = { prompt: reader.u64(), cachedPrompt: reader.u64(), completion: reader.u64() };
    const modelId = reader.raw(32);
    const tag = reader.u8();
    const task = TASKS[tag - 1];
    if (task === undefined) throw new SessionFormatError(`Task ${tag} is not known.`, 'request_invalid');
    return { salt, voucher, authorization, prices, modelId, task, json: reader.rest() };
}

/** Content of a payment's envelope: cumulative u64 ‖ signature 64. */
export function encodePaymentContent(voucher: SessionVoucher): Uint8Array {
    return new ByteWriter(72).u64(voucher.cumulative).raw(voucher.signature, 64).bytes;
}

/** Throws SessionFormatError. */
export function decodePaymentContent(bytes: Uint8Array): SessionVoucher {
    const reader = new ByteReader(bytes, 'a payment', 'request_invalid');
    const voucher = { cumulative: reader.u64(), signature: reader.raw(64) };
    reader.end();
    return voucher;
}

function dropUndefined(body: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** The most prompt tokens that a client believes for a request: bytes of its JSON + 64 × (messages + 1) + 256. */
export function promptTokenBound(jsonLength: number, body: Readonly<Record<string, unknown>>): number {
    const messages = Array.isArray(body.messages) ? body.messages.length : 0;
    return jsonLength + 64 * (messages + 1) + 256;
}
