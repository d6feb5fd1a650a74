import type { SessionPrimitives } from '../crypto/primitives';
import type { AllocationRef } from './allocation-ref';
import { ByteWriter } from './byte-writer';
import { ordinaryCellHash } from './cell-hash';

/** The client's promise to pay `cumulative` nanoTON in all over an allocation. */
export type SessionVoucher = { readonly cumulative: bigint; readonly signature: Uint8Array };

/** What a voucher is for: the node is not part of it, because its allocation names the node on chain. */
export type VoucherPlace = Omit<AllocationRef, 'node'>;

const TAG = 0x0c0c5601;
const BYTES = 57;

/** Hash of the voucher's cell, which the Vault checks: what the voucher key signs. */
export function hashVoucher(
    primitives: Pick<SessionPrimitives, 'sha256'>,
    place: VoucherPlace,
    cumulative: bigint,
): Uint8Array {
    const data = new ByteWriter(BYTES)
        .u32(TAG)
        .i32(place.networkId)
        .raw(place.vault, 32)
        .u8(place.slot)
        .u64(place.generation)
        .u64(cumulative).bytes;
    return ordinaryCellHash(primitives, data);
}

export function signVoucher(
    primitives: SessionPrimitives,
    secretKey: Uint8Array,
    place: VoucherPlace,
    cumulative: bigint,
): SessionVoucher {
    const signature = primitives.signEd25519(hashVoucher(primitives, place, cumulative), secretKey);
    return { cumulative, signature };
}

export function verifyVoucher(
    primitives: SessionPrimitives,
    voucherKey: Uint8Array,
    place: VoucherPlace,
    voucher: SessionVoucher,
): boolean {
    const hash = hashVoucher(primitives, place, voucher.cumulative);
    return primitives.verifyEd25519(hash, voucher.signature, voucherKey);
}
