import { utf8ToBytes } from '../../utils';
import type { SessionPrimitives } from '../crypto/primitives';
import type { AllocationRef } from './allocation-ref';
import { ByteWriter } from './byte-writer';

const DOMAIN = utf8ToBytes('cocoon session authorization v1');

/**
 * Signs an encapsulation with the voucher key, for all requests of one allocation that are sealed with it. Vouchers alone
 * authenticate nobody: the chain publishes them when they are redeemed.
 */
export function signAuthorization(
    primitives: SessionPrimitives,
    voucherSecretKey: Uint8Array,
    allocation: AllocationRef,
    enc: Uint8Array,
): Uint8Array {
    return primitives.signEd25519(authorizationHash(primitives, allocation, enc), voucherSecretKey);
}

export function verifyAuthorization(
    primitives: SessionPrimitives,
    voucherKey: Uint8Array,
    allocation: AllocationRef,
    enc: Uint8Array,
    signature: Uint8Array,
): boolean {
    return primitives.verifyEd25519(authorizationHash(primitives, allocation, enc), signature, voucherKey);
}

function authorizationHash(
    primitives: SessionPrimitives,
    allocation: AllocationRef,
    enc: Uint8Array,
): Uint8Array {
    return primitives.sha256(
        new ByteWriter(DOMAIN.length + 4 + 32 + 32 + 1 + 8 + 32)
            .raw(DOMAIN)
            .i32(allocation.networkId)
            .raw(allocation.node, 32)
            .raw(allocation.vault, 32)
            .u8(allocation.slot)
            .u64(allocation.generation)
            .raw(enc, 32).bytes,
    );
}
