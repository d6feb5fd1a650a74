import { type AllocationRef, SEQUENCE_WINDOW, type SessionVoucher, verifyVoucher } from 'cocoon-sdk';
import type { AllocationRecord } from '../journal';
import type { SessionEnvironment } from './environment';
import { SequenceMarks } from './sequence-marks';
import { SequenceWindow } from './sequence-window';
import { accountOfRaw } from './vault-facts';

/** A request that runs, as its allocation sees it. Amounts in nanoTON. */
export interface Charge {
    /** What must be paid by the end of its present chunk. */
    demand: bigint;
    /** Prompt, and what is generated so far. */
    owed(): bigint;
}

/** Money and sequences of one allocation while the worker runs. The journal has the same, a moment later. */
export class Allocation {
    readonly ref: AllocationRef;
    readonly window: SequenceWindow;
    readonly marks: SequenceMarks;
    /** Unix milliseconds. */
    usedAt: number;
    readonly #env: SessionEnvironment;
    readonly #record: AllocationRecord;
    readonly #charges = new Set<Charge>();
    readonly #waiting = new Set<() => void>();
    #dirty = false;

    constructor(env: SessionEnvironment, record: AllocationRecord) {
        this.#env = env;
        this.#record = record;
        const { slot, generation, highest, refusedThrough } = record;
        this.ref = { ...env.place, vault: accountOfRaw(record.vault), slot, generation };
        const floor = highest > SEQUENCE_WINDOW ? highest - SEQUENCE_WINDOW : 0n;
        this.window = new SequenceWindow(highest, refusedThrough, env.store.requestsFrom(record.id, floor));
        this.marks = new SequenceMarks(env.store, (marked) => {
            this.#record.marked = marked;
            this.#dirty = true;
            this.persist();
        });
        this.usedAt = env.now();
    }

    get record(): Readonly<AllocationRecord> {
        return this.#record;
    }

    get isIdle(): boolean {
        return this.#charges.size === 0 && !this.#dirty && this.#waiting.size === 0;
    }

    get isSaved(): boolean {
        return !this.#dirty;
    }

    get running(): number {
        return this.#charges.size;
    }

    /** Prices of ended requests, and of what running ones have generated. */
    owed(): bigint {
        let owed = this.#record.ended;
        for (const charge of this.#charges) owed += charge.owed();
        return owed;
    }

    /** What must be paid before `more` is generated on top of what is promised already. */
    needed(more: bigint): bigint {
        let needed = this.#record.ended + more;
        for (const charge of this.#charges) needed += charge.demand;
        return needed;
    }

    isVoucherValid(voucherKey: Uint8Array, voucher: SessionVoucher): boolean {
        return verifyVoucher(this.#env.primitives, voucherKey, this.ref, voucher);
    }

    /** Keeps a voucher that is valid and higher than the last. Durable with the next commit that persists this. */
    accept({ cumulative, signature }: SessionVoucher): void {
        const record = this.#record;
        if (cumulative <= record.cumulative) return;
        record.cumulative = cumulative;
        record.signature = Buffer.from(signature);
        if (cumulative > record.claimed) record.unredeemedAt ??= this.#env.now();
        this.#dirty = true;
        this.#wake();
    }

    begin(charge: Charge, sequence: bigint): void {
        this.#charges.add(charge);
        this.window.raise(sequence);
        this.#record.highest = this.window.highest;
        this.usedAt = this.#env.now();
        this.#dirty = true;
    }

    /** Must go with the journal's record of the request's end, in the same turn of the event loop. */
    end(charge: Charge, price: bigint): void {
        this.#charges.delete(charge);
        this.#record.ended += price;
        this.#dirty = true;
        this.#wake();
    }

    /** Resolves with true once `isPaid`, with false after the patience or when the signal fires. */
    untilPaid(isPaid: () => boolean, patienceMs: number, signal: AbortSignal): Promise<boolean> {
        if (isPaid()) return Promise.resolve(true);
        return new Promise((resolve) => {
            const look = () => {
                if (isPaid()) finish(true);
            };
            const stop = () => finish(false);
            const finish = (paid: boolean) => {
                clearTimeout(timer);
                this.#waiting.delete(look);
                signal.removeEventListener('abort', stop);
                resolve(paid);
            };
            const timer = setTimeout(stop, patienceMs);
            this.#waiting.add(look);
            signal.addEventListener('abort', stop, { once: true });
            if (signal.aborted) stop();
        });
    }

    /** What the chain has paid out. */
    claimed(amount: bigint): void {
        const record = this.#record;
        if (amount <= record.claimed) return;
        record.claimed = amount;
        record.unredeemedAt = record.cumulative > amount ? this.#env.now() : null;
        this.#dirty = true;
    }

    setState(state: AllocationRecord['state']): void {
        if (this.#record.state === state || this.#record.state === 'closed') return;
        this.#record.state = state;
        this.#dirty = true;
    }

    /** Writes what has changed; to be called inside a commit of the journal. */
    persist(): void {
        if (!this.#dirty) return;
        this.#env.store.save(this.#record);
        this.#dirty = false;
    }

    /** Resolves once everything so far is durable. */
    async saved(): Promise<void> {
        try {
            await this.#env.store.commit(() => this.persist());
        } catch (error) {
            this.notSaved();
            throw error;
        }
    }

    /** A transaction that this was part of was rolled back. */
    notSaved(): void {
        this.#dirty = true;
    }

    #wake(): void {
        for (const look of [...this.#waiting]) look();
    }
}
