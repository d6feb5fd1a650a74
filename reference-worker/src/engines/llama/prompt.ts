import { Template } from '@huggingface/jinja';
import type { LlamaModel, Token } from 'node-llama-cpp';
import { EngineError } from '../errors';
import type { ChatMessage } from '../types';

/** Renders a chat by the template that the GGUF file carries and turns it into tokens. */
export class PromptRenderer {
    readonly #template: Template;
    readonly #model: LlamaModel;

    constructor(model: LlamaModel) {
        const source: unknown = model.fileInfo.metadata.tokenizer?.chat_template;
        if (typeof source !== 'string') {
            throw new EngineError('startup', 'the GGUF file has no chat template', {
                remedy: 'use an instruction-tuned ("instruct" or "chat") model file',
            });
        }
        this.#template = new Template(source);
        this.#model = model;
    }

    tokens(messages: ChatMessage[]): Token[] {
        const { tokens: special } = this.#model;
        let text: string;
        try {
            text = this.#template.render({
                messages: messages.map(({ role, content }) => ({
                    role: role === 'developer' ? 'system' : role,
                    content,
                })),
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
        const ids = this.#model.tokenize(text, true);
        const { bos, shouldPrependBosToken } = special;
        return shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids;
    }
}
