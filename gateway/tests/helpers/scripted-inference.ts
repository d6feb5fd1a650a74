import type {
    Inference,
    InferenceAnswer,
    InferenceDelta,
    InferenceFinal,
    InferenceRequest,
    ServedModelInfo,
} from 'cocoon-sdk';
import { ModelNotFoundError } from 'cocoon-sdk';

const MODEL: ServedModelInfo = {
    name: 'tiny',
    modelId: 0x11n,
    addedAt: 1_750_000_000,
    nodes: 1,
    prices: { prompt: 1_000_000n, cachedPrompt: 100_000n, completion: 2_000_000n },
    contextLength: 4096,
} as ServedModelInfo;

export const NODE = 'ab'.repeat(32);

/** What one request gets: deltas and an end, or an error in place of either. */
export interface Script {
    deltas?: readonly InferenceDelta[];
    /** Thrown after the deltas, or by `run` where there are none. */
    error?: Error;
    price?: bigint;
    finish?: InferenceFinal['finish'];
    tokens?: { prompt: number; completion: number };
    /** Awaited before the first delta. */
    before?: (request: InferenceRequest) => Promise<void> | void;
    /** Awaited before the end. */
    until?: Promise<void>;
}

/** An Inference that says what it is told, and remembers what it was asked. */
export class ScriptedInference implements Inference {
    readonly requests: InferenceRequest[] = [];
    script: Script | ((request: InferenceRequest) => Script) = {};
    served: readonly ServedModelInfo[] = [MODEL, { ...MODEL, name: 'org/other' }];
    prepared: readonly string[] = [];
    closed = false;

    async models() {
        return this.served;
    }

    async run(request: InferenceRequest): Promise<InferenceAnswer> {
        this.requests.push(request);
        const model = this.served.find(({ name }) => name === request.model);
        if (model === undefined) throw new ModelNotFoundError(request.model);
        const script = typeof this.script === 'function' ? this.script(request) : this.script;
        await script.before?.(request);
        if (script.error && !script.deltas) throw script.error;
        return new ScriptedAnswer(model, script, request.signal);
    }

    async prepare(models: readonly string[]) {
        this.prepared = models;
    }

    async funds() {
        return undefined;
    }

    async settle() {
        return { released: 0, pending: 0, withdrawn: 0n };
    }

    async close() {
        this.closed = true;
    }
}

class ScriptedAnswer implements InferenceAnswer {
    readonly node = NODE;
    readonly prices = MODEL.prices;
    readonly createdAt = 1_760_000_000;
    readonly final: Promise<InferenceFinal>;
    #resolve!: (final: InferenceFinal) => void;
    #reject!: (error: Error) => void;

    constructor(
        readonly model: ServedModelInfo,
        private readonly script: Script,
        private readonly signal: AbortSignal | undefined,
    ) {
        this.final = new Promise((resolve, reject) => {
            this.#resolve = resolve;
            this.#reject = reject;
        });
        this.final.catch(() => undefined);
    }

    async *[Symbol.asyncIterator]() {
        const { deltas = [{ t: 'Hello' }], error, price = 5n, finish = 'stop', tokens, until } = this.script;
        try {
            for (const delta of deltas) {
                this.signal?.throwIfAborted();
                yield delta;
            }
            await until;
            this.signal?.throwIfAborted();
            if (error) throw error;
        } catch (failure) {
            this.#reject(failure as Error);
            throw failure;
        }
        const { prompt, completion } = tokens ?? { prompt: 7, completion: deltas.length };
        this.#resolve({
            finish,
            usage: { promptTokens: prompt, cachedTokens: 2, completionTokens: completion },
            price,
            seed: null,
            node: NODE,
        });
    }
}
