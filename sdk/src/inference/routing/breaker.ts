/** State of a circuit breaker: open lets nothing through, half open one probe. */
export type BreakerState = 'closed' | 'open' | 'half_open';

export const BREAKER = {
    /** Failures in a row that open it. */
    failures: 3,
    /** First time that it stays open; doubles with every failed probe. */
    openMs: 5_000,
    maxOpenMs: 300_000,
    /** A probe without outcome for so long frees the place for another. */
    probeMs: 60_000,
} as const;

/** Keeps requests away from a node that fails. Time in milliseconds is given from outside. */
export class Breaker {
    private failures = 0;
    private openings = 0;
    private openUntil = 0;
    private probeUntil = 0;

    state(now: number): BreakerState {
        if (this.openings === 0) return 'closed';
        return now < this.openUntil ? 'open' : 'half_open';
    }

    /** Whether a request may go there now. */
    allows(now: number): boolean {
        const state = this.state(now);
        return state === 'closed' || (state === 'half_open' && now >= this.probeUntil);
    }

    /** A request goes there: in half open it is the probe. */
    started(now: number): void {
        if (this.state(now) === 'half_open') this.probeUntil = now + BREAKER.probeMs;
    }

    succeeded(): void {
        this.failures = 0;
        this.openings = 0;
        this.probeUntil = 0;
    }

    /** The request ended without saying anything about the node, as when it was aborted or the node is busy. */
    undecided(): void {
        this.probeUntil = 0;
    }

    failed(now: number): void {
        this.failures += 1;
        const state = this.state(now);
        // Requests that began before it opened say nothing new.
        if (state === 'open' || (state === 'closed' && this.failures < BREAKER.failures)) return;
        this.openUntil = now + Math.min(BREAKER.maxOpenMs, BREAKER.openMs * 2 ** this.openings);
        this.openings += 1;
        this.probeUntil = 0;
    }
}
