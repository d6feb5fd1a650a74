import { performance } from 'node:perf_hooks';

/**
 * Two clocks, because each misses something: the monotonic one stands still while a machine sleeps, the other is set by
 * people. What is over by either is over.
 */
export interface DoubleClock {
    /** Milliseconds, never set back. */
    monotonic(): number;
    /** Milliseconds since the Unix epoch. */
    wall(): number;
}

export const systemDoubleClock: DoubleClock = {
    monotonic: () => performance.now(),
    wall: () => Date.now(),
};

/** A span of time that ends at the latest when it is over by either clock. */
export class Validity {
    readonly #clock: DoubleClock;
    #monotonicEnd = Number.NEGATIVE_INFINITY;
    #wallStart = 0;
    #wallEnd = Number.NEGATIVE_INFINITY;

    constructor(clock: DoubleClock) {
        this.#clock = clock;
    }

    /** The two times now, to be given to `extend` once it is known that the span may begin there. */
    mark(): { monotonic: number; wall: number } {
        return { monotonic: this.#clock.monotonic(), wall: this.#clock.wall() };
    }

    extend(from: { monotonic: number; wall: number }, milliseconds: number): void {
        this.#monotonicEnd = from.monotonic + milliseconds;
        this.#wallStart = from.wall;
        this.#wallEnd = from.wall + milliseconds;
    }

    get valid(): boolean {
        if (this.#clock.monotonic() >= this.#monotonicEnd) return false;
        const wall = this.#clock.wall();
        // A wall clock that was set back says nothing; the monotonic one decides then.
        return wall < this.#wallEnd || wall < this.#wallStart;
    }

    /** Milliseconds until it ends by the monotonic clock; never negative. */
    get left(): number {
        return Math.max(0, this.#monotonicEnd - this.#clock.monotonic());
    }
}
