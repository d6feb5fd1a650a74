import {
    REFUSAL_STATUS,
    type RefusalCode,
    type RefusalRemedy,
    SessionFormatError,
    SessionRefusedError,
} from '../errors';
import { isObject, jsonBytes, parseJson } from './json';
import { parseAmount } from './text-fields';

/** A refusal as a node sends it. `message` holds no content of the request. */
export type Refusal = {
    readonly code: RefusalCode;
    readonly message: string;
    /** Cumulative in nanoTON that a 402 asks for. */
    readonly needed?: bigint;
    /** Goes into the header `Retry-After` of a 429. */
    readonly retryAfterSeconds?: number;
};

const NEXT: Record<RefusalCode, RefusalRemedy> = {
    envelope_invalid: 'correct',
    request_invalid: 'correct',
    context_too_long: 'correct',
    voucher_invalid: 'correct',
    protocol_unsupported: 'correct',
    signature_invalid: 'clock',
    clock_skew: 'clock',
    payment_required: 'pay',
    vault_unknown: 'chain',
    allocation_unknown: 'chain',
    terms_unknown: 'chain',
    model_unknown: 'node',
    price_changed: 'offer',
    sequence_used: 'sequence',
    sequence_too_old: 'sequence',
    allocation_released: 'allocate',
    key_unknown: 'key',
    node_busy: 'node',
    engine_failed: 'node',
    draining: 'node',
    chain_unavailable: 'node',
};

/** HTTP status and JSON body of a refusal. */
export function encodeRefusal(refusal: Refusal): { status: number; body: Uint8Array } {
    const { code, message, needed } = refusal;
    const error = { code, message, ...(needed !== undefined && { needed: needed.toString() }) };
    return { status: REFUSAL_STATUS[code], body: jsonBytes({ error }) };
}

/**
 * A refusal as the error that the client throws. The node's message is left out: nothing authenticates it.
 * Throws SessionFormatError for a body that is none.
 */
export function decodeRefusal(status: number, body: Uint8Array, retryAfter?: string): SessionRefusedError {
    const value = parseJson(body, 'a refusal');
    const error = isObject(value) ? value.error : undefined;
    if (!isObject(error) || !isRefusalCode(error.code)) {
        throw new SessionFormatError(`Status ${status} comes without a code that is known.`);
    }
    return new SessionRefusedError(error.code, status, NEXT[error.code], {
        needed: error.needed === undefined ? undefined : parseAmount(error.needed, 'needed'),
        retryAfterSeconds: parseRetryAfter(retryAfter),
        details: { status },
    });
}

function isRefusalCode(code: unknown): code is RefusalCode {
    return typeof code === 'string' && Object.hasOwn(REFUSAL_STATUS, code);
}

function parseRetryAfter(value: string | undefined): number | undefined {
    return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
