import type { Rescored } from 'cocoon-sdk';
import type { LlamaEngineConfig } from '../../config';
import { messageOf } from '../../errors';
import { collect } from '../collect';
import { contextTooLong, EngineError } from '../errors';
import { unsupportedField } from '../request/parse';
import { closedError, Slots } from '../slots';
import { assertSupported } from '../support';
import type {
    CompleteOptions,
    Completion,
    EmbeddingRequest,
    Engine,
    EngineHealth,
    EngineSupport,
    EngineToken,
    GenerationRequest,
    StreamEnd,
    StreamOptions,
    TokenClaim,
} from '../types';
import { Embedder } from './embed';
import { generate } from './generate';
import { Grammars } from './grammars';
import { PromptRenderer } from './prompt';
import { type LlamaOptions, type LlamaRuntime, loadLlama } from './runtime';
import { score } from './score';
import { planAnswer } from './tools';

/** Runs a GGUF file in this process through llama.cpp: one context per concurrent request. */
export class LlamaEngine implements Engine {
    readonly name = 'llama';
    readonly capacity: number;
    readonly contextSize: number;
    readonly supports: EngineSupport;
    declare readonly embed?: Engine['embed'];
    readonly #runtime: LlamaRuntime;
    readonly #prompts: PromptRenderer;
    readonly #grammars: Grammars;
    readonly #embedder: Embedder;
    readonly #slots: Slots<LlamaRuntime['contexts'][number]>;
    readonly #vocabulary: number;
    #closing = false;

    private constructor(runtime: LlamaRuntime, config: LlamaEngineConfig) {
        const { llama, model } = runtime;
        this.#runtime = runtime;
        this.#prompts = new PromptRenderer(model);
        this.#grammars = new Grammars(llama, model, runtime.GrammarState);
        this.#embedder = new Embedder(runtime);
        this.#slots = new Slots(runtime.contexts);
        this.#vocabulary = [...model.iterateAllTokens()].length;
        this.capacity = runtime.contexts.length;
        this.contextSize = runtime.contextSize;
        const { hasEncoder, hasDecoder } = model.fileInsights;
        const embeddings = config.embeddings && !(hasEncoder && hasDecoder);
        this.supports = {
            tools: true,
            jsonMode: true,
            jsonSchema: true,
            logprobs: true,
            embeddings,
            completions: true,
        };
        if (embeddings) {
            this.embed = (inputs, options = {}) => this.#guarded(() => this.#embedder.embed(inputs, options));
        }
    }

    /** @param path the GGUF file, already verified. Throws {@link EngineError} `startup`. */
    static async open(path: string, config: LlamaOptions): Promise<LlamaEngine> {
        const runtime = await loadLlama(path, config);
        try {
            return new LlamaEngine(runtime, config);
        } catch (error) {
            await runtime.llama.dispose();
            throw error;
        }
    }

    complete(request: GenerationRequest, options: CompleteOptions = {}): Promise<Completion> {
        return collect(this.stream(request, options), options.onToken);
    }

    async *stream(
        request: GenerationRequest,
        options: StreamOptions = {},
    ): AsyncGenerator<readonly EngineToken[], StreamEnd, void> {
        if (this.#closing) throw closedError();
        assertSupported(this.supports, request);
        const { grammar, reader, tools } = planAnswer(request, this.#prompts.tagged);
        const prompt = this.#prompts.tokens(request, tools);
        const room = this.contextSize - prompt.length;
        if (room < 1) throw contextTooLong(prompt.length, this.contextSize);
        const context = await this.#slots.acquire(options.signal);
        try {
            const state = grammar === undefined ? undefined : await this.#grammars.start(grammar);
            return yield* generate({
                model: this.#runtime.model,
                context,
                prompt,
                request,
                limit: Math.min(request.maxTokens ?? room, room),
                isAborted: () => this.#closing || options.signal?.aborted === true,
                ...(state ? { grammar: state } : {}),
                ...(reader ? { reader } : {}),
            });
        } catch (error) {
            throw failure(error);
        } finally {
            this.#slots.release(context);
        }
    }

    async score(
        request: GenerationRequest,
        claim: TokenClaim,
        { signal }: StreamOptions = {},
    ): Promise<Rescored> {
        assertSupported(this.supports, request);
        const { grammar, tools } = planAnswer(request, this.#prompts.tagged);
        if (grammar !== undefined) throw unsupportedField('response_format', ASK_FREELY);
        const prompt = this.#prompts.tokens(request, tools);
        return this.#guarded(() =>
            this.#slots.use(
                (context) =>
                    score({
                        model: this.#runtime.model,
                        context,
                        prompt,
                        request,
                        claim,
                        contextSize: this.contextSize,
                        vocabulary: this.#vocabulary,
                        isAborted: () => this.#closing || signal?.aborted === true,
                    }),
                signal,
            ),
        );
    }

    async countPromptTokens(request: GenerationRequest | EmbeddingRequest): Promise<number> {
        if ('input' in request) return this.#guarded(() => this.#embedder.count(request.input));
        const { tools } = planAnswer(request, this.#prompts.tagged);
        return this.#prompts.tokens(request, tools).length;
    }

    async health(): Promise<EngineHealth> {
        return this.#closing ? { ok: false, reason: 'shutting down' } : { ok: true };
    }

    async close(): Promise<void> {
        if (this.#closing) return;
        this.#closing = true;
        await Promise.all([this.#slots.close(), this.#embedder.close()]);
        await this.#runtime.llama.dispose();
    }

    async #guarded<R>(task: () => Promise<R>): Promise<R> {
        if (this.#closing) throw closedError();
        try {
            return await task();
        } catch (error) {
            throw failure(error);
        }
    }
}

const ASK_FREELY = 'an answer that a grammar holds to a form cannot be re-scored from its tokens';

function failure(error: unknown): EngineError {
    if (error instanceof EngineError) return error;
    return new EngineError('server_error', `llama.cpp failed: ${messageOf(error)}`, {
        remedy: 'check memory and GPU; restart the worker if it repeats',
        cause: error,
    });
}
