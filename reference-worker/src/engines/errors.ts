import { WorkerError } from '../errors';
import { ExitCode } from '../exit-codes';

export type EngineErrorCode =
    /** The request itself is wrong: the same request fails everywhere. */
    | 'bad_request'
    /** The request asks for something that this engine or model cannot do. */
    | 'unsupported'
    /** Prompt and at least one token do not fit the context. */
    | 'context_too_long'
    | 'unreachable'
    | 'rate_limited'
    | 'timeout'
    /** Wrong or missing API key. */
    | 'unauthorized'
    /** The server does not have the model. */
    | 'model_missing'
    /** The server failed, or answered something that is not the API. */
    | 'server_error'
    | 'aborted'
    /** The engine cannot start: library, GPU or model file. */
    | 'startup';

const RETRYABLE: ReadonlySet<EngineErrorCode> = new Set([
    'unreachable',
    'rate_limited',
    'timeout',
    'server_error',
]);

/** Every failure of an engine. The message never contains a prompt or an answer. */
export class EngineError extends WorkerError {
    declare readonly code: EngineErrorCode;
    /** The same request may succeed later. */
    readonly retryable: boolean;
    /** What the server asked to wait, seconds. */
    readonly retryAfter?: number;

    constructor(
        code: EngineErrorCode,
        message: string,
        options: { remedy: string; retryAfter?: number; cause?: unknown },
    ) {
        super(message, { code, remedy: options.remedy, exitCode: ExitCode.Engine, cause: options.cause });
        this.retryable = RETRYABLE.has(code);
        if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
    }
}

export function abortedError(): EngineError {
    return new EngineError('aborted', 'request aborted before it ran', {
        remedy: 'send it again if it is still wanted',
    });
}

export function contextTooLong(promptTokens: number, contextSize: number): EngineError {
    return new EngineError(
        'context_too_long',
        `prompt of ${promptTokens} tokens does not fit the context of ${contextSize}`,
        { remedy: 'shorten the prompt, or raise engine.contextSize if the model allows it' },
    );
}
