/** Seeded generator (mulberry32) whose state can be saved, so that a reverted chain replays identically. */
export class SeededRandom {
    constructor(public state: number) {
        this.state = state | 0;
    }

    /** Uniform in [0, 1). */
    next(): number {
        this.state = (this.state + 0x6d2b79f5) | 0;
        let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    }

    /** Uniform integer in [min, max]. */
    between(min: number, max: number): number {
        return min + Math.floor(this.next() * (max - min + 1));
    }
}
