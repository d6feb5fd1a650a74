import { countableBytes, UNCOUNTED_TOKENS } from 'cocoon-sdk';
import type { EngineToken, FinishReason } from '../engines';
import { deltaOf, splitTokens } from './deltas';
import type { Transcript } from './transcript';
import type { Work } from './work';

export interface GenerationOptions {
    work: Work;
    transcript: Transcript;
    /** Completion tokens of a chunk. */
    chunkTokens: number;
    /** Resolves once the chunk with this number is paid; throws when it is not. */
    pay: (chunk: number) => Promise<void>;
}

/** Counts and delivers the tokens of one answer, and asks for payment before each chunk after the first. */
export class Generation {
    readonly #options: GenerationOptions;
    #withIds: boolean | undefined;
    #completion = 0;
    #bytes = 0;
    #chunk = 1;
    /** Something was delivered since the last receipt. */
    #open = false;

    constructor(options: GenerationOptions) {
        this.#options = options;
    }

    get chunk(): number {
        return this.#chunk;
    }

    /** Whether tokens were delivered that no receipt covers. */
    get hasOpen(): boolean {
        return this.#open;
    }

    /** Tokens to be paid: those that the client can count. */
    get completion(): number {
        return this.#withIds ? this.#completion : Math.min(this.#completion, this.#bytes + UNCOUNTED_TOKENS);
    }

    /** One step of the engine. False once it generates more than was asked for: the rest is nobody's. */
    async deliver(step: readonly EngineToken[]): Promise<boolean> {
        let tokens = this.#counted(step);
        while (tokens.length > 0) {
            const [now, later, count] = splitTokens(tokens, this.#chunkEnd() - this.#completion);
            this.#emit(now, count);
            tokens = later;
            const isFull = this.#completion >= this.#options.work.limit;
            if (isFull && later.length > 0) return false;
            if (!isFull && (later.length > 0 || this.#completion === this.#chunkEnd()))
                await this.#nextChunk();
        }
        return true;
    }

    #chunkEnd(): number {
        const { chunkTokens, work } = this.#options;
        return Math.min(this.#chunk * chunkTokens, work.limit);
    }

    #emit(tokens: readonly EngineToken[], count: number): void {
        const { work, transcript } = this.#options;
        const { request } = work.asked;
        const withLogprobs = 'logprobs' in request && request.logprobs === true;
        const delta = deltaOf(tokens, { withIds: this.#withIds === true, withLogprobs });
        this.#completion += count;
        if (count > 0) this.#open = true;
        if (!delta) return;
        if (!this.#withIds) this.#bytes += countableBytes(delta);
        transcript.delta(delta);
        this.#open = true;
    }

    async #nextChunk(): Promise<void> {
        this.receipt();
        await this.#options.pay(this.#chunk + 1);
        this.#chunk += 1;
    }

    /** Covers what was delivered so far. Cached tokens are known at the end only, so none are counted yet. */
    receipt(): void {
        const { work, transcript } = this.#options;
        const prompt = Math.min(work.promptTokens ?? 0, work.promptBound);
        transcript.receipt(this.#chunk, { prompt, cached: 0, completion: this.completion });
        this.#open = false;
    }

    /** Where the engine tells ids, they are what the client counts, so they are what is paid. */
    #counted(tokens: readonly EngineToken[]): readonly EngineToken[] {
        this.#withIds ??= tokens.some(({ count }) => count > 0)
            ? tokens.find(({ count }) => count > 0)!.id !== null
            : undefined;
        if (!this.#withIds) return tokens;
        const isExact = tokens.every(({ id, count }) => count === (id === null ? 0 : 1));
        if (isExact) return tokens;
        return tokens.map((token) => ({ ...token, count: token.id === null ? 0 : 1 }));
    }
}

/** Reasons that an answer may end with; an aborted one has no regular end. */
export function finishOf(reason: FinishReason): Exclude<FinishReason, 'abort'> | undefined {
    return reason === 'abort' ? undefined : reason;
}
