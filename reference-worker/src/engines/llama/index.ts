import type { LlamaEngineConfig } from '../../config';
import { messageOf } from '../../errors';
import { contextTooLong, EngineError } from '../errors';
import { closedError, Slots } from '../slots';
import type { ChatRequest, CompleteOptions, Completion, Engine, EngineHealth } from '../types';
import { generate } from './generate';
import { PromptRenderer } from './prompt';
import { type LlamaRuntime, loadLlama } from './runtime';

/** Runs a GGUF file in this process through llama.cpp: one context per concurrent request. */
export class LlamaEngine implements Engine {
    readonly name = 'llama';
    readonly capacity: number;
    readonly contextSize: number;
    readonly #runtime: LlamaRuntime;
    readonly #prompts: PromptRenderer;
    readonly #slots: Slots<LlamaRuntime['contexts'][number]>;
    #closing = false;

    private constructor(runtime: LlamaRuntime) {
        this.#runtime = runtime;
        this.#prompts = new PromptRenderer(runtime.model);
        this.#slots = new Slots(runtime.contexts);
        this.capacity = runtime.contexts.length;
        this.contextSize = runtime.contextSize;
    }

    /** @param path the GGUF file, already verified. Throws {@link EngineError} `startup`. */
    static async open(path: string, config: LlamaEngineConfig): Promise<LlamaEngine> {
        const runtime = await loadLlama(path, config);
        try {
            return new LlamaEngine(runtime);
        } catch (error) {
            await runtime.llama.dispose();
            throw error;
        }
    }

    async complete(request: ChatRequest, options: CompleteOptions = {}): Promise<Completion> {
        if (this.#closing) throw closedError();
        const { model } = this.#runtime;
        const prompt = this.#prompts.tokens(request.messages);
        const room = this.contextSize - prompt.length;
        if (room < 1) throw contextTooLong(prompt.length, this.contextSize);
        return this.#slots.use(async (context) => {
            try {
                return await generate({
                    model,
                    context,
                    prompt,
                    request,
                    limit: Math.min(request.maxTokens ?? room, room),
                    isAborted: () => this.#closing || options.signal?.aborted === true,
                    ...(options.onToken ? { onToken: options.onToken } : {}),
                });
            } catch (error) {
                if (error instanceof EngineError) throw error;
                throw new EngineError('server_error', `llama.cpp failed: ${messageOf(error)}`, {
                    remedy: 'check memory and GPU; restart the worker if it repeats',
                    cause: error,
                });
            }
        }, options.signal);
    }

    async health(): Promise<EngineHealth> {
        return this.#closing ? { ok: false, reason: 'shutting down' } : { ok: true };
    }

    async close(): Promise<void> {
        if (this.#closing) return;
        this.#closing = true;
        await this.#slots.close();
        await this.#runtime.llama.dispose();
    }
}
