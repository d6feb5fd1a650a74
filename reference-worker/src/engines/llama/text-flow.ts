import type { LlamaModel, Token } from 'node-llama-cpp';
import { StopFilter } from '../stop-filter';
import { Detokenizer } from './detokenizer';
import type { Output, OutputReader } from './tools/calls';

/** What generated tokens say: from bytes to whole characters, up to a stop string, split into text and calls. */
export class TextFlow {
    readonly #characters: Detokenizer;
    readonly #filter: StopFilter;
    readonly #reader: OutputReader | undefined;
    #ready = '';

    constructor(model: LlamaModel, stops: readonly string[], reader: OutputReader | undefined) {
        this.#characters = new Detokenizer(model);
        this.#filter = new StopFilter(stops, (text) => {
            this.#ready += text;
        });
        this.#reader = reader;
    }

    get calls(): number {
        return this.#reader?.calls ?? 0;
    }

    /** `stopped`: a stop string, or the last call, is complete. */
    push(token: Token): Output & { stopped: boolean } {
        const found = this.#filter.push(this.#characters.push(token));
        const output = this.#read();
        return { ...output, stopped: found || this.#reader?.done === true };
    }

    /** What was held back. `complete`: the model ended by itself. `stopped`: that completed a stop string after all. */
    finish(complete: boolean): Output & { stopped: boolean } {
        const stopped = this.#filter.push(this.#characters.finish());
        this.#filter.finish();
        const output = this.#read();
        const rest = this.#reader?.finish(complete || stopped);
        return rest ? { ...joined(output, rest), stopped } : { ...output, stopped };
    }

    #read(): Output {
        const text = this.#ready;
        this.#ready = '';
        return this.#reader ? this.#reader.push(text) : { text };
    }
}

function joined(first: Output, second: Output): Output {
    const toolCalls = [...(first.toolCalls ?? []), ...(second.toolCalls ?? [])];
    return { text: first.text + second.text, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
}
