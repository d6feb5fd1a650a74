import { z } from 'zod';
import type { Embeddings } from '../types';
import { malformed } from './failures';

const answer = z.object({
    data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
    usage: z.object({ prompt_tokens: z.int().min(0) }),
});

/** Reads the answer of `/embeddings` to `inputs` texts. Throws `EngineError` `server_error`. */
export function readEmbeddings(body: unknown, inputs: number): Embeddings {
    const result = answer.safeParse(body);
    if (!result.success) {
        throw malformed(`the embeddings have another form at ${result.error.issues[0]!.path.join('.')}`);
    }
    const { data, usage } = result.data;
    const embeddings: Float32Array[] = [];
    for (const { index, embedding } of data) embeddings[index] = Float32Array.from(embedding);
    if (data.length !== inputs || embeddings.length !== inputs) {
        throw malformed('it gave another number of embeddings than of inputs');
    }
    return { embeddings, promptTokens: usage.prompt_tokens };
}
