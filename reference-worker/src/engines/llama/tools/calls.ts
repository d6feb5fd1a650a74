import { randomBytes } from 'node:crypto';
import type { ToolCallDelta } from '../../types';
import { callPrefix } from '../grammar';

/** What a piece of generated text is to the caller. */
export interface Output {
    text: string;
    toolCalls?: ToolCallDelta[];
}

/** Tells calls from text in what a model writes. */
export interface OutputReader {
    push(text: string): Output;
    /** The model wrote its last. `complete`: by itself, not because it was cut off. */
    finish(complete: boolean): Output;
    /** Calls so far. */
    readonly calls: number;
    /** Nothing that follows matters. */
    readonly done: boolean;
}

export function newCallId(): string {
    return `call_${randomBytes(12).toString('hex')}`;
}

/** Reads one call that a grammar holds to `{"name":…,"arguments":{…}}`; the arguments stream as they come. */
export class ConstrainedCallReader implements OutputReader {
    #written = '';
    /** Where the next piece of the arguments begins; undefined until the name is known. */
    #sent: number | undefined;
    readonly done = false;

    constructor(private readonly names: readonly string[]) {}

    get calls(): number {
        return this.#sent === undefined ? 0 : 1;
    }

    push(text: string): Output {
        this.#written += text;
        const toolCalls: ToolCallDelta[] = [];
        if (this.#sent === undefined) {
            const name = this.names.find((each) => this.#written.startsWith(callPrefix(each)));
            if (name === undefined) return { text: '' };
            this.#sent = callPrefix(name).length;
            toolCalls.push({
                index: 0,
                id: newCallId(),
                type: 'function',
                function: { name, arguments: '' },
            });
        }
        // The last character may be the brace that closes the call around its arguments.
        this.#send(this.#written.length - 1, toolCalls);
        return toolCalls.length > 0 ? { text: '', toolCalls } : { text: '' };
    }

    finish(complete: boolean): Output {
        const toolCalls: ToolCallDelta[] = [];
        if (!complete && this.#sent !== undefined) this.#send(this.#written.length, toolCalls);
        return toolCalls.length > 0 ? { text: '', toolCalls } : { text: '' };
    }

    #send(end: number, toolCalls: ToolCallDelta[]): void {
        if (this.#sent === undefined || end <= this.#sent) return;
        toolCalls.push({ index: 0, function: { arguments: this.#written.slice(this.#sent, end) } });
        this.#sent = end;
    }
}
