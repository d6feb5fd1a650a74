import type { Clock } from '../../utils';

/** Calls `onSilence` when something that was armed was not disarmed for `limitMs`. One timer, however often it is armed. */
export class Watchdog {
    private armedAt: number | undefined;
    private readonly stopped = new AbortController();

    constructor(
        private readonly clock: Clock,
        private readonly limitMs: number,
        private readonly onSilence: () => void,
    ) {
        // Rejects when it is stopped.
        this.watch().catch(() => undefined);
    }

    arm(): void {
        this.armedAt = this.clock.now();
    }

    disarm(): void {
        this.armedAt = undefined;
    }

    stop(): void {
        this.stopped.abort();
    }

    private async watch(): Promise<void> {
        let left = this.limitMs;
        while (left > 0) {
            await this.clock.sleep(left, this.stopped.signal);
            const since = this.armedAt ?? this.clock.now();
            left = since + this.limitMs - this.clock.now();
        }
        this.onSilence();
    }
}
