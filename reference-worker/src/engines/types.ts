/** One message of a chat, as in the OpenAI API. */
export interface ChatMessage {
    role: 'system' | 'user' | 'assistant' | 'developer' | 'tool';
    content: string;
}

/** A chat completion request, engine-neutral. See `parseChatRequest` for the OpenAI wire form. */
export interface ChatRequest {
    messages: ChatMessage[];
    /** Most tokens to generate; absent: until the model stops or the context is full. */
    maxTokens?: number;
    /** 0 (default) is greedy and reproducible on one machine. */
    temperature?: number;
    /** Nucleus, 0 < topP ≤ 1, default 1. */
    topP?: number;
    /** Seed of the sampler, 0 … 2³¹−1; absent: drawn at random and reported in the completion. */
    seed?: number;
    /** Generation ends before the first of these; they are not part of the text. At most 16. */
    stop?: string[];
    /** Alternatives to report for each token, 0 … 20. */
    topLogprobs?: number;
}

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

export type FinishReason = 'stop' | 'length' | 'abort';

export interface Completion {
    text: string;
    /** Every generated token id, those of a stop string included; empty when the server does not report ids. */
    tokenIds: number[];
    /** Per token, in order; empty when the server does not report log-probabilities. */
    logprobs: CompletionToken[];
    /** `stop`: end of turn or stop string; `length`: maxTokens or the context; `abort`: the signal fired. */
    finishReason: FinishReason;
    seed: number;
    usage: { promptTokens: number; completionTokens: number };
}

export interface CompleteOptions {
    /** Ends generation early: what was generated so far is returned with finishReason `abort`. */
    signal?: AbortSignal;
    /** Called with each piece of text as it is final (never part of a stop string, never half a character). */
    onToken?: (text: string) => void;
}

export interface EngineHealth {
    ok: boolean;
    /** Why not, without user text. */
    reason?: string;
}

/** Runs one model. Implementations are safe for concurrent calls; calls beyond `capacity` wait in order of arrival. */
export interface Engine {
    readonly name: string;
    /** Requests that run at the same time. */
    readonly capacity: number;
    /** Throws `EngineError`. A signal that fires while the request still waits for its turn also throws (`aborted`). */
    complete(request: ChatRequest, options?: CompleteOptions): Promise<Completion>;
    health(): Promise<EngineHealth>;
    /** Frees everything. Running requests end with finishReason `abort`, waiting ones throw. */
    close(): Promise<void>;
}
