import type { Address } from '@ton/core';
import type { NewAllocation, SignedVoucher } from 'cocoon-wrappers';

/** A vault by its address. */
export type VaultTarget = { readonly vault: Address };

/** One allocation of a vault: the generation tells those of a slot apart. */
export type AllocationTarget = VaultTarget & { readonly slot: number; readonly generation: bigint };

/** An allocation to be made. `amount` in nanoTON; `voucherKey` an Ed25519 public key, 32 bytes. */
export type AllocationOrder = Readonly<Omit<NewAllocation, 'voucherKey'>> & {
    readonly voucherKey: Uint8Array;
};

/** A voucher and its Ed25519 signature, 64 bytes. `cumulative` in nanoTON since the allocation was made. */
export type VoucherParameters = Readonly<Omit<SignedVoucher, 'signature'>> & {
    readonly signature: Uint8Array;
};
