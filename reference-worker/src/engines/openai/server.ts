import { Pool } from 'undici';
import type { OpenAiEngineConfig } from '../../config';
import type { EngineError } from '../errors';
import { Exchange } from './exchange';
import { malformed, statusError, transportError } from './failures';

/** Beside the requests that generate: health, counting of tokens. */
const SPARE_CONNECTIONS = 2;
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** Connections to one OpenAI-compatible server, kept open between requests. */
export class OpenAiServer {
    readonly #pool: Pool;
    readonly #origin: string;
    readonly #path: string;
    readonly #timeoutSeconds: number;
    readonly #headers: Record<string, string>;

    constructor(config: OpenAiEngineConfig, apiKey: string | undefined) {
        const url = new URL(config.baseUrl);
        // Never the whole URL in a message: some people put keys into it.
        this.#origin = url.origin;
        this.#path = url.pathname.replace(/\/+$/, '');
        this.#timeoutSeconds = config.timeoutSeconds;
        this.#headers = { 'content-type': 'application/json' };
        if (apiKey) this.#headers.authorization = `Bearer ${apiKey}`;
        const timeout = config.timeoutSeconds * 1000;
        this.#pool = new Pool(url.origin, {
            connections: config.concurrency + SPARE_CONNECTIONS,
            headersTimeout: timeout,
            bodyTimeout: timeout,
            connect: { timeout },
        });
    }

    /** @param path below the base URL, or `//…` from the root of the server. */
    send(path: string, body?: unknown): Exchange {
        const exchange = new Exchange();
        this.#pool.dispatch(
            {
                method: body === undefined ? 'GET' : 'POST',
                path: path.startsWith('//') ? path.slice(1) : this.#path + path,
                headers: this.#headers,
                ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            },
            exchange,
        );
        return exchange;
    }

    /** Waits for the head of the answer. Throws {@link EngineError} for a status that is no success. */
    async accept(exchange: Exchange): Promise<void> {
        const { status } = await exchange.head();
        if (status < 200 || status > 299) throw await statusError(exchange);
    }

    /** One whole JSON answer. Throws {@link EngineError}. */
    async json(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
        return parseJson(await this.#text(this.send(path, body), signal));
    }

    /** Asks for a path and looks at the status only. Throws {@link EngineError}. */
    async probe(path: string, signal: AbortSignal): Promise<void> {
        await this.#text(this.send(path), signal);
    }

    failure(error: unknown): EngineError {
        return transportError(error, this.#origin, this.#timeoutSeconds);
    }

    async #text(exchange: Exchange, signal: AbortSignal): Promise<string> {
        const cancel = () => exchange.cancel();
        if (signal.aborted) cancel();
        signal.addEventListener('abort', cancel, { once: true });
        try {
            await this.accept(exchange);
            return await exchange.text(MAX_ANSWER_BYTES);
        } catch (error) {
            throw this.failure(error);
        } finally {
            signal.removeEventListener('abort', cancel);
        }
    }

    async close(): Promise<void> {
        await this.#pool.destroy();
    }
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw malformed('the answer is not JSON');
    }
}
