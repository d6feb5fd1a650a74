import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
    /** Milliseconds after which it is given up. */
    readonly timeout?: number;
    /** Milliseconds between two looks. */
    readonly every?: number;
    /** What a failure should show, asked for when it is there. */
    readonly failure?: () => unknown;
}

/**
 * The first value of `condition` that is true in a condition's sense. For what other processes, sockets or a chain do: what runs
 * in the same process tells by itself. Rejects with what `condition` throws, and when time is up.
 */
export async function until<T>(
    condition: () => T | Promise<T>,
    { timeout = 30_000, every = 50, failure = () => condition }: UntilOptions = {},
): Promise<Exclude<T, undefined | null | false | 0 | ''>> {
    const end = performance.now() + timeout;
    for (;;) {
        const value = await condition();
        if (value) return value as Exclude<T, undefined | null | false | 0 | ''>;
        if (performance.now() >= end) throw new Error(`Not in ${timeout} ms: ${failure()}`);
        await sleep(every);
    }
}

/** Resolves once `value` is the same at two looks: for what only time can tell, as buffers of the system that are full. */
export async function untilStill(value: () => number, options: UntilOptions = {}): Promise<void> {
    let before = Number.NaN;
    await until(
        () => {
            const still = value() === before;
            before = value();
            return still;
        },
        { every: 150, failure: () => `it still changes, now ${before}`, ...options },
    );
}
