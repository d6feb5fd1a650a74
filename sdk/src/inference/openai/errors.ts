import { type CocoonError, type ErrorCode, isCocoonError } from '../../errors';
import { NodesBusyError, RequestParameterError } from '../errors';

/** Body of an error of the OpenAI API. */
export type OpenAIErrorBody = {
    readonly error: {
        readonly message: string;
        readonly type: string;
        readonly param: string | null;
        /** A code of docs/errors.md. */
        readonly code: string;
    };
};

/** An error as a response of the OpenAI API. */
export type OpenAIErrorResponse = {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: OpenAIErrorBody;
};

const BAD_REQUEST = [400, 'invalid_request_error'] as const;
const NO_MONEY = [402, 'insufficient_quota'] as const;
const UPSTREAM = [502, 'api_error'] as const;
const LATER = [503, 'service_unavailable'] as const;

/** Status and type by code; everything else is an internal error. */
const RESPONSES: Partial<Record<ErrorCode, readonly [number, string]>> = {
    missing_required_parameter: BAD_REQUEST,
    invalid_value: BAD_REQUEST,
    unsupported_parameter: BAD_REQUEST,
    context_length_exceeded: BAD_REQUEST,
    cost_limit: BAD_REQUEST,
    unknown_route: [404, 'invalid_request_error'],
    model_not_found: [404, 'invalid_request_error'],
    operation_aborted: [499, 'request_aborted'],
    vault_empty: NO_MONEY,
    funding_unavailable: NO_MONEY,
    nodes_busy: [429, 'rate_limit_error'],
    nodes_failed: UPSTREAM,
    answer_interrupted: UPSTREAM,
    nodes_timeout: [504, 'api_error'],
    no_node: LATER,
    nodes_unknown: LATER,
    funding_failed: LATER,
    network_paused: LATER,
    inference_closed: LATER,
    channel_lease_lost: LATER,
    session_store_failed: LATER,
};

/** Seconds after which a retry can help, where nothing better is known. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = {
    no_node: 30,
    nodes_unknown: 10,
    funding_failed: 10,
    network_paused: 60,
};

/** Any error as a response of the OpenAI API. The message names the remedy; causes stay here. */
export function openAIError(error: unknown): OpenAIErrorResponse {
    if (!isCocoonError(error)) return internalError;
    const [status, type] = RESPONSES[error.code] ?? [500, 'api_error'];
    return {
        status,
        headers: retryHeaders(error),
        body: {
            error: {
                message: `${error.shortMessage} ${error.remedy}`,
                type,
                param: error instanceof RequestParameterError ? error.param : null,
                code: error.code,
            },
        },
    };
}

const internalError: OpenAIErrorResponse = {
    status: 500,
    headers: {},
    body: {
        error: {
            // The text of an unknown error could hold anything, also what a user typed.
            message: 'An unexpected error happened.',
            type: 'api_error',
            param: null,
            code: 'internal_error',
        },
    },
};

function retryHeaders(error: CocoonError): Record<string, string> {
    const seconds = error instanceof NodesBusyError ? error.retryAfterSeconds : RETRY_AFTER[error.code];
    return seconds === undefined ? {} : { 'retry-after': String(Math.ceil(seconds)) };
}
