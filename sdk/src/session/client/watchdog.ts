import { type Clock, startTimer } from '../../utils';

/** Calls `onSilence` when something that was armed was not disarmed for `limitMs`. One timer, however often it is armed. */
export class Watchdog {
    private armedAt: number | undefined;
    private cancel: () => void;

    constructor(
        private readonly clock: Clock,
        private readonly limitMs: number,
        private readonly onSilence: () => void,
    ) {
        this.cancel = startTimer(clock, limitMs, this.look);
    }

    arm(): void {
        this.armedAt = this.clock.now();
    }

    disarm(): void {
        this.armedAt = undefined;
    }

    stop(): void {
        this.cancel();
    }

    private readonly look = (): void => {
        const since = this.armedAt ?? this.clock.now();
        const left = since + this.limitMs - this.clock.now();
        if (left <= 0) this.onSilence();
        else this.cancel = startTimer(this.clock, left, this.look);
    };
}
