import type { InferenceTask } from '../types';
import { checkChat } from './chat-parameters';
import { invalid, isObject } from './check';
import { checkCompletion, checkEmbedding } from './parameters';

/** A checked request of the OpenAI API. */
export type OpenAIRequest = {
    readonly task: InferenceTask;
    readonly model: string;
    readonly stream: boolean;
    /** Whether the last chunk of a stream carries the usage. */
    readonly includeUsage: boolean;
    readonly embeddingFormat: 'float' | 'base64';
    /** What the session carries: without null members and what concerns the HTTP API or names a user. */
    readonly body: Readonly<Record<string, unknown>>;
    /** The application's own key for its prefix cache. */
    readonly conversation: string | undefined;
};

const CHECKS = { chat: checkChat, completion: checkCompletion, embedding: checkEmbedding };

/** Concern the HTTP API, or tell a node who asks. */
const LEFT_OUT: ReadonlySet<string> = new Set([
    'model',
    'stream',
    'stream_options',
    'user',
    'metadata',
    'store',
    'encoding_format',
    'prompt_cache_key',
    'prompt_cache_retention',
    'safety_identifier',
    'service_tier',
]);

/** Checks the body of a request. Throws RequestParameterError. */
export function parseRequest(task: InferenceTask, value: unknown): OpenAIRequest {
    CHECKS[task](value, '');
    const given = value as Record<string, unknown>;
    if (given.model === '') invalid('model', 'the name of a model');
    const stream = given.stream === true;
    const options = isObject(given.stream_options) ? given.stream_options : undefined;
    if (options !== undefined && !stream) invalid('stream_options', 'absent where stream is not true');
    if (typeof given.top_logprobs === 'number' && given.logprobs !== true)
        invalid('logprobs', 'true where top_logprobs is given');
    return {
        task,
        model: given.model as string,
        stream: stream && task !== 'embedding',
        includeUsage: options?.include_usage === true,
        embeddingFormat: given.encoding_format === 'base64' ? 'base64' : 'float',
        body: sessionBody(given),
        conversation: typeof given.prompt_cache_key === 'string' ? given.prompt_cache_key : undefined,
    };
}

/** What a session carries of a body. */
function sessionBody(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const body: Record<string, unknown> = {};
    for (const name in given) {
        const member = given[name];
        if (member !== null && member !== undefined && !LEFT_OUT.has(name)) body[name] = member;
    }
    return body;
}
