import type { LlamaModel, Token } from 'node-llama-cpp';

/** A character of UTF-8 takes at most 4 byte tokens; what is not whole by then is not UTF-8 at all. */
const MAX_PENDING = 4;
const REPLACEMENT = '\uFFFD';
/** Enough context for detokenizers that treat a leading space by what came before. */
const LOOK_BACK = 2;

/** Turns tokens into text one by one without ever emitting half a character. */
export class Detokenizer {
    #pending: Token[] = [];
    #before: Token[] = [];

    constructor(private readonly model: LlamaModel) {}

    push(token: Token): string {
        this.#pending.push(token);
        const text = this.#decode();
        if (text.endsWith(REPLACEMENT) && this.#pending.length < MAX_PENDING) return '';
        return this.#take(text);
    }

    /** What is left when generation ends inside a character. */
    finish(): string {
        return this.#pending.length > 0 ? this.#take(this.#decode()) : '';
    }

    #decode(): string {
        return this.model.detokenize(this.#pending, false, this.#before);
    }

    #take(text: string): string {
        this.#before = [...this.#before, ...this.#pending].slice(-LOOK_BACK);
        this.#pending = [];
        return text;
    }
}
