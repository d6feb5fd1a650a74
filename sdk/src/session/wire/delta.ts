import { utf8ToBytes } from '../../utils';
import { SessionFormatError } from '../errors';
import { isObject, jsonBytes, parseJson } from './json';

/** One step of an answer; every field is optional. */
export type SessionDelta = {
    /** Text. */
    readonly t?: string;
    /** Reasoning text, which comes before or between the text. */
    readonly r?: string;
    /** Token ids. */
    readonly i?: readonly number[];
    /** Log-probabilities, one per token id. */
    readonly p?: readonly number[];
    /** Entries of OpenAI's `logprobs.content`. */
    readonly l?: readonly unknown[];
    /** OpenAI's tool call deltas. */
    readonly c?: readonly unknown[];
    /** Embeddings, one row per input. */
    readonly e?: readonly (readonly number[])[];
};

/** Why a model stopped. */
export type SessionFinish = 'stop' | 'length' | 'tool_calls';

/** What the last frame says beside the receipt. */
export type FinalInfo = {
    readonly finish: SessionFinish;
    /** Null where the engine has none. */
    readonly seed: number | null;
    /** Prompt tokens from the engine's cache. */
    readonly cached: number;
};

/** Why an answer ended early. */
export type FailureInfo = { readonly code: string; readonly message: string };

export const encodeDelta = (delta: SessionDelta): Uint8Array => jsonBytes(delta);
export const encodeFinalInfo = (info: FinalInfo): Uint8Array => jsonBytes(info);
export const encodeFailure = (failure: FailureInfo): Uint8Array => jsonBytes(failure);

/** Bytes of text, reasoning and tool calls: what bounds the completion tokens of an answer without token ids. */
export function countableBytes({ t = '', r = '', c }: SessionDelta): number {
    return utf8ToBytes(`${t}${r}${c === undefined ? '' : JSON.stringify(c)}`).length;
}

/** Reads a delta. Throws SessionFormatError. */
export function decodeDelta(payload: Uint8Array): SessionDelta {
    const value = parseJson(payload, 'a delta');
    if (!isObject(value) || !isText(value.t) || !isText(value.r) || !isLists(value)) throw malformed('delta');
    const { i, p } = value as SessionDelta;
    if (p !== undefined && p.length !== i?.length) throw malformed('delta');
    return value as SessionDelta;
}

/** Reads the JSON of a final frame. Throws SessionFormatError. */
export function decodeFinalInfo(payload: Uint8Array): FinalInfo {
    const value = parseJson(payload, 'a final frame');
    if (!isObject(value)) throw malformed('final frame');
    const { finish, seed, cached } = value;
    if (finish !== 'stop' && finish !== 'length' && finish !== 'tool_calls') throw malformed('final frame');
    if ((seed !== null && !isCount(seed)) || !isCount(cached)) throw malformed('final frame');
    return { finish, seed, cached };
}

/** Reads a failure frame. Throws SessionFormatError. */
export function decodeFailure(payload: Uint8Array): FailureInfo {
    const value = parseJson(payload, 'a failure');
    if (!isObject(value) || typeof value.code !== 'string' || !/^[a-z][a-z_]{0,63}$/.test(value.code)) {
        throw malformed('failure');
    }
    return { code: value.code, message: typeof value.message === 'string' ? value.message : '' };
}

function isLists(value: Record<string, unknown>): boolean {
    return (
        isListOf(value.i, isCount) &&
        isListOf(value.p, isNumber) &&
        isListOf(value.l, () => true) &&
        isListOf(value.c, () => true) &&
        isListOf(value.e, (row) => isListOf(row, isNumber) && row !== undefined)
    );
}

function isListOf(value: unknown, test: (item: unknown) => boolean): boolean {
    return value === undefined || (Array.isArray(value) && value.every(test));
}

function isText(value: unknown): boolean {
    return value === undefined || typeof value === 'string';
}

function isNumber(value: unknown): boolean {
    return typeof value === 'number';
}

function isCount(value: unknown): value is number {
    return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(what: string): SessionFormatError {
    return new SessionFormatError(`A ${what} has a field of the wrong type.`);
}
