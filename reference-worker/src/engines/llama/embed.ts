import type { LlamaEmbeddingContext } from 'node-llama-cpp';
import { abortedError, contextTooLong } from '../errors';
import { unsupportedField } from '../request/parse';
import { Slots } from '../slots';
import type { Embeddings, EmbedOptions } from '../types';
import type { LlamaRuntime } from './runtime';

/**
 * Embeds texts on a context of its own, which is made when it is first wanted. A model without pooling, as models that
 * chat are, gives the state after the last token. Rows have length 1.
 */
export class Embedder {
    readonly #turns = new Slots([0]);
    #context: Promise<LlamaEmbeddingContext> | undefined;

    constructor(private readonly runtime: LlamaRuntime) {}

    async count(inputs: readonly string[]): Promise<number> {
        const context = await this.#open();
        return inputs.reduce((sum, input) => sum + context.calculateInputLength(input), 0);
    }

    embed(inputs: readonly string[], { signal, dimensions }: EmbedOptions): Promise<Embeddings> {
        return this.#turns.use(async () => {
            const context = await this.#open();
            const lengths = inputs.map((input) => this.#lengthOf(context, input));
            const embeddings: Float32Array[] = [];
            for (const input of inputs) {
                if (signal?.aborted) throw abortedError();
                const { vector } = await context.getEmbeddingFor(input);
                if (dimensions !== undefined && dimensions !== vector.length) {
                    throw unsupportedField('dimensions', `leave it out: the model has ${vector.length}`);
                }
                embeddings.push(normalised(vector));
            }
            return { embeddings, promptTokens: lengths.reduce((sum, length) => sum + length, 0) };
        }, signal);
    }

    close(): Promise<void> {
        return this.#turns.close();
    }

    /** The library wants one place more than the text has tokens. */
    #lengthOf(context: LlamaEmbeddingContext, input: string): number {
        const length = context.calculateInputLength(input);
        const { contextSize } = this.runtime;
        if (length >= contextSize) throw contextTooLong(length, contextSize);
        return length;
    }

    #open(): Promise<LlamaEmbeddingContext> {
        const { model, contextSize, threads } = this.runtime;
        this.#context ??= model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads });
        // Memory that is short now may be there the next time.
        this.#context.catch(() => {
            this.#context = undefined;
        });
        return this.#context;
    }
}

function normalised(vector: readonly number[]): Float32Array {
    const length = Math.hypot(...vector);
    return Float32Array.from(vector, (value) => (length > 0 ? value / length : 0));
}
