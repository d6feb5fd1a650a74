import {
    type AllocationRef,
    priceOf,
    type SessionPrices,
    type SessionPrimitives,
    type SessionVoucher,
    type TokenUsage,
    verifyVoucher,
} from '../../../src';

/** A request as the node counts it. */
export type Served = { usage: TokenUsage; end: number; readonly prices: SessionPrices };

/** The node's side of paying, for one allocation. */
export class NodeLedger {
    voucher: SessionVoucher | undefined;
    private readonly running = new Set<Served>();
    private ended = 0n;
    private waiting: (() => void)[] = [];

    constructor(
        private readonly primitives: SessionPrimitives,
        private readonly allocation: AllocationRef,
        private readonly voucherKey: Uint8Array,
    ) {}

    get paid(): bigint {
        return this.voucher?.cumulative ?? 0n;
    }

    /** Σ price of ended requests and of what runs. */
    get owed(): bigint {
        return this.sum((served) => served.usage.completion);
    }

    /** What must be paid before the present chunks of all that runs. */
    get needed(): bigint {
        return this.sum((served) => served.end);
    }

    accept(voucher: SessionVoucher): boolean {
        if (!verifyVoucher(this.primitives, this.voucherKey, this.allocation, voucher)) return false;
        if (voucher.cumulative > this.paid) this.voucher = voucher;
        for (const wake of this.waiting.splice(0)) wake();
        return true;
    }

    begin(served: Served): void {
        this.running.add(served);
    }

    end(served: Served): void {
        this.running.delete(served);
        this.ended += priceOf(served.usage, served.prices);
    }

    /** Ends what waits for a payment that does not come, as a node does after 10 seconds. */
    endAll(): void {
        for (const served of [...this.running]) this.end(served);
        for (const wake of this.waiting.splice(0)) wake();
    }

    drop(served: Served): void {
        this.running.delete(served);
    }

    /** Whether the present chunks were paid, before the request was ended. */
    async untilPaid(served: Served): Promise<boolean> {
        while (this.running.has(served) && this.paid < this.needed) {
            await new Promise<void>((resolve) => this.waiting.push(resolve));
        }
        return this.running.has(served);
    }

    private sum(tokens: (served: Served) => number): bigint {
        let total = this.ended;
        for (const served of this.running) {
            total += priceOf({ ...served.usage, completion: tokens(served) }, served.prices);
        }
        return total;
    }
}
