/** What of a request's body decides how tokens are chosen and where the answer ends. */
export type Sampling = {
    /** 0: always the likeliest token. */
    readonly temperature: number;
    /** Only the likeliest tokens that together have a part of the probability are taken. */
    readonly nucleus: boolean;
    /** Most tokens of the answer; undefined where the request names no limit. */
    readonly limit: number | undefined;
    /** Strings that end the answer. */
    readonly stop: readonly string[];
    /** What the answer already has is made less likely. */
    readonly penalised: boolean;
    /** The model may write calls, which are no part of the text. */
    readonly tools: boolean;
    /** The seed that the client asks for. */
    readonly seed: number | undefined;
};

/** OpenAI's defaults: what a request does not say means the same to every node. */
const DEFAULT_TEMPERATURE = 1;
const DEFAULT_COMPLETION_LIMIT = 16;
/** Engines take 31 bits. */
const SEEDS = 2 ** 31;

/** Reads the sampling options of a body that an engine has accepted. */
export function samplingOf(task: 'chat' | 'completion', body: unknown): Sampling {
    const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const limit = numberOf(fields.max_completion_tokens) ?? numberOf(fields.max_tokens);
    const stop = typeof fields.stop === 'string' ? [fields.stop] : fields.stop;
    const seed = numberOf(fields.seed);
    return {
        temperature: fields.top_p === 0 ? 0 : (numberOf(fields.temperature) ?? DEFAULT_TEMPERATURE),
        nucleus: (numberOf(fields.top_p) ?? 1) < 1,
        limit: limit ?? (task === 'completion' ? DEFAULT_COMPLETION_LIMIT : undefined),
        stop: Array.isArray(stop) ? stop.filter((each) => typeof each === 'string') : [],
        penalised: Boolean(fields.frequency_penalty) || Boolean(fields.presence_penalty),
        tools: Array.isArray(fields.tools) && fields.tools.length > 0,
        seed: seed === undefined ? undefined : Math.abs(seed) % SEEDS,
    };
}

function numberOf(value: unknown): number | undefined {
    return typeof value === 'number' ? value : undefined;
}
