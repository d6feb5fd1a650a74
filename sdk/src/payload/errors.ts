import { CocoonError, type CocoonErrorOptions } from '../errors';

/** Bytes or a cell are not in the payload format. */
export class PayloadFormatError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('payload_malformed', shortMessage, options);
        this.name = 'PayloadFormatError';
    }
}

/** A payload, item or count is over its limit. */
export class PayloadTooLargeError extends CocoonError {
    constructor(what: string, size: number, limit: number, options?: CocoonErrorOptions) {
        super('payload_too_large', `${what}: ${size} is over the limit of ${limit}.`, {
            ...options,
            details: { size, limit, ...options?.details },
        });
        this.name = 'PayloadTooLargeError';
    }
}

/** Ciphertext did not open. */
export class PayloadDecryptionError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('payload_decryption_failed', shortMessage, options);
        this.name = 'PayloadDecryptionError';
    }
}

/** Decrypted content is not what the chain commits to. */
export class PayloadCommitmentError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('payload_commitment_mismatch', shortMessage, options);
        this.name = 'PayloadCommitmentError';
    }
}

/** An item is not a valid request or response. `details.field` names the field, never its value. */
export class PayloadContentError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('payload_content_invalid', shortMessage, options);
        this.name = 'PayloadContentError';
    }
}

/** A payload's URI could not be used. `retryable` says whether trying again can help. */
export class PayloadFetchError extends CocoonError {
    readonly retryable: boolean;

    constructor(
        code: 'payload_fetch_refused' | 'payload_fetch_failed' | 'payload_fetch_mismatch',
        shortMessage: string,
        options?: CocoonErrorOptions,
    ) {
        super(code, shortMessage, options);
        this.name = 'PayloadFetchError';
        this.retryable = code === 'payload_fetch_failed';
    }
}
