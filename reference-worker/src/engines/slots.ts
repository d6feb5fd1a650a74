import { abortedError, EngineError } from './errors';

interface Waiter<T> {
    grant(slot: T): void;
    refuse(error: Error): void;
}

/** Hands a fixed set of slots to callers in order of arrival. */
export class Slots<T> {
    readonly #free: T[];
    readonly #waiters: Waiter<T>[] = [];
    #busy = 0;
    #closed = false;
    #drained: (() => void) | undefined;

    constructor(slots: readonly T[]) {
        this.#free = [...slots];
    }

    get waiting(): number {
        return this.#waiters.length;
    }

    /** Runs `task` with a slot of its own. Throws `aborted` if the signal fires first. */
    async use<R>(task: (slot: T) => Promise<R>, signal?: AbortSignal): Promise<R> {
        const slot = await this.acquire(signal);
        try {
            return await task(slot);
        } finally {
            this.release(slot);
        }
    }

    /** Runs a generator with a slot of its own, from its first step until it ends or its consumer leaves. */
    async *stream<Y, R>(
        task: (slot: T) => AsyncGenerator<Y, R, void>,
        signal?: AbortSignal,
    ): AsyncGenerator<Y, R, void> {
        const slot = await this.acquire(signal);
        try {
            return yield* task(slot);
        } finally {
            this.release(slot);
        }
    }

    /** Refuses all waiting and later callers and resolves once the running ones are done. */
    async close(): Promise<void> {
        this.#closed = true;
        for (const waiter of this.#waiters.splice(0)) waiter.refuse(closedError());
        if (this.#busy === 0) return;
        await new Promise<void>((resolve) => {
            this.#drained = resolve;
        });
    }

    /** Whoever takes a slot must give it back with {@link release}, exactly once. */
    acquire(signal?: AbortSignal): Promise<T> {
        if (this.#closed) return Promise.reject(closedError());
        if (signal?.aborted) return Promise.reject(abortedError());
        const slot = this.#free.pop();
        if (slot !== undefined) {
            this.#busy += 1;
            return Promise.resolve(slot);
        }
        return new Promise<T>((resolve, reject) => {
            const onAbort = () => {
                this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
                reject(abortedError());
            };
            const waiter: Waiter<T> = {
                grant: (granted) => {
                    signal?.removeEventListener('abort', onAbort);
                    resolve(granted);
                },
                refuse: (error) => {
                    signal?.removeEventListener('abort', onAbort);
                    reject(error);
                },
            };
            this.#waiters.push(waiter);
            signal?.addEventListener('abort', onAbort, { once: true });
        });
    }

    release(slot: T): void {
        const next = this.#waiters.shift();
        if (next) {
            // The slot passes on without being free in between: `#busy` stays as it is.
            next.grant(slot);
            return;
        }
        this.#free.push(slot);
        this.#busy -= 1;
        if (this.#busy === 0) this.#drained?.();
    }
}

export function closedError(): EngineError {
    return new EngineError('aborted', 'the engine is shutting down', { remedy: 'start the worker again' });
}
