import { CocoonError, type CocoonErrorOptions } from '../errors';

/** Why a node refuses a call; the table of docs/spec/session.md. */
export const REFUSAL_STATUS = {
    envelope_invalid: 400,
    request_invalid: 400,
    context_too_long: 400,
    voucher_invalid: 400,
    protocol_unsupported: 400,
    signature_invalid: 401,
    clock_skew: 401,
    payment_required: 402,
    vault_unknown: 403,
    allocation_unknown: 403,
    terms_unknown: 403,
    model_unknown: 404,
    price_changed: 409,
    sequence_used: 409,
    sequence_too_old: 409,
    allocation_released: 410,
    key_unknown: 421,
    node_busy: 429,
    engine_failed: 502,
    draining: 503,
    chain_unavailable: 503,
} as const;

/** Stable code of a refusal. */
export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** Bytes that are not in the format of docs/spec/session.md. `refusal` is what a node answers to them. */
export class SessionFormatError extends CocoonError {
    constructor(
        shortMessage: string,
        readonly refusal: RefusalCode = 'envelope_invalid',
        options?: CocoonErrorOptions,
    ) {
        super('session_malformed', shortMessage, options);
        this.name = 'SessionFormatError';
    }
}

/** A frame or envelope does not open: altered, reordered, replayed, or sealed for someone else. */
export class SessionDecryptionError extends CocoonError {
    readonly refusal = 'envelope_invalid' satisfies RefusalCode;

    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('session_decryption_failed', shortMessage, options);
        this.name = 'SessionDecryptionError';
    }
}

/** An envelope is sealed to a key that the node does not have (any more). */
export class SessionKeyUnknownError extends CocoonError {
    readonly refusal = 'key_unknown' satisfies RefusalCode;

    constructor(options?: CocoonErrorOptions) {
        super(
            'session_key_unknown',
            'The envelope is sealed to a key that this node does not have.',
            options,
        );
        this.name = 'SessionKeyUnknownError';
    }
}

/** An answer ended without its last frame. */
export class SessionTruncatedError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('session_truncated', shortMessage, options);
        this.name = 'SessionTruncatedError';
    }
}

/** What a client can do after a refusal. */
export type RefusalRemedy =
    | 'correct'
    | 'clock'
    | 'pay'
    | 'chain'
    | 'node'
    | 'offer'
    | 'allocate'
    | 'key'
    | 'sequence';

/** The node refused a call before any work. `needed` is the cumulative in nanoTON of a 402. */
export class SessionRefusedError extends CocoonError {
    readonly needed: bigint | undefined;
    readonly retryAfterSeconds: number | undefined;

    constructor(
        readonly refusal: RefusalCode,
        readonly status: number,
        readonly next: RefusalRemedy,
        options: CocoonErrorOptions & { needed?: bigint; retryAfterSeconds?: number } = {},
    ) {
        super(`session_${refusal}`, `The node refused the call (${status} ${refusal}).`, options);
        this.name = 'SessionRefusedError';
        this.needed = options.needed;
        this.retryAfterSeconds = options.retryAfterSeconds;
    }
}

/** The node could not be reached, or the connection broke for good. */
export class SessionUnreachableError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('session_unreachable', shortMessage, options);
        this.name = 'SessionUnreachableError';
    }
}

/** The node accepted the connection and then said nothing for too long. */
export class SessionTimeoutError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('session_timeout', shortMessage, options);
        this.name = 'SessionTimeoutError';
    }
}

/** The node ended the answer with a failure frame; what was delivered before has its receipts. */
export class SessionFailedError extends CocoonError {
    constructor(
        /** The node's code, such as `engine_failed` or `payment_required`. */
        readonly failure: string,
        options?: CocoonErrorOptions,
    ) {
        super('session_failed', `The node ended the answer early (${failure}).`, {
            ...options,
            details: { failure, ...options?.details },
        });
        this.name = 'SessionFailedError';
    }
}

/** Which check of a receipt or answer failed. */
export type SessionViolation =
    | 'receipt_signature'
    | 'receipt_chunk'
    | 'receipt_shrank'
    | 'request_hash'
    | 'response_hash'
    | 'price'
    | 'prompt_tokens'
    | 'cached_tokens'
    | 'completion_tokens'
    | 'completion_limit'
    | 'issued_at'
    | 'seed'
    | 'voucher';

/** The node said something that is provably wrong. The receipt is kept as evidence; pay this node nothing more. */
export class SessionViolationError extends CocoonError {
    constructor(
        readonly violation: SessionViolation,
        shortMessage: string,
        options?: CocoonErrorOptions,
    ) {
        super('session_violation', shortMessage, {
            ...options,
            details: { violation, ...options?.details },
        });
        this.name = 'SessionViolationError';
    }
}

/** The allocation does not hold what this request would need. Amounts in nanoTON are in the details. */
export class AllocationSpentError extends CocoonError {
    constructor(
        readonly needed: bigint,
        readonly allocated: bigint,
        options?: CocoonErrorOptions,
    ) {
        super(
            'session_allocation_spent',
            `The allocation holds ${allocated} nanoTON, needed are ${needed}.`,
            {
                ...options,
                details: { needed, allocated, ...options?.details },
            },
        );
        this.name = 'AllocationSpentError';
    }
}

/** The marks of the channel could not be made durable, so that nothing was signed. */
export class SessionStoreError extends CocoonError {
    constructor(options?: CocoonErrorOptions) {
        super('session_store_failed', 'The marks of the channel could not be made durable.', options);
        this.name = 'SessionStoreError';
    }
}

/** The evidence of an answer could not be kept. */
export class EvidenceStoreError extends CocoonError {
    constructor(options?: CocoonErrorOptions) {
        super('evidence_store_failed', 'The evidence of an answer could not be kept.', options);
        this.name = 'EvidenceStoreError';
    }
}
