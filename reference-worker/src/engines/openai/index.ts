import { randomInt } from 'node:crypto';
import type { Rescored } from 'cocoon-sdk';
import type { OpenAiEngineConfig } from '../../config';
import { collect } from '../collect';
import { abortedError, EngineError } from '../errors';
import { unsupportedField } from '../request/parse';
import { Slots } from '../slots';
import { assertSupported } from '../support';
import type {
    CompleteOptions,
    Completion,
    EmbeddingRequest,
    Embeddings,
    EmbedOptions,
    Engine,
    EngineHealth,
    EngineToken,
    GenerationRequest,
    StreamEnd,
    StreamOptions,
    TokenClaim,
} from '../types';
import { Answer } from './answer';
import { bodyOf, pathOf } from './body';
import { readEmbeddings } from './embeddings';
import type { Exchange } from './exchange';
import { scoreOnServer } from './score';
import { OpenAiServer } from './server';
import { countTokens } from './tokenize';

const HEALTH_TIMEOUT_SECONDS = 5;

/** Runs requests on any server that speaks OpenAI's API: vLLM, SGLang, Ollama, llama.cpp, TGI… */
export class OpenAiEngine implements Engine {
    readonly name = 'openai';
    readonly capacity: number;
    readonly supports: OpenAiEngineConfig['supports'];
    declare readonly contextSize?: number;
    declare readonly embed?: Engine['embed'];
    declare readonly score?: Engine['score'];
    readonly #config: OpenAiEngineConfig;
    readonly #server: OpenAiServer;
    readonly #slots: Slots<number>;
    /** Gives up what is under way. */
    readonly #running = new Set<() => void>();
    #closing = false;

    /** @param apiKey value of the variable that `config.apiKeyEnv` names. */
    constructor(config: OpenAiEngineConfig, apiKey?: string) {
        this.capacity = config.concurrency;
        this.supports = config.supports;
        if (config.contextSize !== undefined) this.contextSize = config.contextSize;
        if (config.supports.embeddings) this.embed = (inputs, options) => this.#embed(inputs, options);
        const { tokenizePath } = config;
        if (tokenizePath !== undefined) {
            this.score = (request, claim, options) => this.#score(tokenizePath, request, claim, options);
        }
        this.#config = config;
        this.#server = new OpenAiServer(config, apiKey);
        this.#slots = new Slots(Array.from({ length: config.concurrency }, (_, index) => index));
    }

    complete(request: GenerationRequest, options: CompleteOptions = {}): Promise<Completion> {
        const logprobs = this.supports.logprobs;
        return collect(this.stream({ ...request, logprobs }, options), options.onToken);
    }

    async *stream(
        request: GenerationRequest,
        options: StreamOptions = {},
    ): AsyncGenerator<readonly EngineToken[], StreamEnd, void> {
        assertSupported(this.supports, request);
        const { signal } = options;
        const slot = await this.#slots.acquire(signal);
        const seed = request.seed ?? randomInt(2 ** 31 - 1);
        const answer = new Answer(request.topLogprobs ?? 0);
        const body = bodyOf(request, this.#config.model, seed);
        if (this.#config.returnTokenIds) body.return_token_ids = true;
        const exchange = this.#server.send(pathOf(request), body);
        const cancel = () => exchange.cancel();
        this.#running.add(cancel);
        signal?.addEventListener('abort', cancel, { once: true });
        try {
            await this.#server.accept(exchange);
            for (;;) {
                const chunks = await exchange.read();
                const tokens = chunks ? answer.push(chunks) : answer.flush();
                if (tokens.length > 0) yield tokens;
                if (exchange.cancelled) return answer.aborted(seed);
                if (answer.done || !chunks) return answer.end(seed);
            }
        } catch (error) {
            if (exchange.cancelled && !(error instanceof EngineError)) return answer.aborted(seed);
            throw this.#server.failure(error);
        } finally {
            this.#running.delete(cancel);
            signal?.removeEventListener('abort', cancel);
            release(exchange, answer.done);
            this.#slots.release(slot);
        }
    }

    async countPromptTokens(request: GenerationRequest | EmbeddingRequest): Promise<number | undefined> {
        const { tokenizePath, model } = this.#config;
        if (tokenizePath === undefined) return undefined;
        return this.#whileOpen((signal) =>
            countTokens(this.#server, `/${tokenizePath}`, model, request, signal),
        );
    }

    async health(): Promise<EngineHealth> {
        const timeout = AbortSignal.timeout(HEALTH_TIMEOUT_SECONDS * 1000);
        try {
            await this.#server.probe('/models', timeout);
            return { ok: true };
        } catch (error) {
            const reason = timeout.aborted
                ? `inference server silent for ${HEALTH_TIMEOUT_SECONDS} s`
                : this.#server.failure(error).message;
            return { ok: false, reason };
        }
    }

    async close(): Promise<void> {
        this.#closing = true;
        for (const cancel of this.#running) cancel();
        await this.#slots.close();
        await this.#server.close();
    }

    async #embed(inputs: readonly string[], options: EmbedOptions = {}): Promise<Embeddings> {
        const { signal, dimensions } = options;
        return this.#slots.use(
            () =>
                this.#whileOpen(async (stop) => {
                    const body = {
                        model: this.#config.model,
                        input: inputs,
                        encoding_format: 'float',
                        dimensions,
                    };
                    return readEmbeddings(await this.#server.json('/embeddings', body, stop), inputs.length);
                }, signal),
            signal,
        );
    }

    async #score(
        tokenizePath: string,
        request: GenerationRequest,
        claim: TokenClaim,
        { signal }: StreamOptions = {},
    ): Promise<Rescored> {
        assertSupported(this.supports, request);
        // What holds an answer to a form is not in a prompt's log-probabilities.
        if (request.responseFormat) throw unsupportedField('response_format', NOT_SCORED);
        if ('tools' in request && request.tools && request.toolChoice !== 'none') {
            throw unsupportedField('tools', NOT_SCORED);
        }
        const { model } = this.#config;
        return this.#slots.use(
            () =>
                this.#whileOpen(
                    (stop) =>
                        scoreOnServer({
                            server: this.#server,
                            model,
                            tokenizePath,
                            request,
                            claim,
                            signal: stop,
                        }),
                    signal,
                ),
            signal,
        );
    }

    /** Runs a call that closing, or the caller's signal, ends with `aborted`. */
    async #whileOpen<R>(task: (signal: AbortSignal) => Promise<R>, signal?: AbortSignal): Promise<R> {
        const controller = new AbortController();
        const cancel = () => controller.abort();
        if (this.#closing || signal?.aborted) throw abortedError();
        this.#running.add(cancel);
        signal?.addEventListener('abort', cancel, { once: true });
        try {
            return await task(controller.signal);
        } catch (error) {
            throw controller.signal.aborted ? abortedError() : error;
        } finally {
            this.#running.delete(cancel);
            signal?.removeEventListener('abort', cancel);
        }
    }
}

const NOT_SCORED = 'such an answer cannot be re-scored from its tokens';

/** After a whole answer the connection serves the next request; a request that was left is ended at the server too. */
function release(exchange: Exchange, done: boolean): void {
    if (done) exchange.discard();
    else exchange.cancel();
}
