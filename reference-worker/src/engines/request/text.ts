import { z } from 'zod';
import { check, refuseUnsupported, samplingFields, samplingOptions } from './parse';
import type { EmbeddingRequest, TextRequest } from './types';

/** What OpenAI's legacy completions generate unless told otherwise. */
const DEFAULT_MAX_TOKENS = 16;
const TEXT_ONLY = 'expected text; token ids are not supported';

const textRequest = z.object({
    ...samplingFields,
    prompt: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)], {
        error: 'expected one text; token ids and several prompts are not supported',
    }),
    /** Alternatives per token. */
    logprobs: z.int().min(0).max(20).nullish(),
});

/** Reads an OpenAI completion body (`/v1/completions`). Throws like `parseChatRequest`. */
export function parseTextRequest(body: unknown): TextRequest {
    const raw = check(textRequest, body);
    refuseUnsupported(body as object);
    const request: TextRequest = { prompt: raw.prompt, ...samplingOptions(raw) };
    request.maxTokens ??= DEFAULT_MAX_TOKENS;
    if (raw.logprobs != null) request.logprobs = true;
    if (raw.logprobs) request.topLogprobs = raw.logprobs;
    return request;
}

const oneText = z.string({ error: TEXT_ONLY }).min(1);
const embeddingRequest = z.object({
    input: z.union([oneText.transform((text) => [text]), z.array(oneText).min(1).max(2048)], {
        error: TEXT_ONLY,
    }),
    dimensions: z.int().min(1).nullish(),
    /** How the answer is written down, which is the business of who writes it. */
    encoding_format: z.enum(['float', 'base64']).nullish(),
});

/** Reads an OpenAI embedding body (`/v1/embeddings`). Throws like `parseChatRequest`. */
export function parseEmbeddingRequest(body: unknown): EmbeddingRequest {
    const raw = check(embeddingRequest, body);
    return { input: raw.input, ...(raw.dimensions == null ? {} : { dimensions: raw.dimensions }) };
}
