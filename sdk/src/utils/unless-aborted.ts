import { follow } from './follow';

/** Rejects with the reason of `signal` when that comes first. What `promise` leads to goes on. */
export function unlessAborted<T>(
    promise: Promise<T>,
    signal: AbortSignal | undefined,
    reason: () => Error,
): Promise<T> {
    if (signal === undefined) return promise;
    return new Promise((resolve, reject) => {
        const unfollow = follow(signal, () => reject(reason()));
        promise.then(resolve, reject).finally(unfollow);
    });
}
