import type { EngineToken, FinishReason, StreamEnd, Usage } from '../types';
import { readChunk, type StreamChunk } from './chunk';
import { malformed } from './failures';
import { EventParser } from './sse';

const DONE = '[DONE]';

/** Reads the events of one streamed answer and keeps count. */
export class Answer {
    readonly #events = new EventParser();
    readonly #alternatives: number;
    #finish: string | undefined;
    #usage: StreamChunk['usage'];
    #tokens = 0;
    #ids = 0;
    #done = false;

    /** @param alternatives per token that the request asks for. */
    constructor(alternatives: number) {
        this.#alternatives = alternatives;
    }

    /** The server said that nothing follows. */
    get done(): boolean {
        return this.#done;
    }

    /** The tokens that these bytes complete. */
    push(chunks: readonly Buffer[]): EngineToken[] {
        return this.#read(this.#events.push(chunks));
    }

    /** The tokens of a last line that had no end. */
    flush(): EngineToken[] {
        return this.#read(this.#events.finish());
    }

    /** Throws when the stream broke off: half an answer must never pass for one. */
    end(seed: number): StreamEnd {
        if (this.#finish === undefined) throw malformed('the stream ended before the answer did');
        return { finishReason: finishReason(this.#finish), seed, usage: this.#total() };
    }

    aborted(seed: number): StreamEnd {
        return { finishReason: 'abort', seed, usage: this.#total() };
    }

    #read(payloads: readonly string[]): EngineToken[] {
        const tokens: EngineToken[] = [];
        for (const payload of payloads) {
            if (this.#done) break;
            if (payload === DONE) {
                this.#done = true;
                break;
            }
            this.#add(readChunk(payload, this.#alternatives), tokens);
        }
        return tokens;
    }

    #add(chunk: StreamChunk, tokens: EngineToken[]): void {
        if (chunk.usage) this.#usage = chunk.usage;
        this.#finish = chunk.finishReason ?? this.#finish;
        for (const token of chunk.tokens) {
            this.#tokens += token.count;
            if (token.id !== null) this.#ids += 1;
            tokens.push(token);
        }
    }

    #total(): Usage {
        // Where every token came with its id, that is the number a client can check.
        const counted = this.#tokens > 0 && this.#ids === this.#tokens;
        const said = this.#usage;
        return {
            promptTokens: said?.prompt_tokens ?? 0,
            cachedTokens: said ? Math.min(said.cached, said.prompt_tokens) : 0,
            completionTokens: counted ? this.#tokens : (said?.completion_tokens ?? this.#tokens),
        };
    }
}

function finishReason(said: string): FinishReason {
    if (said === 'length') return 'length';
    return said === 'tool_calls' || said === 'function_call' ? 'tool_calls' : 'stop';
}
