import { randomInt } from 'node:crypto';
import type { OpenAiEngineConfig } from '../../config';
import { EngineError } from '../errors';
import { Slots } from '../slots';
import type {
    ChatRequest,
    CompleteOptions,
    Completion,
    CompletionToken,
    Engine,
    EngineHealth,
    FinishReason,
} from '../types';
import { chunkTokens, malformed, parseChunk, serverSentEvents } from './stream';
import { Deadline, type OpenAiServer, request as send, transportError } from './transport';

const HEALTH_TIMEOUT_SECONDS = 5;

/** Runs requests on any server that speaks OpenAI's chat completions: vLLM, SGLang, Ollama, llama.cpp, TGI… */
export class OpenAiEngine implements Engine {
    readonly name = 'openai';
    readonly capacity: number;
    readonly #config: OpenAiEngineConfig;
    readonly #server: OpenAiServer;
    readonly #slots: Slots<number>;
    readonly #closing = new AbortController();

    /** @param apiKey value of the variable that `config.apiKeyEnv` names. */
    constructor(config: OpenAiEngineConfig, apiKey?: string) {
        this.capacity = config.concurrency;
        this.#config = config;
        this.#server = { baseUrl: config.baseUrl, timeoutSeconds: config.timeoutSeconds };
        if (apiKey) this.#server.apiKey = apiKey;
        this.#slots = new Slots(Array.from({ length: config.concurrency }, (_, index) => index));
    }

    complete(request: ChatRequest, options: CompleteOptions = {}): Promise<Completion> {
        return this.#slots.use(() => this.#complete(request, options), options.signal);
    }

    async health(): Promise<EngineHealth> {
        const deadline = new Deadline(HEALTH_TIMEOUT_SECONDS, [this.#closing.signal]);
        try {
            await send(this.#server, '/models', deadline).then((response) => response.body?.cancel());
            return { ok: true };
        } catch (error) {
            return { ok: false, reason: transportError(error, this.#server, deadline).message };
        } finally {
            deadline.release();
        }
    }

    async close(): Promise<void> {
        this.#closing.abort();
        await this.#slots.close();
    }

    async #complete(request: ChatRequest, options: CompleteOptions): Promise<Completion> {
        const seed = request.seed ?? randomInt(2 ** 31 - 1);
        const deadline = new Deadline(this.#server.timeoutSeconds, [options.signal, this.#closing.signal]);
        const answer = new Answer(request.topLogprobs ?? 0, options.onToken);
        try {
            const response = await send(
                this.#server,
                '/chat/completions',
                deadline,
                this.#body(request, seed),
            );
            if (!response.body) throw malformed('the answer is empty');
            for await (const data of serverSentEvents(response.body)) {
                deadline.extend();
                answer.add(data);
            }
            return answer.completion(seed);
        } catch (error) {
            if (!(error instanceof EngineError) && deadline.signal.aborted && !deadline.timedOut) {
                return answer.aborted(seed);
            }
            throw transportError(error, this.#server, deadline);
        } finally {
            deadline.release();
        }
    }

    #body(request: ChatRequest, seed: number): Record<string, unknown> {
        return {
            model: this.#config.model,
            messages: request.messages,
            max_tokens: request.maxTokens,
            temperature: request.temperature ?? 0,
            top_p: request.topP ?? 1,
            seed,
            stop: request.stop,
            logprobs: true,
            top_logprobs: request.topLogprobs ?? 0,
            stream: true,
            stream_options: { include_usage: true },
            ...(this.#config.returnTokenIds ? { return_token_ids: true } : {}),
        };
    }
}

/** Collects the chunks of one streamed answer. */
class Answer {
    #text = '';
    #finish: string | undefined;
    #pieces = 0;
    readonly #tokenIds: number[] = [];
    readonly #logprobs: CompletionToken[] = [];
    #usage: Completion['usage'] | undefined;

    constructor(
        private readonly topLogprobs: number,
        private readonly onToken?: (text: string) => void,
    ) {}

    add(data: string): void {
        const chunk = parseChunk(data);
        if (chunk.usage) {
            this.#usage = {
                promptTokens: chunk.usage.prompt_tokens,
                completionTokens: chunk.usage.completion_tokens,
            };
        }
        const choice = chunk.choices[0];
        if (!choice) return;
        this.#finish = choice.finish_reason ?? this.#finish;
        this.#tokenIds.push(...(choice.token_ids ?? []));
        this.#logprobs.push(...chunkTokens(choice, this.topLogprobs));
        const piece = choice.delta?.content;
        if (!piece) return;
        this.#pieces += 1;
        this.#text += piece;
        this.onToken?.(piece);
    }

    /** The whole answer. Throws when the stream broke off: half an answer must never pass for one. */
    completion(seed: number): Completion {
        if (this.#finish === undefined) throw malformed('the stream ended before the answer did');
        return this.#build(seed, this.#finish === 'length' ? 'length' : 'stop');
    }

    aborted(seed: number): Completion {
        return this.#build(seed, 'abort');
    }

    #build(seed: number, finishReason: FinishReason): Completion {
        // Servers that count nothing still send about one token a chunk.
        const completionTokens = this.#tokenIds.length || this.#logprobs.length || this.#pieces;
        return {
            text: this.#text,
            tokenIds: this.#tokenIds,
            logprobs: this.#logprobs,
            finishReason,
            seed,
            usage: this.#usage ?? { promptTokens: 0, completionTokens },
        };
    }
}
