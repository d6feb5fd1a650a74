import { MAX_PER_MESSAGE, MAX_SLOTS, type NewAllocation, type SignedVoucher } from 'cocoon-wrappers';
import { InvalidArgumentError } from '../../errors';
import { toBuffer } from '../../utils';
import type { AllocationOrder, VoucherParameters } from './target';

const MAX_U64 = 2n ** 64n - 1n;

/** Throws InvalidArgumentError. */
export function check(condition: boolean, field: string, wanted: string, remedy?: string): void {
    if (!condition) {
        throw new InvalidArgumentError(`${field} must be ${wanted}.`, { remedy, details: { field } });
    }
}

export function checkAmount(amount: bigint, field: string): void {
    check(amount > 0n && amount <= MAX_U64, field, 'above 0 nanoTON and below 2^64');
}

export function checkSlot(slot: number): void {
    check(Number.isInteger(slot) && slot >= 0 && slot < MAX_SLOTS, 'slot', `0 to ${MAX_SLOTS - 1}`);
}

export function checkGeneration(generation: bigint): void {
    check(
        generation > 0n && generation <= MAX_U64,
        'generation',
        'that of an allocation, from 1',
        'Take it from getAllocation.',
    );
}

/** Different slots, as many as a message takes. */
export function checkSlots(slots: readonly number[], field = 'slots'): void {
    const remedy = 'Send more of them with another message.';
    check(slots.length > 0 && slots.length <= MAX_PER_MESSAGE, field, `1 to ${MAX_PER_MESSAGE}`, remedy);
    slots.forEach(checkSlot);
    check(new Set(slots).size === slots.length, field, 'of different slots');
}

/** Allocations as a message takes them. Throws InvalidArgumentError. */
export function checkedAllocations(allocations: readonly AllocationOrder[]): NewAllocation[] {
    checkSlots(
        allocations.map(({ slot }) => slot),
        'allocations',
    );
    return allocations.map((allocation) => {
        const { node, payee, voucherKey, amount } = allocation;
        checkAmount(amount, 'amount');
        check(node.workChain === 0, 'node', 'an address in the basechain');
        check(payee.workChain === 0, 'payee', 'an address in the basechain');
        check(
            voucherKey.length === 32 && voucherKey.some((byte) => byte !== 0),
            'voucherKey',
            'an Ed25519 public key of 32 bytes',
        );
        return { ...allocation, voucherKey: toBuffer(voucherKey) };
    });
}

/** A voucher as a message takes it. Throws InvalidArgumentError. */
export function checkedVoucher({
    slot,
    generation,
    cumulative,
    signature,
}: VoucherParameters): SignedVoucher {
    checkSlot(slot);
    checkGeneration(generation);
    checkAmount(cumulative, 'cumulative');
    check(signature.length === 64, 'signature', 'an Ed25519 signature of 64 bytes');
    return { slot, generation, cumulative, signature: toBuffer(signature) };
}

/** Nothing to redeem, or a whole voucher: one half of it would be refused on chain. */
export function checkedRelease(release: {
    readonly slot: number;
    readonly generation: bigint;
    readonly cumulative?: bigint;
    readonly signature?: Uint8Array;
}): { slot: number; generation: bigint } & Partial<SignedVoucher> {
    const { slot, generation, cumulative, signature } = release;
    const remedy = 'Give both to redeem a voucher, or none of them.';
    check((cumulative === undefined) === (signature === undefined), 'cumulative', 'with signature', remedy);
    if (cumulative !== undefined && signature !== undefined) {
        return checkedVoucher({ slot, generation, cumulative, signature });
    }
    checkSlot(slot);
    checkGeneration(generation);
    return { slot, generation };
}

export function totalOf(allocations: readonly { readonly amount: bigint }[]): bigint {
    return allocations.reduce((sum, { amount }) => sum + amount, 0n);
}
