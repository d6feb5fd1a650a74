import { AbortedError, type Clock } from '../../src';

type Sleeper = { readonly at: number; readonly wake: () => void };

/** A clock whose pauses of up to a second pass at once, and longer ones when the test says so. */
export class StepClock implements Clock {
    private sleepers: Sleeper[] = [];

    /** Milliseconds since the Unix epoch. */
    constructor(private time = 1_750_000_000_000) {}

    now(): number {
        return this.time;
    }

    sleep(ms: number, signal?: AbortSignal): Promise<void> {
        if (signal?.aborted) return Promise.reject(new AbortedError());
        if (ms <= 1_000) return new Promise((resolve) => setImmediate(resolve));
        return new Promise((resolve, reject) => {
            const sleeper = { at: this.time + ms, wake: resolve };
            this.sleepers.push(sleeper);
            signal?.addEventListener('abort', () => {
                this.sleepers = this.sleepers.filter((other) => other !== sleeper);
                reject(new AbortedError());
            });
        });
    }

    /** Lets time pass. */
    pass(ms: number): void {
        this.time += ms;
        const due = this.sleepers.filter(({ at }) => at <= this.time);
        this.sleepers = this.sleepers.filter(({ at }) => at > this.time);
        for (const { wake } of due) wake();
    }
}
