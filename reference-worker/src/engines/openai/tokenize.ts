import { z } from 'zod';
import type { EmbeddingRequest, GenerationRequest } from '../types';
import { messagesOf } from './body';
import { malformed } from './failures';
import type { OpenAiServer } from './server';

const answer = z.object({ count: z.int().min(0) });

/** Asks vLLM's `/tokenize` how many tokens a prompt has. */
export async function countTokens(
    server: OpenAiServer,
    path: string,
    model: string,
    request: GenerationRequest | EmbeddingRequest,
    signal: AbortSignal,
): Promise<number> {
    const bodies = 'input' in request ? request.input.map((prompt) => ({ prompt })) : [promptOf(request)];
    const counts = await Promise.all(
        bodies.map(async (body) => {
            const result = answer.safeParse(await server.json(path, { model, ...body }, signal));
            if (result.success) return result.data.count;
            throw malformed('it does not count tokens');
        }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
}

/** What `/tokenize` takes for the prompt of a request. */
export function promptOf(request: GenerationRequest): Record<string, unknown> {
    if ('prompt' in request) return { prompt: request.prompt };
    return { messages: messagesOf(request.messages), tools: request.tools, add_generation_prompt: true };
}
