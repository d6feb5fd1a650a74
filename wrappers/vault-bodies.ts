import { beginCell, type Cell } from '@ton/core';
import * as binding from '../build/Vault/Vault_Vault';
import { cellOf, type QueryOptions } from './lib';
import { encodeNewAllocations, type NewAllocation } from './vault-allocations';

/** A voucher with its signature, as the messages carry it. */
export interface SignedVoucher {
    slot: number;
    generation: bigint;
    /** nanoTON since the allocation was made. */
    cumulative: bigint;
    /** Ed25519 by the voucher key, 64 bytes. */
    signature: Buffer;
}

/** Bodies of the messages that a Vault takes. */
export const vaultBodies = {
    open(message: QueryOptions & { terms: Cell; allocations?: readonly NewAllocation[] }): Cell {
        const { queryId = 0n, terms, allocations = [] } = message;
        return cellOf(
            binding.storeOpenVault({
                $$type: 'OpenVault',
                queryId,
                terms,
                allocations: encodeNewAllocations(allocations),
            }),
        );
    },

    topUp({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeTopUp({ $$type: 'TopUp', queryId }));
    },

    /** All that is free unless an amount is given. */
    withdraw({ queryId = 0n, amount = 0n }: QueryOptions & { amount?: bigint } = {}): Cell {
        return cellOf(binding.storeWithdraw({ $$type: 'Withdraw', queryId, amount }));
    },

    /** At least one allocation, at most MAX_PER_MESSAGE. */
    allocate(message: QueryOptions & { allocations: readonly NewAllocation[] }): Cell {
        const allocations = encodeNewAllocations(message.allocations);
        if (!allocations) throw new RangeError('There is no allocation to make.');
        return cellOf(
            binding.storeAllocate({ $$type: 'Allocate', queryId: message.queryId ?? 0n, allocations }),
        );
    },

    increaseAllocation(message: QueryOptions & { slot: number; generation: bigint; amount: bigint }): Cell {
        const { queryId = 0n, slot, generation, amount } = message;
        return cellOf(
            binding.storeIncreaseAllocation({
                $$type: 'IncreaseAllocation',
                queryId,
                slot: BigInt(slot),
                generation,
                amount,
            }),
        );
    },

    redeem({ queryId = 0n, ...voucher }: QueryOptions & SignedVoucher): Cell {
        const signature = beginCell().storeBuffer(voucher.signature, 64).asSlice();
        return cellOf(
            binding.storeRedeem({ $$type: 'Redeem', queryId, ...voucherFields(voucher), signature }),
        );
    },

    /** At most MAX_PER_MESSAGE slots. */
    requestRelease({ queryId = 0n, slots }: QueryOptions & { slots: readonly number[] }): Cell {
        return cellOf(
            binding.storeRequestRelease({ $$type: 'RequestRelease', queryId, slots: bytes(slots) }),
        );
    },

    /** At most MAX_PER_MESSAGE slots. */
    finishRelease({ queryId = 0n, slots }: QueryOptions & { slots: readonly number[] }): Cell {
        return cellOf(binding.storeFinishRelease({ $$type: 'FinishRelease', queryId, slots: bytes(slots) }));
    },

    /** From the payee or the node. Without a voucher nothing more is redeemed. */
    releaseNow(
        message: QueryOptions & { slot: number; generation: bigint } & Partial<
                Pick<SignedVoucher, 'cumulative' | 'signature'>
            >,
    ): Cell {
        const { queryId = 0n, ...release } = message;
        return cellOf(binding.storeReleaseNow({ $$type: 'ReleaseNow', queryId, ...voucherFields(release) }));
    },

    destroy({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeDestroyVault({ $$type: 'DestroyVault', queryId }));
    },
};

/** A voucher's fields as the generated code takes them; without a voucher, those of a release with nothing to redeem. */
export function voucherFields(voucher: { slot: number; generation: bigint } & Partial<SignedVoucher>) {
    const { slot, generation, cumulative = 0n, signature = Buffer.alloc(64) } = voucher;
    return {
        slot: BigInt(slot),
        generation,
        cumulative,
        signature,
    };
}

function bytes(slots: readonly number[]) {
    return beginCell().storeBuffer(Buffer.from(slots)).asSlice();
}
