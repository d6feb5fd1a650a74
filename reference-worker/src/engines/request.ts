import { z } from 'zod';
import { EngineError } from './errors';
import type { ChatMessage, ChatRequest } from './types';

const textPart = z.object({ type: z.literal('text'), text: z.string() });

const content = z.union(
    [z.string(), z.array(textPart).transform((parts) => parts.map((part) => part.text).join(''))],
    {
        error: 'expected a string or an array of text parts',
    },
);

const message = z.object({
    role: z.enum(['system', 'user', 'assistant', 'developer', 'tool']),
    content,
});

const tokenLimit = z.int().min(1).nullish();

const chatRequest = z.object({
    messages: z.array(message).min(1),
    max_tokens: tokenLimit,
    max_completion_tokens: tokenLimit,
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().gt(0).max(1).nullish(),
    seed: z
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .nullish(),
    stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.int().min(0).max(20).nullish(),
    n: z.literal(1).nullish(),
    /** A job's answer is one whole result; asking for a stream of it would go unanswered. */
    stream: z.literal(false).nullish(),
    tools: z.array(z.unknown()).max(0).nullish(),
});

/**
 * Reads an OpenAI chat completion body (`/v1/chat/completions`).
 * Unknown fields are ignored, as the API does; what would change the answer and is not supported (`n` above 1, tools,
 * images) is refused. Throws {@link EngineError} `bad_request` naming the field, never its value.
 */
export function parseChatRequest(body: unknown): ChatRequest {
    const result = chatRequest.safeParse(body);
    if (!result.success) {
        const issue = result.error.issues[0]!;
        const where = issue.path.join('.') || 'body';
        throw new EngineError(
            'bad_request',
            `request ${where}: ${issue.message.replace(/^Invalid input: /, '')}`,
            {
                remedy: 'send a chat completion body as the OpenAI API defines it',
            },
        );
    }
    const raw = result.data;
    const request: ChatRequest = { messages: raw.messages as ChatMessage[] };
    const maxTokens = raw.max_completion_tokens ?? raw.max_tokens;
    if (maxTokens != null) request.maxTokens = maxTokens;
    if (raw.temperature != null) request.temperature = raw.temperature;
    if (raw.top_p != null) request.topP = raw.top_p;
    if (raw.seed != null) request.seed = raw.seed;
    if (raw.stop != null) request.stop = typeof raw.stop === 'string' ? [raw.stop] : raw.stop;
    if (raw.top_logprobs != null) request.topLogprobs = raw.top_logprobs;
    return request;
}
