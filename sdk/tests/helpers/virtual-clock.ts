import type { Clock } from '../../src';
import { AbortedError } from '../../src';

type Sleeper = { at: number; wake: () => void };

/** A clock that jumps to the next sleeper as soon as nothing else is left to run. */
export class VirtualClock implements Clock {
    private sleepers: Sleeper[] = [];
    private scheduled = false;

    constructor(private time = 1_700_000_000_000) {}

    now(): number {
        return this.time;
    }

    sleep(ms: number, signal?: AbortSignal): Promise<void> {
        if (signal?.aborted) return Promise.reject(new AbortedError());
        return new Promise((resolve, reject) => {
            const sleeper = { at: this.time + ms, wake: resolve };
            signal?.addEventListener('abort', () => {
                this.sleepers = this.sleepers.filter((other) => other !== sleeper);
                reject(new AbortedError());
            });
            this.sleepers.push(sleeper);
            this.schedule();
        });
    }

    private schedule(): void {
        if (this.scheduled) return;
        this.scheduled = true;
        setImmediate(() => {
            this.scheduled = false;
            const next = this.sleepers.sort((a, b) => a.at - b.at).shift();
            if (next === undefined) return;
            this.time = Math.max(this.time, next.at);
            next.wake();
            if (this.sleepers.length > 0) this.schedule();
        });
    }
}
