import { Breaker } from './breaker';
import { DecayedMean } from './decayed-mean';

const HALF_LIFE_MS = 300_000;
const BAN_MS = 24 * 3_600_000;
/** Answers after which a node counts as proved. */
const PROVED_SAMPLES = 3;

/** What this process has seen of one node. Times in milliseconds. */
export class NodeStats {
    readonly breaker = new Breaker();
    /** Requests of this process that run there. */
    running = 0;
    private readonly firstToken = new DecayedMean(500, 1, HALF_LIFE_MS);
    private readonly tokenRate = new DecayedMean(30, 1, HALF_LIFE_MS);
    private readonly failures = new DecayedMean(0, 2, HALF_LIFE_MS);
    private answers = 0;
    private bannedUntil = 0;
    private busyUntil = 0;
    /** What the node said of itself last: a hint. */
    private hint = { running: 0, at: Number.NEGATIVE_INFINITY };

    started(now: number): void {
        this.running += 1;
        this.breaker.started(now);
    }

    firstDelta(ms: number, now: number): void {
        this.firstToken.add(ms, now);
    }

    /** `ms` from the first delta to the end. */
    answered(tokens: number, ms: number, now: number): void {
        this.running -= 1;
        this.answers += 1;
        this.failures.add(0, now);
        // One token takes no time after itself.
        if (tokens > 1 && ms > 0) this.tokenRate.add((tokens - 1) / (ms / 1_000), now);
        this.breaker.succeeded();
    }

    failed(now: number): void {
        this.running -= 1;
        this.failures.add(1, now);
        this.breaker.failed(now);
    }

    /** Ended for a reason that says nothing about the node. */
    undecided(): void {
        this.running -= 1;
        this.breaker.undecided();
    }

    busy(ms: number, now: number): void {
        this.busyUntil = Math.max(this.busyUntil, now + ms);
    }

    ban(now: number): number {
        this.bannedUntil = now + BAN_MS;
        return this.bannedUntil;
    }

    hinted(running: number, now: number): void {
        this.hint = { running, at: now };
    }

    usable(now: number): boolean {
        return now >= this.bannedUntil && this.breaker.allows(now);
    }

    /** When it may be asked again after it said that it is full. */
    freeAt(): number {
        return this.busyUntil;
    }

    proved(): boolean {
        return this.answers >= PROVED_SAMPLES;
    }

    measured(now: number) {
        const hinted = now - this.hint.at < 30_000 ? this.hint.running : 0;
        return {
            firstTokenMs: this.firstToken.mean(now),
            tokensPerSecond: Math.max(0.1, this.tokenRate.mean(now)),
            failureRate: Math.min(0.99, this.failures.mean(now)),
            // The hint counts our own requests too.
            running: Math.max(this.running, hinted),
        };
    }
}
