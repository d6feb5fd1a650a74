import { type Clock, startTimer } from '../utils';

/** A signal that fires with the caller's, or when time is up. Plain listeners: AbortSignal.any holds memory as long as its sources. */
export class Deadline {
    private readonly controller = new AbortController();
    /** Whether it was time that ran out. */
    expired = false;
    private readonly cancelTimer: () => void;
    private readonly onAbort = () => this.controller.abort();

    constructor(
        clock: Clock,
        ms: number,
        private readonly outer: AbortSignal | undefined,
    ) {
        if (outer?.aborted) this.controller.abort();
        outer?.addEventListener('abort', this.onAbort, { once: true });
        this.cancelTimer = startTimer(clock, ms, () => {
            this.expired = true;
            this.controller.abort();
        });
    }

    get signal(): AbortSignal {
        return this.controller.signal;
    }

    /** In time: from here on only the caller's signal counts. */
    met(): void {
        this.cancelTimer();
    }

    /** Nothing counts any more. */
    end(): void {
        this.cancelTimer();
        this.outer?.removeEventListener('abort', this.onAbort);
    }
}

/** Rejects with the reason of `signal` when that comes first. What `promise` leads to goes on. */
export function unlessAborted<T>(
    promise: Promise<T>,
    signal: AbortSignal | undefined,
    reason: () => Error,
): Promise<T> {
    if (signal === undefined) return promise;
    return new Promise((resolve, reject) => {
        const onAbort = () => reject(reason());
        if (signal.aborted) return onAbort();
        signal.addEventListener('abort', onAbort, { once: true });
        promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
}
