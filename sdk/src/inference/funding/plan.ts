import { MAX_SLOTS } from 'cocoon-wrappers';
import { VaultEmptyError } from '../errors';

/** Somebody wants money for a node. Amounts in nanoTON. */
export type Want = {
    readonly amount: bigint;
    /** Less is of no use. */
    readonly minimum: bigint;
    /** Undefined: a new allocation. */
    readonly increase?: { readonly slot: number; readonly generation: bigint };
};

export type Plan<T extends Want> = {
    readonly deposit: bigint;
    readonly allocations: readonly { want: T; slot: number; amount: bigint }[];
    readonly increases: readonly { want: T; amount: bigint }[];
    readonly refused: readonly { want: T; error: VaultEmptyError }[];
};

export type Money = {
    /** In the vault, not allocated. */
    readonly free: bigint;
    /** What may still be deposited. */
    readonly depositLeft: bigint;
    /** What a deposit brings at least, where that is allowed. */
    readonly depositStep: bigint;
    readonly usedSlots: ReadonlySet<number>;
};

/** What a vault keeps back for the storage of an allocation, generously; nanoTON. */
const STORAGE_MARGIN = 10_000_000n;
/** Allocations in one message. */
const MAX_ALLOCATIONS = 32;
/** Messages that any wallet can send at once, less one that allocates. */
const MAX_INCREASES = 3;

/**
 * Divides what there is among those who want it, first come first served; nobody gets less than his minimum. Who is neither
 * planned nor refused did not fit into one message.
 */
export function planFunding<T extends Want>(wants: readonly T[], money: Money): Plan<T> {
    const allocations: { want: T; slot: number; amount: bigint }[] = [];
    const increases: { want: T; amount: bigint }[] = [];
    const refused: { want: T; error: VaultEmptyError }[] = [];
    const slots = freeSlots(money.usedSlots);
    let left = money.free + money.depositLeft;
    for (const want of wants) {
        if (full(want, allocations.length, increases.length)) continue;
        const room = left - STORAGE_MARGIN;
        const amount = want.amount < room ? want.amount : room;
        if (amount <= 0n || amount < want.minimum) {
            refused.push({
                want,
                error: new VaultEmptyError('The vault holds too little for this request.'),
            });
            continue;
        }
        if (want.increase === undefined) {
            const slot = slots.next().value;
            if (slot === undefined) {
                refused.push({ want, error: new VaultEmptyError('All slots of the vault are in use.') });
                continue;
            }
            allocations.push({ want, slot, amount });
        } else {
            increases.push({ want, amount });
        }
        left -= amount + STORAGE_MARGIN;
    }
    const spent = money.free + money.depositLeft - left;
    return { deposit: depositFor(spent, money), allocations, increases, refused };
}

function depositFor(spent: bigint, { free, depositLeft, depositStep }: Money): bigint {
    if (spent <= free) return 0n;
    const missing = spent - free;
    const wanted = missing > depositStep ? missing : depositStep;
    return wanted < depositLeft ? wanted : depositLeft;
}

function full(want: Want, allocations: number, increases: number): boolean {
    return want.increase === undefined ? allocations >= MAX_ALLOCATIONS : increases >= MAX_INCREASES;
}

function* freeSlots(used: ReadonlySet<number>): Generator<number, undefined> {
    for (let slot = 0; slot < MAX_SLOTS; slot++) if (!used.has(slot)) yield slot;
    return undefined;
}
