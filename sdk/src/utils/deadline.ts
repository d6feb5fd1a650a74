/**
 * A signal that fires after a time, or with `signal`. Release it: plain listeners, because AbortSignal.any and
 * AbortSignal.timeout keep every short-lived signal alive as long as its long-lived source.
 */
export class Deadline {
    readonly signal: AbortSignal;
    /** The time is over. */
    timedOut = false;
    private readonly controller = new AbortController();
    private readonly timer: ReturnType<typeof setTimeout>;
    private readonly abort = () => this.controller.abort(this.source?.reason);

    /** @param ms milliseconds from now */
    constructor(
        ms: number,
        private readonly source?: AbortSignal,
    ) {
        this.signal = this.controller.signal;
        this.timer = setTimeout(() => {
            this.timedOut = true;
            this.controller.abort(new DOMException(`Nothing came in ${ms} ms.`, 'TimeoutError'));
        }, ms);
        if (source?.aborted) this.abort();
        else source?.addEventListener('abort', this.abort, { once: true });
    }

    release(): void {
        clearTimeout(this.timer);
        this.source?.removeEventListener('abort', this.abort);
    }
}
