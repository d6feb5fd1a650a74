import { Template } from '@huggingface/jinja';
import type { LlamaModel, Token } from 'node-llama-cpp';
import { EngineError } from '../errors';
import type { ChatRequest, GenerationRequest, Tool } from '../types';
import { structured, told } from './messages';
import { OPEN_TAG } from './tools';

/** Renders a chat by the template that the GGUF file carries and turns it into tokens. */
export class PromptRenderer {
    /** The template tells the model of tools, and to call them in `<tool_call>` tags. */
    readonly tagged: boolean;
    readonly #template: Template;
    readonly #knowsTools: boolean;
    readonly #model: LlamaModel;

    constructor(model: LlamaModel) {
        const source: unknown = model.fileInfo.metadata.tokenizer?.chat_template;
        if (typeof source !== 'string') {
            throw new EngineError('startup', 'the GGUF file has no chat template', {
                remedy: 'use an instruction-tuned ("instruct" or "chat") model file',
            });
        }
        this.#knowsTools = /\btools\b/.test(source);
        this.tagged = this.#knowsTools && source.includes(OPEN_TAG);
        this.#template = new Template(source);
        this.#model = model;
    }

    /** @param tools that the model is told of. */
    tokens(request: GenerationRequest, tools?: Tool[]): Token[] {
        const text = 'prompt' in request ? request.prompt : this.#render(request, tools);
        const ids = this.#model.tokenize(text, true);
        const { bos, shouldPrependBosToken } = this.#model.tokens;
        const prompt = shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids;
        if (prompt.length > 0) return prompt;
        throw new EngineError('bad_request', 'request prompt: is empty', { remedy: 'send some text' });
    }

    #render({ messages }: ChatRequest, tools: Tool[] | undefined): string {
        const { tokens: special } = this.#model;
        try {
            return this.#template.render({
                messages: this.#knowsTools ? structured(messages) : told(messages, tools),
                ...(this.#knowsTools && tools ? { tools } : {}),
                add_generation_prompt: true,
                bos_token: special.bosString ?? '',
                eos_token: special.eosString ?? '',
            });
        } catch (error) {
            // Templates refuse role orders that the model does not know by raising; the text may quote a message.
            throw new EngineError('bad_request', "the model's chat template refuses these messages", {
                remedy: 'alternate user and assistant messages and end with a user message',
                cause: error instanceof Error ? error.name : undefined,
            });
        }
    }
}
