import { SEQUENCE_WINDOW } from 'cocoon-sdk';
import type { RequestRecord } from '../journal';
import type { Running } from './running';

/** One sequence that is used. */
export interface UsedSequence {
    /** SHA-256 of the envelope that used it. */
    digest: Uint8Array;
    /** Settles once it is known whether the request runs. */
    starting?: Promise<Running>;
    /** Present while it runs and somebody may follow it. */
    running?: Running;
    /** In the journal. */
    id?: number;
}

/** Below the highest sequence by so many, nothing can be asked for any more. */
const SWEEP_EVERY = 256;

/** Which sequences of one allocation were used. */
export class SequenceWindow {
    readonly #used = new Map<bigint, UsedSequence>();
    #highest: bigint;
    #added = 0;

    constructor(
        highest: bigint,
        /** After a power failure: up to here the journal may have lost some. */
        private readonly refusedThrough: bigint,
        records: readonly RequestRecord[],
    ) {
        this.#highest = highest;
        for (const { sequence, digest, id } of records) {
            this.#used.set(sequence, { digest, id });
        }
    }

    get highest(): bigint {
        return this.#highest;
    }

    get(sequence: bigint): UsedSequence | undefined {
        return this.isTooOld(sequence) ? undefined : this.#used.get(sequence);
    }

    isTooOld(sequence: bigint): boolean {
        return sequence === 0n || sequence + SEQUENCE_WINDOW <= this.#highest;
    }

    /** Whether it may have been used before a power failure took the memory of it. */
    isDoubtful(sequence: bigint): boolean {
        return sequence <= this.refusedThrough && !this.#used.has(sequence);
    }

    use(sequence: bigint, entry: UsedSequence): void {
        this.#used.set(sequence, entry);
        if (++this.#added % SWEEP_EVERY === 0) this.#sweep();
    }

    /** The request was refused: the client may use the sequence again. */
    free(sequence: bigint): void {
        this.#used.delete(sequence);
    }

    /** The request runs. */
    raise(sequence: bigint): void {
        if (sequence > this.#highest) this.#highest = sequence;
    }

    #sweep(): void {
        for (const [sequence, { starting, running }] of this.#used) {
            if (this.isTooOld(sequence) && !starting && !running) this.#used.delete(sequence);
        }
    }
}
