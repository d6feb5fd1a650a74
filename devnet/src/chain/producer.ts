import type { Chain } from './chain';

/** When blocks are made: at once when there is work, every so many milliseconds, or only when asked. */
export type BlockPace = { kind: 'instant' } | { kind: 'interval'; ms: number } | { kind: 'manual' };

/** Makes blocks at the pace asked for, one at a time. */
export class BlockProducer {
    private timer: NodeJS.Timeout | undefined;
    private kicked = false;
    private closed = false;

    constructor(
        private readonly chain: Chain,
        private readonly pace: BlockPace,
        private readonly onError: (error: unknown) => void,
    ) {
        if (pace.kind === 'interval') this.schedule(pace.ms);
    }

    get isManual(): boolean {
        return this.pace.kind === 'manual';
    }

    /** Says that there may be work: an instant network then makes blocks until there is none. */
    kick(): void {
        if (this.pace.kind !== 'instant' || this.kicked || this.closed) return;
        this.kicked = true;
        setImmediate(() => {
            this.kicked = false;
            if (this.closed || !this.chain.hasWork()) return;
            this.produce(() => this.kick());
        });
    }

    async close(): Promise<void> {
        this.closed = true;
        clearTimeout(this.timer);
        await this.chain.settled();
    }

    private schedule(ms: number): void {
        this.timer = setTimeout(() => this.produce(() => this.schedule(ms)), ms);
    }

    private produce(next: () => void): void {
        this.chain.produceBlock().then(
            () => {
                if (!this.closed) next();
            },
            (error: unknown) => this.onError(error),
        );
    }
}
