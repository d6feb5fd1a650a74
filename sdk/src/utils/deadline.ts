import { follow } from './follow';

/**
 * A signal that fires after a time, or with `source`. Release it. Not by AbortSignal.any and AbortSignal.timeout: they
 * keep every short-lived signal alive as long as its long-lived source.
 */
export class Deadline {
    readonly signal: AbortSignal;
    /** The time is over. */
    timedOut = false;
    private readonly timer: ReturnType<typeof setTimeout>;
    private readonly unfollow: () => void;

    /** @param ms milliseconds from now */
    constructor(ms: number, source?: AbortSignal) {
        const controller = new AbortController();
        this.signal = controller.signal;
        this.timer = setTimeout(() => {
            this.timedOut = true;
            controller.abort(new DOMException(`Nothing came in ${ms} ms.`, 'TimeoutError'));
        }, ms);
        this.unfollow = source ? follow(source, () => controller.abort(source.reason)) : () => {};
    }

    release(): void {
        clearTimeout(this.timer);
        this.unfollow();
    }
}
