import type { Llama, LlamaGrammar, LlamaGrammarEvaluationState, LlamaModel } from 'node-llama-cpp';
import { EngineError } from '../errors';

/** Grammars that are kept ready: applications send the same few schemas again and again. */
const KEPT = 64;
/** What compiles in milliseconds. */
const MAX_GRAMMAR_LENGTH = 262_144;

/** Compiles grammars and starts answers by them. */
export class Grammars {
    readonly #kept = new Map<string, LlamaGrammar>();

    constructor(
        private readonly llama: Llama,
        private readonly model: LlamaModel,
        private readonly State: typeof LlamaGrammarEvaluationState,
    ) {}

    /** The state of one answer. Throws `EngineError` `unsupported` for a grammar that llama.cpp does not take. */
    async start(text: string): Promise<LlamaGrammarEvaluationState> {
        const grammar = this.#kept.get(text) ?? (await this.#compile(text));
        this.#kept.delete(text);
        this.#kept.set(text, grammar);
        return new this.State({ model: this.model, grammar });
    }

    async #compile(text: string): Promise<LlamaGrammar> {
        if (text.length > MAX_GRAMMAR_LENGTH) throw tooHard();
        let grammar: LlamaGrammar;
        try {
            grammar = await this.llama.createGrammar({ grammar: text });
        } catch {
            // The library's message quotes the schema.
            throw tooHard();
        }
        if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value!);
        return grammar;
    }
}

function tooHard(): EngineError {
    return new EngineError(
        'unsupported',
        'request: the JSON schema is too large or refers to itself endlessly',
        {
            remedy: 'simplify the schema',
        },
    );
}
