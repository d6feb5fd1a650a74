import { z } from 'zod';
import { EngineError } from '../errors';
import type { ResponseFormat, SamplingOptions } from './types';

const API_REMEDY = 'send a body as the OpenAI API defines it';

/** Checks a body. Throws {@link EngineError} `bad_request` naming the first wrong field, never its value. */
export function check<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
    const result = schema.safeParse(body);
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    throw invalid(issue.path.join('.') || 'body', issue.message.replace(/^Invalid input: /, ''));
}

export function invalid(field: string, what: string, remedy = API_REMEDY): EngineError {
    return new EngineError('bad_request', `request ${field}: ${what}`, { remedy });
}

/** What would change the answer and no engine here does: values that change nothing, and what to do instead. */
const REFUSED: Record<string, { neutral?: readonly unknown[]; remedy: string }> = {
    functions: { remedy: 'send `tools`, which replaced it' },
    function_call: { remedy: 'send `tool_choice`, which replaced it' },
    audio: { remedy: 'ask for text' },
    web_search_options: { remedy: 'offer a search tool in `tools`' },
    reasoning_effort: { remedy: 'leave it out: the model decides' },
    verbosity: { remedy: 'leave it out and say in the prompt how long the answer shall be' },
    suffix: { neutral: [''], remedy: 'put the text that follows into the prompt' },
    echo: { neutral: [false], remedy: 'leave it out: the prompt is known' },
    best_of: { neutral: [1], remedy: 'send several requests' },
    top_k: { neutral: [0, -1], remedy: 'use top_p' },
    min_p: { neutral: [0], remedy: 'use top_p' },
    min_tokens: { neutral: [0], remedy: 'leave it out' },
    repetition_penalty: { neutral: [1], remedy: 'use frequency_penalty' },
    ignore_eos: { neutral: [false], remedy: 'leave it out' },
    stop_token_ids: { remedy: 'use stop' },
    chat_template: { remedy: "leave it out: the model's own is used" },
    chat_template_kwargs: { remedy: "leave it out: the model's own template is used" },
    guided_json: { remedy: 'use response_format' },
    guided_regex: { remedy: 'use response_format' },
    guided_choice: { remedy: 'use response_format with an enum' },
    guided_grammar: { remedy: 'use response_format' },
};

/** Throws {@link EngineError} `unsupported` for a field that would change the answer if it were honoured. */
export function refuseUnsupported(body: object): void {
    for (const [field, value] of Object.entries(body)) {
        const rule = Object.hasOwn(REFUSED, field) ? REFUSED[field] : undefined;
        if (!rule || value == null || rule.neutral?.includes(value)) continue;
        throw unsupportedField(field, rule.remedy);
    }
}

export function unsupportedField(field: string, remedy: string): EngineError {
    return new EngineError('unsupported', `request ${field}: not supported`, { remedy });
}

const empty = z.union([z.array(z.unknown()).max(0), z.record(z.string(), z.never())], {
    error: 'not supported',
});
const tokenLimit = z.int().min(1).nullish();
const penalty = z.number().min(-2).max(2).nullish();
const jsonSchema = z.record(z.string(), z.unknown());
const MAX_SEED = 2 ** 31 - 1;

/** Fields that chat and text requests share. */
export const samplingFields = {
    max_tokens: tokenLimit,
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    seed: z.int().nullish(),
    stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
    frequency_penalty: penalty,
    presence_penalty: penalty,
    logit_bias: empty.nullish(),
    n: z.literal(1).nullish(),
    /** The caller streams by itself or not at all: the form of the answer is not the request's. */
    stream: z.literal(false).nullish(),
    response_format: z
        .discriminatedUnion('type', [
            z.object({ type: z.literal('text') }),
            z.object({ type: z.literal('json_object') }),
            z.object({
                type: z.literal('json_schema'),
                json_schema: z.object({
                    name: z.string().min(1).max(64),
                    description: z.string().nullish(),
                    schema: jsonSchema.nullish(),
                    strict: z.boolean().nullish(),
                }),
            }),
        ])
        .nullish(),
};
export const limitField = tokenLimit;
export const schemaField = jsonSchema;

type RawSampling = z.output<z.ZodObject<typeof samplingFields>>;

/** OpenAI's default: what a request does not say means the same here as there. */
const DEFAULT_TEMPERATURE = 1;

export function samplingOptions(raw: RawSampling): SamplingOptions {
    const options: SamplingOptions = { temperature: raw.temperature ?? DEFAULT_TEMPERATURE };
    if (raw.max_tokens != null) options.maxTokens = raw.max_tokens;
    // A nucleus of nothing is the most likely token alone.
    if (raw.top_p === 0) options.temperature = 0;
    else if (raw.top_p != null) options.topP = raw.top_p;
    // The API takes any whole number, engines 31 bits.
    if (raw.seed != null) options.seed = Math.abs(raw.seed) % (MAX_SEED + 1);
    if (raw.stop != null) {
        const stop = typeof raw.stop === 'string' ? [raw.stop] : raw.stop;
        if (stop.length > 0) options.stop = stop;
    }
    if (raw.frequency_penalty) options.frequencyPenalty = raw.frequency_penalty;
    if (raw.presence_penalty) options.presencePenalty = raw.presence_penalty;
    const format = responseFormat(raw.response_format);
    if (format) options.responseFormat = format;
    return options;
}

function responseFormat(raw: RawSampling['response_format']): ResponseFormat | undefined {
    if (raw == null || raw.type === 'text') return undefined;
    if (raw.type === 'json_object') return raw;
    const { name, schema, strict, description } = raw.json_schema;
    return {
        type: 'json_schema',
        name,
        schema: schema ?? {},
        ...(strict == null ? {} : { strict }),
        ...(description == null ? {} : { description }),
    };
}
