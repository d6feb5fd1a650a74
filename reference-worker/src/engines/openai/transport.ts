import type { OpenAiEngineConfig } from '../../config';
import { messageOf } from '../../errors';
import { abortedError, EngineError } from '../errors';

/** The server's base URL with its API key resolved. */
export interface OpenAiServer extends Pick<OpenAiEngineConfig, 'baseUrl' | 'timeoutSeconds'> {
    apiKey?: string;
}

/** Ends a request when the caller asks to or when the server is silent for too long. */
export class Deadline {
    readonly #controller = new AbortController();
    readonly #stop: () => void;
    readonly #seconds: number;
    readonly #callers: AbortSignal[];
    #timer: NodeJS.Timeout;
    timedOut = false;

    constructor(seconds: number, callers: (AbortSignal | undefined)[]) {
        this.#seconds = seconds;
        this.#callers = callers.filter((signal) => signal !== undefined);
        // Plain listeners: AbortSignal.any keeps every short-lived signal alive as long as its long-lived source.
        this.#stop = () => this.#controller.abort();
        for (const signal of this.#callers) {
            if (signal.aborted) this.#controller.abort();
            signal.addEventListener('abort', this.#stop, { once: true });
        }
        this.#timer = this.#arm();
    }

    get signal(): AbortSignal {
        return this.#controller.signal;
    }

    /** The server showed life: the silence is measured anew. */
    extend(): void {
        clearTimeout(this.#timer);
        this.#timer = this.#arm();
    }

    release(): void {
        clearTimeout(this.#timer);
        for (const signal of this.#callers) signal.removeEventListener('abort', this.#stop);
    }

    #arm(): NodeJS.Timeout {
        return setTimeout(() => {
            this.timedOut = true;
            this.#controller.abort();
        }, this.#seconds * 1000);
    }
}

/** Sends one request and maps every failure to an {@link EngineError}. */
export async function request(
    server: OpenAiServer,
    path: string,
    deadline: Deadline,
    body?: unknown,
): Promise<Response> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (server.apiKey) headers.authorization = `Bearer ${server.apiKey}`;
    let response: Response;
    try {
        response = await fetch(`${server.baseUrl.replace(/\/+$/, '')}${path}`, {
            method: body === undefined ? 'GET' : 'POST',
            headers,
            signal: deadline.signal,
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
    } catch (error) {
        throw transportError(error, server, deadline);
    }
    if (response.ok) return response;
    throw await statusError(response);
}

/** What a broken connection, a timeout or an abort means. */
export function transportError(error: unknown, server: OpenAiServer, deadline: Deadline): EngineError {
    if (error instanceof EngineError) return error;
    if (deadline.timedOut) {
        return new EngineError('timeout', `inference server silent for ${server.timeoutSeconds} s`, {
            remedy: 'check the load of the server, or raise engine.timeoutSeconds',
        });
    }
    if (deadline.signal.aborted) return abortedError();
    const cause = (error as { cause?: unknown }).cause ?? error;
    return new EngineError(
        'unreachable',
        `inference server unreachable at ${origin(server)}: ${messageOf(cause)}`,
        {
            remedy: 'start the server, or correct engine.baseUrl',
            cause: error,
        },
    );
}

function origin(server: OpenAiServer): string {
    const url = new URL(server.baseUrl);
    // Never the whole URL: some people put keys into it.
    return `${url.protocol}//${url.host}`;
}

/** Seconds from a Retry-After header in either of its forms. */
function retryAfter(response: Response): number | undefined {
    const value = response.headers.get('retry-after');
    if (value === null) return undefined;
    const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
    return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

async function statusError(response: Response): Promise<EngineError> {
    const { status } = response;
    // The body may quote the prompt: only its machine-readable code is looked at.
    const code = await response
        .json()
        .then((body: { error?: { code?: unknown; type?: unknown } }) => body.error?.code ?? body.error?.type)
        .catch(() => undefined);
    if (status === 401 || status === 403) {
        return new EngineError('unauthorized', `inference server refuses the API key (${status})`, {
            remedy: 'set the environment variable named by engine.apiKeyEnv to a valid key',
        });
    }
    if (status === 404) {
        return new EngineError(
            'model_missing',
            'inference server does not know the model or the path (404)',
            {
                remedy: 'check engine.model, and that engine.baseUrl ends in /v1',
            },
        );
    }
    if (status === 429) {
        const seconds = retryAfter(response);
        return new EngineError('rate_limited', 'inference server is at its rate limit (429)', {
            remedy: 'lower engine.concurrency, or wait',
            ...(seconds === undefined ? {} : { retryAfter: seconds }),
        });
    }
    if (code === 'context_length_exceeded' || status === 413) {
        return new EngineError('context_too_long', `prompt does not fit the server's context (${status})`, {
            remedy: 'shorten the prompt, or serve the model with a longer context',
        });
    }
    if (status === 408 || status === 504) {
        return new EngineError('timeout', `inference server timed out (${status})`, {
            remedy: 'check its load',
        });
    }
    if (status >= 500) {
        return new EngineError('server_error', `inference server failed (${status})`, {
            remedy: 'see its log',
        });
    }
    return new EngineError('bad_request', `inference server refuses the request (${status})`, {
        remedy: 'the request is not one that this model or server supports',
    });
}
