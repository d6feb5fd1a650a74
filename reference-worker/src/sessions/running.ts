import { randomInt } from 'node:crypto';
import { PAYMENT_PATIENCE_SECONDS, priceOf, type TokenUsage } from 'cocoon-sdk';
import { EngineError, type GenerationRequest, type StreamEnd } from '../engines';
import type { Allocation, Charge } from './allocation';
import { Answer } from './answer';
import { Ended, endingOf, logCode } from './ending';
import type { SessionEnvironment } from './environment';
import { finishOf, Generation } from './generation';
import { cachedWithin, demandOf } from './prices';
import type { Refused } from './refused';
import { Transcript } from './transcript';
import { promptEstimate, refusalOf, type Work } from './work';

/** An engine that fails sooner is answered with a refusal; later the answer has begun and ends with a failure frame. */
const START_MS = 5_000;
/** A client whose connection broke may come back for its answer for so long. */
const ABANDONED_MS = 5_000;
const MAX_SEED = 2 ** 31 - 1;

export interface RunningOptions {
    env: SessionEnvironment;
    allocation: Allocation;
    work: Work;
    /** SHA-256 of the envelope. */
    digest: Uint8Array;
    /** Called once all frames are in the journal. */
    onEnded: (request: number) => void;
    /** `performance.now()` when the call came. */
    calledAt: number;
}

/** One request on its way from the first token to the last receipt. Its slot of the engine is taken already. */
export class Running implements Charge {
    readonly id: number;
    readonly answer: Answer;
    /** Resolves once the answer may be read; rejects with {@link Refused} when the engine failed before its first token. */
    readonly started: Promise<void>;
    /** Resolves once the engine is free again; never rejects. */
    readonly done: Promise<void>;
    demand: bigint;
    readonly #options: RunningOptions;
    readonly #transcript: Transcript;
    readonly #generation: Generation;
    readonly #request: Work['asked']['request'];
    readonly #abort = new AbortController();
    #onStarted!: () => void;
    #onRefused!: (reason: Refused) => void;
    #isStarted = false;
    #isOver = false;
    #abandoned: NodeJS.Timeout | undefined;

    constructor(options: RunningOptions) {
        const { env, allocation, work, digest } = options;
        const { sequence } = work.envelope.header;
        this.#options = options;
        this.id = env.store.nextRequest();
        this.demand = firstDemand(env, work);
        this.answer = new Answer({
            store: env.store,
            request: {
                id: this.id,
                allocation: allocation.record.id,
                sequence,
                digest: Buffer.from(digest),
            },
            persist: () => allocation.persist(),
            onEnded: () => options.onEnded(this.id),
            onLost: (error) => {
                allocation.notSaved();
                env.fatal(error);
            },
            onReaders: (count) => this.#watch(count),
        });
        const place = { ...allocation.ref, sequence, modelId: work.content.modelId };
        const { request, task } = work.asked;
        // Drawn here and not by the engine, so that the first receipt names it already.
        const seed =
            task === 'embedding' ? null : ((request as GenerationRequest).seed ?? randomInt(MAX_SEED));
        this.#request = seed === null ? request : { ...request, seed };
        this.#transcript = new Transcript(env, work, place, seed, this.answer);
        this.#generation = new Generation({
            work,
            transcript: this.#transcript,
            chunkTokens: env.config.chunkTokens,
            pay: (chunk) => this.#pay(chunk),
        });
        this.started = new Promise((resolve, reject) => {
            this.#onStarted = resolve;
            this.#onRefused = reject;
        });
        allocation.begin(this, sequence);
        this.done = this.#run().catch((error) => env.fatal(error));
    }

    get allocation(): Allocation {
        return this.#options.allocation;
    }

    /** Price of what is generated so far; the prompt as it is estimated where only the engine's server counts it. */
    owed(): bigint {
        const { work } = this.#options;
        const prompt = Math.min(promptEstimate(work), work.promptBound);
        return priceOf({ prompt, cached: 0, completion: this.#generation.completion }, work.prices);
    }

    /** Puts it down now; what was delivered has its receipt. */
    stop(reason: Ended): void {
        this.#abort.abort(reason);
    }

    async #run(): Promise<void> {
        const { env, work } = this.#options;
        const starting = setTimeout(() => this.#start(), START_MS);
        env.metrics.running.inc();
        let outcome = 'done';
        try {
            if ('input' in this.#request) await this.#embed();
            else await this.#generate(this.#request);
        } catch (error) {
            outcome = this.#fail(error);
        } finally {
            clearTimeout(starting);
            this.#start();
            this.#isOver = true;
            clearTimeout(this.#abandoned);
            work.model.capacity.freeSession();
            this.#measure(outcome);
        }
    }

    async #generate(request: GenerationRequest): Promise<void> {
        const { signal } = this.#abort;
        const { engine } = this.#options.work.model;
        const steps = engine.stream(request, { signal });
        let end: StreamEnd | undefined;
        try {
            while (!end) {
                const step = await steps.next();
                this.#start();
                if (step.done) end = step.value;
                else if (!(await this.#generation.deliver(step.value))) break;
            }
        } finally {
            // Frees the engine's slot; waiting for it would hold up the client.
            steps.return(undefined as never).catch(() => undefined);
        }
        const finish = end ? finishOf(end.finishReason) : 'length';
        if (!finish) throw signal.aborted ? signal.reason : new Ended('engine_failed');
        const usage = this.#finalUsage(end?.usage.promptTokens ?? 0, end?.usage.cachedTokens ?? 0);
        this.#settle(priceOf(usage, this.#options.work.prices), () =>
            this.#transcript.final(this.#generation.chunk, usage, finish),
        );
    }

    async #embed(): Promise<void> {
        const { work } = this.#options;
        const { input, dimensions } = this.#request as { input: string[]; dimensions?: number };
        const { embeddings, promptTokens } = await work.model.engine.embed!(input, {
            signal: this.#abort.signal,
            ...(dimensions === undefined ? {} : { dimensions }),
        });
        this.#start();
        this.#transcript.delta({ e: embeddings.map((row) => Array.from(row)) });
        const usage = this.#finalUsage(promptTokens, 0);
        this.#settle(priceOf(usage, work.prices), () => this.#transcript.final(1, usage, 'stop'));
    }

    #finalUsage(told: number, cached: number): TokenUsage {
        const { work } = this.#options;
        const prompt = Math.min(work.promptTokens ?? told, work.promptBound);
        const usage = { prompt, cached, completion: this.#generation.completion };
        return { ...usage, cached: cachedWithin(usage, this.#transcript.last?.usage, work.prices) };
    }

    /** Pauses the engine until the chunk is paid. */
    async #pay(chunk: number): Promise<void> {
        const { allocation, env, work } = this.#options;
        const until = Math.min(chunk * env.config.chunkTokens, work.limit);
        const demand = demandOf(promptEstimate(work), until, work.prices);
        const isPaid = () => allocation.record.cumulative >= allocation.needed(demand - this.demand);
        const { signal } = this.#abort;
        if (!(await allocation.untilPaid(isPaid, PAYMENT_PATIENCE_SECONDS * 1000, signal))) {
            throw signal.aborted ? signal.reason : new Ended('payment_required');
        }
        this.demand = demand;
    }

    /** Returns how it ended, for the metrics. */
    #fail(error: unknown): string {
        const { env, work } = this.#options;
        const { code, message } = endingOf(error, this.#abort.signal.reason);
        if (code === 'engine_failed') {
            env.logger.warn({ model: work.model.name, code: logCode(error) }, 'a request failed');
        }
        if (!this.#isStarted) {
            this.#options.allocation.end(this, 0n);
            const failure = error instanceof EngineError ? error : undefined;
            this.#onRefused(refusalOf(failure ?? new EngineError('server_error', message, { remedy: '' })));
            this.#isStarted = true;
            return 'refused';
        }
        if (this.#generation.hasOpen) this.#generation.receipt();
        this.#settle(this.#transcript.last?.price ?? 0n, () => this.#transcript.failure(code, message));
        return code;
    }

    /** The end of the request and of what it adds to the debt reach the journal together. */
    #settle(price: bigint, end: () => void): void {
        this.#options.allocation.end(this, price);
        this.#options.env.metrics.servedNano.inc(Number(price));
        end();
    }

    #start(): void {
        if (this.#isStarted) return;
        this.#isStarted = true;
        const { env, work, calledAt } = this.#options;
        env.metrics.firstToken.observe({ model: work.model.name }, (performance.now() - calledAt) / 1000);
        this.#onStarted();
        this.#watch(0);
    }

    #watch(readers: number): void {
        clearTimeout(this.#abandoned);
        if (readers > 0 || this.#isOver) return;
        this.#abandoned = setTimeout(() => this.stop(new Ended('abandoned')), ABANDONED_MS);
        this.#abandoned.unref();
    }

    #measure(outcome: string): void {
        const { env, work, calledAt } = this.#options;
        const model = work.model.name;
        env.metrics.running.dec();
        env.metrics.requests.inc({ model, outcome });
        env.metrics.seconds.observe({ model }, (performance.now() - calledAt) / 1000);
        const last = this.#transcript.last?.usage;
        if (!last) return;
        env.metrics.tokens.inc({ model, kind: 'prompt' }, last.prompt);
        env.metrics.tokens.inc({ model, kind: 'completion' }, last.completion);
    }
}

export function firstDemand(env: SessionEnvironment, work: Work): bigint {
    return demandOf(promptEstimate(work), Math.min(env.config.chunkTokens, work.limit), work.prices);
}
