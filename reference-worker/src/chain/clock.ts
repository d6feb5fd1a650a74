/**
 * The chain's time, told from the blocks that were seen. Deadlines are decided by it and not by this machine's clock,
 * which may be wrong, or right while a local network's is far ahead.
 */
export class ChainClock {
    readonly #now: () => number;
    #aheadMs: number | undefined;

    /** @param now local time, Unix milliseconds. */
    constructor(now: () => number) {
        this.#now = now;
    }

    /** @param blockTime Unix seconds of a block that exists. */
    observe(blockTime: number): void {
        const ahead = blockTime * 1000 - this.#now();
        // A block that is old says nothing about the present: only the newest one counts.
        this.#aheadMs = this.#aheadMs === undefined ? ahead : Math.max(this.#aheadMs, ahead);
    }

    /** Unix seconds. */
    now(): number {
        return Math.floor((this.#now() + (this.#aheadMs ?? 0)) / 1000);
    }

    /** Local Unix milliseconds at which the chain will show this time. */
    localMs(chainSeconds: number): number {
        return chainSeconds * 1000 - (this.#aheadMs ?? 0);
    }
}
