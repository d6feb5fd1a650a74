import { StopFilter } from '../../stop-filter';
import type { ToolCallDelta } from '../../types';
import { newCallId, type Output, type OutputReader } from './calls';

export const OPEN_TAG = '<tool_call>';
const CLOSE_TAG = '</tool_call>';

/** Reads text with calls as `<tool_call>{"name":…,"arguments":{…}}</tool_call>`, the way of Hermes and Qwen models. */
export class TaggedCallReader implements OutputReader {
    #filter = new StopFilter([OPEN_TAG]);
    #shown = 0;
    /** What stands since the opening tag; undefined outside of calls. */
    #call: string | undefined;
    calls = 0;
    done = false;

    /** @param parallel false: the first call ends the answer. */
    constructor(private readonly parallel: boolean) {}

    push(piece: string): Output {
        const output: Output = { text: '' };
        for (let rest = piece; rest !== '' && !this.done; ) {
            rest = this.#call === undefined ? this.#readText(rest, output) : this.#readCall(rest, output);
        }
        return output;
    }

    finish(complete: boolean): Output {
        const output: Output = { text: '' };
        if (this.#call !== undefined) {
            // Some models leave the closing tag out at the end.
            if (complete) this.#addCall(this.#call, output);
            else output.text = `${OPEN_TAG}${this.#call}`;
            this.#call = undefined;
            return output;
        }
        this.#filter.finish();
        output.text = this.#take();
        return output;
    }

    /** Returns what comes after an opening tag. */
    #readText(text: string, output: Output): string {
        const opened = this.#filter.push(text);
        output.text += this.#take();
        if (!opened) return '';
        const rest = this.#filter.rest;
        this.#filter = new StopFilter([OPEN_TAG]);
        this.#shown = 0;
        this.#call = '';
        return rest;
    }

    /** Returns what comes after the closing tag. */
    #readCall(text: string, output: Output): string {
        this.#call += text;
        const end = this.#call!.indexOf(CLOSE_TAG);
        if (end < 0) return '';
        const rest = this.#call!.slice(end + CLOSE_TAG.length);
        this.#addCall(this.#call!.slice(0, end), output);
        this.#call = undefined;
        return rest;
    }

    #take(): string {
        const text = this.#filter.text.slice(this.#shown);
        this.#shown = this.#filter.text.length;
        // Models put a line end between calls, which is no part of what they say.
        return this.calls > 0 && text.trim() === '' ? '' : text;
    }

    #addCall(json: string, output: Output): void {
        const call = readCall(json, this.calls);
        if (!call) {
            output.text += `${OPEN_TAG}${json}${CLOSE_TAG}`;
            return;
        }
        output.toolCalls = [...(output.toolCalls ?? []), call];
        this.calls += 1;
        this.done = !this.parallel;
    }
}

/** Undefined when the model wrote something else between the tags. */
function readCall(json: string, index: number): ToolCallDelta | undefined {
    try {
        const { name, arguments: given } = JSON.parse(json) as { name?: unknown; arguments?: unknown };
        if (typeof name !== 'string') return undefined;
        const text = typeof given === 'string' ? given : JSON.stringify(given ?? {});
        return { index, id: newCallId(), type: 'function', function: { name, arguments: text } };
    } catch {
        return undefined;
    }
}
