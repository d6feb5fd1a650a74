import { type Clock, startTimer, systemClock } from './clock';
import { follow } from './follow';

export type DeadlineOptions = {
    /** Whose signal ends it too. */
    readonly source?: AbortSignal | undefined;
    readonly clock?: Clock;
};

/**
 * A signal that fires after a time, or with `source`, with the reason of what came first. Release it. Not by
 * AbortSignal.any and AbortSignal.timeout: they keep every short-lived signal alive as long as its long-lived source.
 */
export class Deadline {
    /** The time was over before anything else. */
    timedOut = false;
    private readonly controller = new AbortController();
    private readonly stopTimer: () => void;
    private readonly unfollow: () => void;

    /** @param ms milliseconds from now */
    constructor(ms: number, { source, clock = systemClock }: DeadlineOptions = {}) {
        this.stopTimer = startTimer(clock, ms, () => this.end(ms));
        this.unfollow = source ? follow(source, () => this.abort(source.reason)) : () => {};
    }

    get signal(): AbortSignal {
        return this.controller.signal;
    }

    /** In time: from here on only `source` counts. */
    met(): void {
        this.stopTimer();
    }

    /** Nothing counts any more. */
    release(): void {
        this.stopTimer();
        this.unfollow();
    }

    private end(ms: number): void {
        this.timedOut = true;
        this.abort(new DOMException(`Nothing came in ${ms} ms.`, 'TimeoutError'));
    }

    private abort(reason: unknown): void {
        this.stopTimer();
        this.controller.abort(reason);
    }
}
