import { SessionStoreError } from '../errors';
import type { ChannelStore, SessionMarks } from './store';

const SEQUENCE_STEP = 1_000n;

/**
 * Raises a channel's marks in steps ahead of what is used, so that signing seldom waits for the store. One write at a
 * time: an older one can never land after a newer.
 */
export class DurableMarks {
    private raising: Promise<void> | undefined;

    /**
     * `cumulativeStep` in nanoTON: how far ahead of the amount signed the mark goes, though never above `allocated`: what
     * cannot be signed need not count as promised after a crash, not even when the allocation has grown since.
     */
    constructor(
        private readonly channelId: string,
        private readonly store: ChannelStore,
        private marks: SessionMarks,
        private readonly cumulativeStep: bigint,
        private readonly allocated: () => bigint,
    ) {}

    /** Whether these may be used now. */
    cover(used: SessionMarks): boolean {
        return used.cumulative <= this.marks.cumulative && used.sequence <= this.marks.sequence;
    }

    /** Resolves when these may be used. Throws SessionStoreError. */
    async ensure(used: SessionMarks): Promise<void> {
        while (!this.cover(used)) await this.raise(used);
        this.raiseAhead(used);
    }

    /** Starts the next step while there is still room in this one. */
    private raiseAhead(used: SessionMarks): void {
        const { cumulative, sequence } = this.marks;
        const near =
            (cumulative < this.allocated() && cumulative - used.cumulative < this.cumulativeStep / 2n) ||
            sequence - used.sequence < SEQUENCE_STEP / 2n;
        // A failure is met again, and thrown, by whoever needs the mark.
        if (near && this.raising === undefined) void this.raise(used).catch(() => undefined);
    }

    private raise(used: SessionMarks): Promise<void> {
        this.raising ??= this.write(used).finally(() => {
            this.raising = undefined;
        });
        return this.raising;
    }

    private async write(used: SessionMarks): Promise<void> {
        const next = {
            // What is used may be above: a node can show a voucher from before an increase that was forgotten.
            cumulative: max(
                max(this.marks.cumulative, used.cumulative),
                min(used.cumulative + this.cumulativeStep, this.allocated()),
            ),
            sequence: max(this.marks.sequence, used.sequence + SEQUENCE_STEP),
        };
        try {
            await this.store.raise(this.channelId, next);
        } catch (cause) {
            throw new SessionStoreError({ cause });
        }
        this.marks = next;
    }
}

function max(a: bigint, b: bigint): bigint {
    return a > b ? a : b;
}

function min(a: bigint, b: bigint): bigint {
    return a < b ? a : b;
}
