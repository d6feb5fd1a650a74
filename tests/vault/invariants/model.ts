/** A plain account of what a vault owes; no cell, no gas, no fee. */
export interface Allocation {
    generation: bigint;
    claimed: bigint;
    allocated: bigint;
    releaseAt: number;
}

export interface Payments {
    /** To the payee, without what is left of the message's value. */
    payee: bigint;
    client: bigint;
    /** Less the price of their own message. */
    treasury: bigint;
}

export class VaultModel {
    readonly slots = new Map<number, Allocation>();
    readonly paid: Payments = { payee: 0n, client: 0n, treasury: 0n };
    nextGeneration = 1n;
    feesOwed = 0n;
    gone = false;
    /** Of the vault while a message is there, its value included: fees for storage are no model's business. */
    balance = 0n;

    constructor(
        readonly feeBps: bigint,
        readonly releaseDelay: number,
        readonly openBefore: number,
        readonly leaveAt: bigint,
        readonly messagePrice: bigint,
    ) {}

    get reserved(): bigint {
        return [...this.slots.values()].reduce(
            (sum, { allocated, claimed }) => sum + allocated - claimed,
            0n,
        );
    }

    /** @param amount 0 for all that is free */
    withdraw(amount: bigint, free: bigint): boolean {
        const asked = amount === 0n ? free : amount;
        if (asked <= 0n || asked > free) return false;
        this.paid.client += asked;
        return true;
    }

    allocate(slot: number, amount: bigint, free: bigint): boolean {
        if (this.slots.has(slot) || amount === 0n || amount > free) return false;
        this.slots.set(slot, {
            generation: this.nextGeneration++,
            claimed: 0n,
            allocated: amount,
            releaseAt: 0,
        });
        return true;
    }

    increase(slot: number, generation: bigint, amount: bigint, free: bigint): boolean {
        const found = this.at(slot, generation);
        if (!found || found.releaseAt > 0 || amount === 0n || amount > free) return false;
        found.allocated += amount;
        return true;
    }

    redeem(slot: number, generation: bigint, cumulative: bigint, genuine: boolean): boolean {
        const found = this.at(slot, generation);
        if (!found || !genuine || cumulative <= found.claimed || cumulative > found.allocated) return false;
        this.pay(found, cumulative);
        if (this.feesOwed >= this.leaveAt) this.feesLeave();
        return true;
    }

    releaseNow(slot: number, generation: bigint, cumulative: bigint, genuine: boolean): boolean {
        const found = this.at(slot, generation);
        if (!found) return false;
        if (cumulative > found.claimed) {
            if (!genuine || cumulative > found.allocated) return false;
            this.pay(found, cumulative);
        }
        this.slots.delete(slot);
        this.feesLeave();
        return true;
    }

    requestRelease(slot: number, now: number): boolean {
        const found = this.slots.get(slot);
        if (!found || found.releaseAt > 0) return false;
        found.releaseAt = now + this.releaseDelay;
        return true;
    }

    finishRelease(slot: number, now: number): boolean {
        const found = this.slots.get(slot);
        if (!found || found.releaseAt === 0 || now < found.releaseAt) return false;
        this.slots.delete(slot);
        this.feesLeave();
        return true;
    }

    destroy(now: number): boolean {
        if (this.slots.size > 0 || now < this.openBefore) return false;
        this.feesLeave();
        this.gone = true;
        return true;
    }

    private at(slot: number, generation: bigint): Allocation | undefined {
        const found = this.slots.get(slot);
        return found?.generation === generation ? found : undefined;
    }

    private pay(allocation: Allocation, cumulative: bigint): void {
        const delta = cumulative - allocation.claimed;
        const fee = (delta * this.feeBps) / 10_000n;
        allocation.claimed = cumulative;
        this.feesOwed += fee;
        this.paid.payee += delta - fee;
    }

    private feesLeave(): void {
        if (this.feesOwed <= this.messagePrice) return;
        this.paid.treasury += this.feesOwed - this.messagePrice;
        this.feesOwed = 0n;
    }
}
