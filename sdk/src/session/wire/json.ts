import { bytesToUtf8, utf8ToBytes } from '../../utils';
import { type RefusalCode, SessionFormatError } from '../errors';

export function jsonBytes(value: unknown): Uint8Array {
    return utf8ToBytes(JSON.stringify(value));
}

/** Throws SessionFormatError, which names `what` and nothing of the content. */
export function parseJson(bytes: Uint8Array, what: string, refusal?: RefusalCode): unknown {
    const text = bytesToUtf8(bytes);
    try {
        if (text !== undefined) return JSON.parse(text);
    } catch {
        // Said below, without the cause: it quotes the text.
    }
    throw new SessionFormatError(`The JSON of ${what} is malformed.`, refusal);
}

export function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
