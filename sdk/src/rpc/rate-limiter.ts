import type { Clock } from '../utils';

/** Spaces calls evenly: never more than `ratePerSecond` a second, in the order of arrival. */
export class RateLimiter {
    private nextSlot = 0;
    private readonly intervalMs: number;

    constructor(
        ratePerSecond: number,
        private readonly clock: Clock,
    ) {
        this.intervalMs = 1000 / ratePerSecond;
    }

    /** Resolves when the caller may go on. */
    async wait(signal?: AbortSignal): Promise<void> {
        const now = this.clock.now();
        const slot = Math.max(now, this.nextSlot);
        this.nextSlot = slot + this.intervalMs;
        if (slot > now) {
            await this.clock.sleep(slot - now, signal);
        }
    }
}
