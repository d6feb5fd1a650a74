import type { SessionStore } from '../journal';

/** Sequences are marked as used in steps of this many … */
const STEP = 256n;
/** … and the next step begins before the last one is used up, so that no request waits for the disk. */
const AHEAD = STEP / 2n;

/**
 * The mark below which sequences may have been used, on disk for good before they are. After a power failure, which may
 * take the journal's last transactions, it tells which sequences must not be used again.
 */
export class SequenceMarks {
    readonly #store: SessionStore;
    readonly #write: (marked: bigint) => void;
    #synced = 0n;
    #aim = 0n;
    #raising: Promise<void> | undefined;

    /** @param write puts a mark into the journal; called inside a commit. */
    constructor(store: SessionStore, write: (marked: bigint) => void) {
        this.#store = store;
        this.#write = write;
    }

    /** Undefined where the sequence may be used at once, else a promise to wait for. Rejects when the disk fails. */
    cover(sequence: bigint): Promise<void> | undefined {
        if (sequence + AHEAD > this.#aim) this.#aim = sequence + STEP;
        if (this.#aim > this.#synced && !this.#raising) {
            this.#raising = this.#raise().finally(() => {
                this.#raising = undefined;
            });
            // Whoever needs it waits below; when nobody does, the next one tries again.
            this.#raising.catch(() => undefined);
        }
        return sequence <= this.#synced ? undefined : this.#untilCovered(sequence);
    }

    async #untilCovered(sequence: bigint): Promise<void> {
        await this.#raising;
        if (sequence > this.#synced) await this.cover(sequence);
    }

    async #raise(): Promise<void> {
        const aim = this.#aim;
        await this.#store.commit(() => this.#write(aim));
        await this.#store.sync();
        this.#synced = aim;
    }
}
