import type { IncomingHttpHeaders } from 'node:http';
import { messageOf, systemCode } from '../../errors';
import { EngineError } from '../errors';
import type { Exchange } from './exchange';

const TIMEOUTS: ReadonlySet<string> = new Set([
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
]);
/** Of an error's body: its code stands near the beginning. */
const MAX_ERROR_BYTES = 65_536;

export function malformed(what: string): EngineError {
    return new EngineError('server_error', `inference server answered outside the OpenAI protocol: ${what}`, {
        remedy: 'check that engine.baseUrl points at an OpenAI-compatible server',
    });
}

/** What a broken connection or a timeout means. */
export function transportError(error: unknown, origin: string, timeoutSeconds: number): EngineError {
    if (error instanceof EngineError) return error;
    if (TIMEOUTS.has(systemCode(error) ?? '')) {
        return new EngineError('timeout', `inference server silent for ${timeoutSeconds} s`, {
            remedy: 'check the load of the server, or raise engine.timeoutSeconds',
        });
    }
    return new EngineError('unreachable', `inference server unreachable at ${origin}: ${messageOf(error)}`, {
        remedy: 'start the server, or correct engine.baseUrl',
        cause: error,
    });
}

/** What a status other than 2xx means. */
export async function statusError(exchange: Exchange): Promise<EngineError> {
    const { status, headers } = await exchange.head();
    const code = await errorCode(exchange);
    if (status === 401 || status === 403) {
        return new EngineError('unauthorized', `inference server refuses the API key (${status})`, {
            remedy: 'set the environment variable named by engine.apiKeyEnv to a valid key',
        });
    }
    if (status === 404) {
        return new EngineError(
            'model_missing',
            'inference server does not know the model or the path (404)',
            { remedy: 'check engine.model, and that engine.baseUrl ends in /v1' },
        );
    }
    if (status === 429) {
        const seconds = retryAfter(headers);
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
    if (status >= 500 || status < 400) {
        return new EngineError('server_error', `inference server failed (${status})`, {
            remedy: 'see its log',
        });
    }
    return new EngineError('bad_request', `inference server refuses the request (${status})`, {
        remedy: 'the request is not one that this model or server supports',
    });
}

/** The body may quote the prompt: only its machine-readable code is looked at. */
async function errorCode(exchange: Exchange): Promise<unknown> {
    try {
        const body = JSON.parse(await exchange.text(MAX_ERROR_BYTES)) as {
            error?: { code?: unknown; type?: unknown };
        };
        return body.error?.code ?? body.error?.type;
    } catch {
        return undefined;
    }
}

/** Seconds from a Retry-After header in either of its forms. */
function retryAfter(headers: IncomingHttpHeaders): number | undefined {
    const value = headers['retry-after'];
    if (value === undefined) return undefined;
    const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
    return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
