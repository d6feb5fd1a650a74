import { isCocoonError, openAIError } from 'cocoon-sdk';

/** Errors that callers of the API see: HTTP status, OpenAI's type, what happened, what to do. Codes are stable. */
export const API_ERRORS = {
    invalid_json: [400, 'invalid_request_error', 'The body is not valid JSON.', 'Send a JSON object.'],
    invalid_request: [400, 'invalid_request_error', 'The request is malformed.', 'See docs/errors.md.'],
    body_too_large: [
        413,
        'invalid_request_error',
        'The body is larger than this gateway takes.',
        'Shorten the conversation, or raise limits.bodyBytes of the gateway (4,000,000 at most).',
    ],
    unsupported_media_type: [
        415,
        'invalid_request_error',
        'The body has a content type that this route does not take.',
        'Send application/json; files are sent as multipart/form-data.',
    ],
    invalid_api_key: [
        401,
        'invalid_request_error',
        'The API key is missing, unknown or revoked.',
        'Send "Authorization: Bearer <key>" with a key of this gateway (cocoon-gateway keys create).',
    ],
    model_not_allowed: [
        403,
        'invalid_request_error',
        'This API key may not use the model.',
        'Choose a model that GET /v1/models lists, or have the key allowed to use it.',
    ],
    max_tokens_too_large: [
        400,
        'invalid_request_error',
        'The limit of tokens is above that of the API key.',
        'Ask for fewer tokens, or have the limit of the key raised.',
    ],
    max_tokens_over_budget: [
        402,
        'insufficient_quota',
        'An answer of so many tokens could cost more than is left of the budget of the API key.',
        'Ask for fewer tokens, leave the limit out (the answer then ends where the budget does), or have the budget raised.',
    ],
    budget_exceeded: [
        402,
        'insufficient_quota',
        'The budget of the API key is spent.',
        'Wait for the next period where the key has one, or have the budget raised.',
    ],
    rate_limit_exceeded: [
        429,
        'rate_limit_error',
        'The API key has used up its requests or tokens of this minute.',
        'Wait for the seconds that Retry-After names.',
    ],
    gateway_busy: [
        503,
        'service_unavailable',
        'The gateway runs as many requests as it may.',
        'Try again in a moment, or raise limits.concurrentRequests.',
    ],
    draining: [
        503,
        'service_unavailable',
        'The gateway is shutting down.',
        'Send the request again: another process takes it.',
    ],
    database_unavailable: [
        503,
        'service_unavailable',
        'The gateway cannot reach its database.',
        'Try again in a moment; the operator should look at PostgreSQL.',
    ],
    request_timeout: [
        504,
        'api_error',
        'The answer took longer than the gateway waits.',
        'Ask for fewer tokens or stream, or raise limits.requestTimeoutSeconds.',
    ],
    unknown_route: [
        404,
        'invalid_request_error',
        'There is no such route.',
        'The gateway serves models, chat/completions, completions, embeddings, files and batches under /v1.',
    ],
    file_not_found: [
        404,
        'invalid_request_error',
        'There is no such file of this API key.',
        'List the files with GET /v1/files.',
    ],
    file_invalid: [
        400,
        'invalid_request_error',
        'The upload is malformed.',
        'Send multipart/form-data with the fields purpose ("batch") and file.',
    ],
    file_too_large: [
        413,
        'invalid_request_error',
        'The file is larger than this gateway takes.',
        'Split it, or raise limits.fileBytes of the gateway.',
    ],
    batch_not_found: [
        404,
        'invalid_request_error',
        'There is no such batch of this API key.',
        'List the batches with GET /v1/batches.',
    ],
    batch_invalid: [
        400,
        'invalid_request_error',
        'The batch is malformed.',
        'Name an input_file_id with purpose "batch", an endpoint and completion_window "24h".',
    ],
    batch_not_cancellable: [
        409,
        'invalid_request_error',
        'The batch is over.',
        'Nothing to do: read its files.',
    ],
    batches_disabled: [
        501,
        'api_error',
        'This gateway runs no batches.',
        'Send the requests one by one, or turn batches.enabled on.',
    ],
    batch_endpoint_unsupported: [
        400,
        'invalid_request_error',
        'Batches run as jobs, which answer chat completions only.',
        'Use the endpoint /v1/chat/completions.',
    ],
} as const satisfies Record<string, readonly [number, string, string, string]>;

export type ApiErrorCode = keyof typeof API_ERRORS;

export interface ApiErrorOptions {
    /** Replaces the catalogue's sentence; never holds what a user typed, beyond names. */
    message?: string;
    param?: string;
    retryAfterSeconds?: number;
}

/** An error for a caller of the API. */
export class ApiError extends Error {
    readonly code: ApiErrorCode;
    readonly param: string | null;
    readonly retryAfterSeconds: number | undefined;

    constructor(code: ApiErrorCode, options: ApiErrorOptions = {}) {
        super(options.message ?? API_ERRORS[code][2]);
        this.name = 'ApiError';
        this.code = code;
        this.param = options.param ?? null;
        this.retryAfterSeconds = options.retryAfterSeconds;
    }

    get status(): number {
        return API_ERRORS[this.code][0];
    }
}

export interface ErrorResponse {
    status: number;
    headers: Record<string, string>;
    body: { error: { message: string; type: string; param: string | null; code: string } };
}

/** SQLSTATE classes and system codes that say: the database is away. */
const DATABASE_AWAY = /^(08|57P|53)|^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND)$/;

/** Any error as a response. Texts of unknown errors never get out: they could hold anything. */
export function errorResponse(error: unknown): ErrorResponse {
    if (error instanceof ApiError) return ofApi(error);
    const code = (error as { code?: unknown } | null)?.code;
    if (!isCocoonError(error) && typeof code === 'string') {
        if (code.startsWith('FST_')) return ofApi(ofFastify(code));
        if (DATABASE_AWAY.test(code))
            return ofApi(new ApiError('database_unavailable', { retryAfterSeconds: 2 }));
    }
    const { status, headers, body } = openAIError(error);
    return { status, headers: { ...headers }, body };
}

function ofApi(error: ApiError): ErrorResponse {
    const [status, type, , remedy] = API_ERRORS[error.code];
    const { message, param, code, retryAfterSeconds } = error;
    return {
        status,
        headers:
            retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) },
        body: { error: { message: `${message} ${remedy}`, type, param, code } },
    };
}

function ofFastify(code: string): ApiError {
    switch (code) {
        case 'FST_ERR_CTP_BODY_TOO_LARGE':
            return new ApiError('body_too_large');
        case 'FST_REQ_FILE_TOO_LARGE':
            return new ApiError('file_too_large');
        case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
            return new ApiError('unsupported_media_type');
        case 'FST_ERR_CTP_INVALID_JSON_BODY':
        case 'FST_ERR_CTP_EMPTY_JSON_BODY':
            return new ApiError('invalid_json');
        case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
        case 'FST_NO_FORM_DATA':
            return new ApiError('file_invalid');
        default:
            return new ApiError('invalid_request');
    }
}
