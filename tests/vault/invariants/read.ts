import type { Account } from '../../invariants/chain';
import { leavesOf } from '../../invariants/dictionary';
import type { Allocation } from './model';

/** What a Vault's own books say. */
export interface Books {
    slots: Map<number, Allocation>;
    feesOwed: bigint;
    reserved: bigint;
    nextGeneration: bigint;
    count: number;
}

export function readBooks({ bag, cell }: NonNullable<Account['data']>): Books {
    const data = bag.read(cell);
    const dictionary = data.loadMaybeRef();
    data.skip(32 + 32 + 256); // beginning of vouchers
    const feesOwed = data.loadUintBig(64);
    const reserved = data.loadUintBig(64);
    data.skip(16 + 32); // feeBps, releaseDelay
    const nextGeneration = data.loadUintBig(64);
    const count = data.loadUint(8);
    const slots = new Map<number, Allocation>();
    if (dictionary !== undefined) {
        for (const [slot, entry] of leavesOf(bag, dictionary, 8)) {
            const claimed = entry.loadUintBig(64);
            const allocated = entry.loadUintBig(64);
            const generation = entry.loadUintBig(64);
            entry.skip(3 * 256); // voucherKey, payee, node
            slots.set(slot, { claimed, allocated, generation, releaseAt: entry.loadUint(32) });
        }
    }
    return { slots, feesOwed, reserved, nextGeneration, count };
}

/** The data as bytes, to see whether anything of it changed. */
export function bytesOf(account: Account | undefined): Buffer {
    return account?.data ? account.data.bag.subtree(account.data.cell) : Buffer.alloc(0);
}

export function owedByVault(data: NonNullable<Account['data']>): bigint {
    const { feesOwed, reserved } = readBooks(data);
    return feesOwed + reserved;
}
