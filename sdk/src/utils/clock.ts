import { AbortedError } from '../errors';
import { follow } from './follow';

/** Time, injected so that tests decide it. */
export interface Clock {
    /** Milliseconds since the Unix epoch. */
    now(): number;
    /** Resolves after `ms` milliseconds; rejects with AbortedError as soon as `signal` aborts. */
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
    /** Calls back after `ms` milliseconds unless the function that it returns is called before. For what is cancelled mostly. */
    timer?(ms: number, onTime: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
    now: () => Date.now(),
    timer(ms, onTime) {
        const timer = setTimeout(onTime, ms);
        return () => clearTimeout(timer);
    },
    sleep(ms, signal) {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                unfollow?.();
                resolve();
            }, ms);
            const unfollow =
                signal &&
                follow(signal, () => {
                    clearTimeout(timer);
                    reject(new AbortedError());
                });
        });
    },
};

/** A timer of any clock. */
export function startTimer(clock: Clock, ms: number, onTime: () => void): () => void {
    if (clock.timer !== undefined) return clock.timer(ms, onTime);
    const cancelled = new AbortController();
    clock.sleep(ms, cancelled.signal).then(
        () => {
            // The sleep may have ended in the same turn.
            if (!cancelled.signal.aborted) onTime();
        },
        () => undefined,
    );
    return () => cancelled.abort();
}
