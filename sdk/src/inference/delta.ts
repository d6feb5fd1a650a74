/** OpenAI's entry of `logprobs.content`, as the engine gave it. */
export type LogprobEntry = Readonly<Record<string, unknown>>;
/** OpenAI's delta of a tool call, as the engine gave it. */
export type ToolCallDelta = Readonly<Record<string, unknown>> & { readonly index: number };

/** What one frame of an answer brings; the names are those of docs/spec/session.md. */
export type InferenceDelta = {
    /** Text. */
    readonly t?: string;
    /** Reasoning text. */
    readonly r?: string;
    /** Ids of completion tokens. */
    readonly i?: readonly number[];
    /** Log-probabilities, one for each id. */
    readonly p?: readonly number[];
    readonly l?: readonly LogprobEntry[];
    readonly c?: readonly ToolCallDelta[];
    /** Embeddings, a row for each input. */
    readonly e?: readonly (readonly number[])[];
};
