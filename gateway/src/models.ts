import type { Inference, ServedModelInfo } from 'cocoon-sdk';

/** The models that nodes serve, read from time to time, so that a request need not ask. */
export class ModelCache {
    readonly #inference: Inference;
    readonly #now: () => number;
    readonly #maxAgeMs: number;
    #models: readonly ServedModelInfo[] = [];
    #byName = new Map<string, ServedModelInfo>();
    #readAt = Number.NEGATIVE_INFINITY;
    #reading: Promise<readonly ServedModelInfo[]> | undefined;

    constructor(inference: Inference, now: () => number, maxAgeMs = 5_000) {
        this.#inference = inference;
        this.#now = now;
        this.#maxAgeMs = maxAgeMs;
    }

    /** Not older than the age allows. Throws what Inference.models throws. */
    async list(): Promise<readonly ServedModelInfo[]> {
        if (this.#now() - this.#readAt < this.#maxAgeMs) return this.#models;
        return this.#read();
    }

    /** What is known of a model now, old or not; an old list is read again behind the back. */
    known(name: string): ServedModelInfo | undefined {
        // Whoever needs the models gets the error; here an old price is good enough.
        if (this.#now() - this.#readAt >= this.#maxAgeMs) this.#read().catch(() => undefined);
        return this.#byName.get(name);
    }

    #read(): Promise<readonly ServedModelInfo[]> {
        this.#reading ??= this.#inference
            .models()
            .then((models) => {
                this.#models = models;
                this.#byName = new Map(models.map((model) => [model.name, model]));
                this.#readAt = this.#now();
                return models;
            })
            .finally(() => {
                this.#reading = undefined;
            });
        return this.#reading;
    }
}
