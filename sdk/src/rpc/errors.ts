import { CocoonError, type CocoonErrorOptions, type ErrorCode } from '../errors';

/** Base of everything that can go wrong between the SDK and a TON HTTP API. */
export class RpcError extends CocoonError {
    /** Whether the same call may succeed later. */
    readonly retryable: boolean;

    constructor(code: ErrorCode, shortMessage: string, retryable: boolean, options?: CocoonErrorOptions) {
        super(code, shortMessage, options);
        this.name = 'RpcError';
        this.retryable = retryable;
    }
}

/** No connection, or a gateway without the API behind it. */
export class RpcUnreachableError extends RpcError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('rpc_unreachable', shortMessage, true, options);
        this.name = 'RpcUnreachableError';
    }
}

/** No answer in time. Whether the call had an effect is unknown. */
export class RpcTimeoutError extends RpcError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('rpc_timeout', shortMessage, true, options);
        this.name = 'RpcTimeoutError';
    }
}

/** Too many requests. `retryAfterMs` is what the endpoint asked for, if it did. */
export class RpcRateLimitedError extends RpcError {
    readonly retryAfterMs: number | undefined;

    constructor(shortMessage: string, retryAfterMs: number | undefined, options?: CocoonErrorOptions) {
        super('rpc_rate_limited', shortMessage, true, options);
        this.name = 'RpcRateLimitedError';
        this.retryAfterMs = retryAfterMs;
    }
}

/** The API key was refused. */
export class RpcUnauthorizedError extends RpcError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('rpc_unauthorized', shortMessage, false, options);
        this.name = 'RpcUnauthorizedError';
    }
}

/** The API answered with an error, or not in its own format. */
export class RpcResponseError extends RpcError {
    /** What the API said. */
    readonly apiMessage: string;
    /** The API's error code or the HTTP status. */
    readonly status: number;

    constructor(apiMessage: string, status: number, retryable: boolean, options?: CocoonErrorOptions) {
        super(
            'rpc_response',
            `The TON HTTP API answered with error ${status}: ${apiMessage}`,
            retryable,
            options,
        );
        this.name = 'RpcResponseError';
        this.apiMessage = apiMessage;
        this.status = status;
    }
}

/** The endpoint has no such method. */
export class RpcNotSupportedError extends RpcError {
    constructor(method: string, options?: CocoonErrorOptions) {
        super('rpc_not_supported', `The endpoint does not offer ${method}.`, false, options);
        this.name = 'RpcNotSupportedError';
    }
}

/**
 * An external message was not accepted. With `ambiguous`, an earlier attempt of the same call had no answer:
 * that attempt may have been accepted, and the rejection may be its consequence.
 */
export class MessageRejectedError extends RpcError {
    readonly ambiguous: boolean;

    constructor(apiMessage: string, ambiguous: boolean, options?: CocoonErrorOptions) {
        super('rpc_message_rejected', `The external message was not accepted: ${apiMessage}`, false, options);
        this.name = 'MessageRejectedError';
        this.ambiguous = ambiguous;
    }
}

/** A get method ended with an exit code other than 0 and 1. */
export class GetMethodError extends RpcError {
    readonly exitCode: number;

    constructor(method: string | number, address: string, exitCode: number, options?: CocoonErrorOptions) {
        const why = exitCode === -13 || exitCode === -256 ? ' (the account has no code)' : '';
        super(
            'get_method_failed',
            `Get method ${method} of ${address} failed with exit code ${exitCode}${why}.`,
            false,
            { ...options, details: { method, address, exitCode } },
        );
        this.name = 'GetMethodError';
        this.exitCode = exitCode;
    }
}
