/** A function that the model calls; `arguments` is JSON text as the model wrote it. */
export interface ToolCall {
    id: string;
    type: 'function';
    function: { name: string; arguments: string };
}

/** One message of a chat, as in the OpenAI API. */
export interface ChatMessage {
    role: 'system' | 'user' | 'assistant' | 'developer' | 'tool';
    content: string;
    /** Of an assistant: what it called. */
    toolCalls?: ToolCall[];
    /** Of a tool: the call that this answers. */
    toolCallId?: string;
}

/** A JSON Schema. */
export type JsonSchema = Record<string, unknown>;

/** A function that the model may call. */
export interface Tool {
    type: 'function';
    function: { name: string; description?: string; parameters?: JsonSchema; strict?: boolean };
}

/** `required`: some tool; `{ name }`: that tool. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string };

/** Form that the answer must have; absent: any text. */
export type ResponseFormat =
    | { type: 'json_object' }
    | { type: 'json_schema'; name: string; schema: JsonSchema; strict?: boolean; description?: string };

/** What all requests for generated text have in common. */
export interface SamplingOptions {
    /** Most tokens to generate; absent: until the model stops or the context is full. */
    maxTokens?: number;
    /** 0 (default) is greedy and reproducible on one machine. */
    temperature?: number;
    /** Nucleus, 0 < topP ≤ 1, default 1. */
    topP?: number;
    /** Seed of the sampler, 0 … 2³¹−1; absent: drawn at random and reported at the end. */
    seed?: number;
    /** Generation ends before the first of these; they are not part of the text. At most 16. */
    stop?: string[];
    /** Asks for log-probabilities. Engines that have them at no cost tell them anyway. */
    logprobs?: boolean;
    /** Alternatives to report for each token, 0 … 20. */
    topLogprobs?: number;
    /** −2 … 2 per earlier occurrence of a token in the answer; default 0. */
    frequencyPenalty?: number;
    /** −2 … 2 for tokens that the answer already has; default 0. */
    presencePenalty?: number;
    responseFormat?: ResponseFormat;
}

/** A chat completion request, engine-neutral. See `parseChatRequest` for the OpenAI wire form. */
export interface ChatRequest extends SamplingOptions {
    messages: ChatMessage[];
    tools?: Tool[];
    /** Default `auto`. */
    toolChoice?: ToolChoice;
    /** False: at most one call in an answer. */
    parallelToolCalls?: boolean;
}

/** A text to go on with, without any chat template (OpenAI's legacy completions). */
export interface TextRequest extends SamplingOptions {
    prompt: string;
}

export type GenerationRequest = ChatRequest | TextRequest;

export interface EmbeddingRequest {
    input: string[];
    dimensions?: number;
}
