import type { EngineToken, FinishReason, StreamEnd, Usage } from '../types';
import { readChunk, type StreamChunk } from './chunk';
import { malformed } from './failures';
import { ChunkPattern } from './pattern';
import { EventParser } from './sse';

const DONE = '[DONE]';
/** A server whose chunks differ in more than a word is not worth looking at for ever. */
const MAX_PATTERNS = 4;

/** Reads the events of one streamed answer and keeps count. */
export class Answer {
    readonly #events = new EventParser();
    readonly #alternatives: number;
    #finish: string | undefined;
    #usage: StreamChunk['usage'];
    #tokens = 0;
    #ids = 0;
    #done = false;
    #pattern: ChunkPattern | undefined;
    #patternsLeft = MAX_PATTERNS;

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
            const word = this.#pattern?.match(payload);
            if (word === undefined) this.#readChunk(payload, tokens);
            else this.#count({ text: word, id: null, logprob: null, count: 1 }, tokens);
        }
        return tokens;
    }

    #readChunk(payload: string, tokens: EngineToken[]): void {
        const chunk = readChunk(payload, this.#alternatives);
        this.#add(chunk, tokens);
        if (this.#patternsLeft === 0 || !isPlain(chunk)) return;
        this.#patternsLeft -= 1;
        this.#pattern = ChunkPattern.learn(payload, chunk.tokens[0]!.text) ?? this.#pattern;
    }

    #add(chunk: StreamChunk, tokens: EngineToken[]): void {
        if (chunk.usage) this.#usage = chunk.usage;
        this.#finish = chunk.finishReason ?? this.#finish;
        for (const token of chunk.tokens) this.#count(token, tokens);
    }

    #count(token: EngineToken, tokens: EngineToken[]): void {
        this.#tokens += token.count;
        if (token.id !== null) this.#ids += 1;
        tokens.push(token);
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

/** A chunk that says one word and nothing else. */
function isPlain({ tokens, finishReason, usage }: StreamChunk): boolean {
    const [token] = tokens;
    if (!token || tokens.length > 1 || finishReason !== undefined || usage !== undefined) return false;
    return (
        token.text !== '' && token.id === null && token.token === undefined && token.toolCalls === undefined
    );
}

function finishReason(said: string): FinishReason {
    if (said === 'length') return 'length';
    return said === 'tool_calls' || said === 'function_call' ? 'tool_calls' : 'stop';
}
