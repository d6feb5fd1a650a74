import { ERROR_CATALOGUE, type ErrorCode } from './catalogue';

/** Values that help to find the cause; never secrets, never what a user typed. */
export type ErrorDetails = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>;

export type CocoonErrorOptions = {
    /** Overrides the catalogue's remedy where the cause is known better. */
    remedy?: string;
    details?: ErrorDetails;
    cause?: unknown;
};

/**
 * Base of every error that the SDK throws on purpose.
 * `code` is stable for programs; `message` is for people and contains the remedy.
 */
export class CocoonError extends Error {
    readonly code: ErrorCode;
    /** What happened, in one sentence. */
    readonly shortMessage: string;
    /** What to do about it. */
    readonly remedy: string;
    readonly details: ErrorDetails;
    /** Where in the documentation this code is explained. */
    readonly docsPath: string;

    constructor(code: ErrorCode, shortMessage: string, options: CocoonErrorOptions = {}) {
        const remedy = options.remedy ?? ERROR_CATALOGUE[code].remedy;
        super(`${shortMessage}\n${remedy}\n(${code}, docs/errors.md#${code})`, { cause: options.cause });
        // A literal, because minifiers rename classes; subclasses set their own.
        this.name = 'CocoonError';
        this.code = code;
        this.shortMessage = shortMessage;
        this.remedy = remedy;
        this.details = options.details ?? {};
        this.docsPath = `docs/errors.md#${code}`;
    }

    /** The first error of the cause chain (this one included) that `test` accepts, or undefined. */
    find<T extends Error>(test: (error: Error) => error is T): T | undefined {
        let current: unknown = this;
        while (current instanceof Error) {
            if (test(current)) {
                return current;
            }
            current = current.cause;
        }
        return undefined;
    }
}

/** A call with a value that cannot work. */
export class InvalidArgumentError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('invalid_argument', shortMessage, options);
        this.name = 'InvalidArgumentError';
    }
}

/** The caller's AbortSignal fired. */
export class AbortedError extends CocoonError {
    constructor(shortMessage = 'The operation was aborted.', options?: CocoonErrorOptions) {
        super('operation_aborted', shortMessage, options);
        this.name = 'AbortedError';
    }
}

/** Whether `error` is a CocoonError, with `code` when given; works across duplicate copies of the package. */
export function isCocoonError(error: unknown, code?: ErrorCode): error is CocoonError {
    if (!(error instanceof Error) || !('code' in error) || !('docsPath' in error)) {
        return false;
    }
    return code === undefined || error.code === code;
}
