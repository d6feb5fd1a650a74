import type { Rescored } from 'cocoon-sdk';
import type { ChatMessage, EmbeddingRequest, GenerationRequest } from './request/types';

export type * from './request/types';

export interface TokenAlternative {
    /** Id in the model's vocabulary; null when the server does not tell. */
    id: number | null;
    text: string;
    /** Natural logarithm of the probability. */
    logprob: number;
}

/** One generated token. `logprob` is of the distribution it was drawn from, that is after temperature and top-p. */
export interface CompletionToken extends TokenAlternative {
    /** The most likely tokens at this place, best first, when asked for. */
    top?: TokenAlternative[];
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'abort';

/** Tokens of one request. `cachedTokens` are those of the prompt that the engine had computed before. */
export interface Usage {
    promptTokens: number;
    cachedTokens: number;
    completionTokens: number;
}

export interface Completion {
    text: string;
    /** Every generated token id, those of a stop string included; empty when the server does not report ids. */
    tokenIds: number[];
    /** Per token, in order; empty when the server does not report log-probabilities. */
    logprobs: CompletionToken[];
    /** What the model calls, when tools were offered. */
    toolCalls?: NonNullable<ChatMessage['toolCalls']>;
    /** `stop`: end of turn or stop string; `length`: maxTokens or the context; `abort`: the signal fired. */
    finishReason: FinishReason;
    seed: number;
    usage: Usage;
}

/** A piece of one call, as the OpenAI API streams it: `id`, `type` and `name` come first, `arguments` in parts. */
export interface ToolCallDelta {
    index: number;
    id?: string;
    type?: 'function';
    function?: { name?: string; arguments?: string };
}

/** One step of a stream: as a rule one generated token. */
export interface EngineToken {
    /**
     * Text that is final with this step: empty while it may still become a stop string or is half a character, then that
     * of several tokens at once. All of them joined are the answer.
     */
    text: string;
    /** Null when the server does not tell. */
    id: number | null;
    /** Null when the server does not tell, or was not asked. */
    logprob: number | null;
    /** Generated tokens that this stands for: 1, or 0 for the rest of a text that was held back until the end. */
    count: number;
    /** The token by itself, as a log-probability entry names it; present where `logprob` is not null. */
    token?: string;
    /** The most likely tokens at this place, best first, when asked for. */
    top?: TokenAlternative[];
    toolCalls?: ToolCallDelta[];
}

export interface StreamEnd {
    finishReason: FinishReason;
    seed: number;
    usage: Usage;
}

export interface StreamOptions {
    /** Ends generation early: the stream returns with finishReason `abort`. */
    signal?: AbortSignal;
}

export interface CompleteOptions extends StreamOptions {
    /** Called with each piece of text as it is final (never part of a stop string, never half a character). */
    onToken?: (text: string) => void;
}

/** Tokens that somebody says this model answered. */
export interface TokenClaim {
    tokenIds: readonly number[];
    /** One for each token; null where nobody says. */
    logprobs: readonly number[] | null;
}

export interface EmbedOptions {
    signal?: AbortSignal;
    /** Numbers per row, where the model lets one choose. */
    dimensions?: number;
}

export interface Embeddings {
    /** One row per input, in order. */
    embeddings: Float32Array[];
    promptTokens: number;
}

export interface EngineHealth {
    ok: boolean;
    /** Why not, without user text. */
    reason?: string;
}

/** What an engine can do; what it cannot is refused with `unsupported`. */
export interface EngineSupport {
    tools: boolean;
    jsonMode: boolean;
    jsonSchema: boolean;
    logprobs: boolean;
    embeddings: boolean;
    completions: boolean;
}

/** Runs one model. Implementations are safe for concurrent calls; calls beyond `capacity` wait in order of arrival. */
export interface Engine {
    readonly name: string;
    /** Requests that run at the same time. */
    readonly capacity: number;
    /** Tokens that prompt and answer may fill together; absent when only the server knows. */
    readonly contextSize?: number;
    readonly supports: EngineSupport;
    /** Throws `EngineError`. A signal that fires while the request still waits for its turn also throws (`aborted`). */
    complete(request: GenerationRequest, options?: CompleteOptions): Promise<Completion>;
    /**
     * Like `complete`, step by step: an engine generates (a server's answer is read) only while the consumer asks for more.
     * Yields what came at once as one array, never an empty one. Leaving the loop, or `return()`, frees the slot.
     * Throws `EngineError`; whatever was yielded before stands.
     */
    stream(
        request: GenerationRequest,
        options?: StreamOptions,
    ): AsyncGenerator<readonly EngineToken[], StreamEnd, void>;
    /** Tokens of the rendered prompt, or of all inputs, before any work; undefined when only the server knows. */
    countPromptTokens(request: GenerationRequest | EmbeddingRequest): Promise<number | undefined>;
    /**
     * Scores a claimed answer in one pass over prompt and tokens, without generating: what a juror does. The claimed
     * log-probabilities only say where to look closely. Absent where the engine cannot; throws `EngineError`, `unsupported`
     * for what only generating could tell (tools, answers in a form).
     */
    score?(request: GenerationRequest, claim: TokenClaim, options?: StreamOptions): Promise<Rescored>;
    /** Present where `supports.embeddings`. Throws `EngineError`. */
    embed?(inputs: readonly string[], options?: EmbedOptions): Promise<Embeddings>;
    health(): Promise<EngineHealth>;
    /** Frees everything. Running requests end with finishReason `abort`, waiting ones throw. */
    close(): Promise<void>;
}
