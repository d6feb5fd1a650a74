import { type Address, beginCell } from '@ton/core';
import { VOUCHER_TAG } from '../build/Vault/Vault_Vault';
import { accountOf } from './vault-allocations';

/** What a voucher promises: `cumulative` nanoTON in all of one allocation. */
export interface Voucher {
    networkId: number;
    vault: Address;
    slot: number;
    generation: bigint;
    /** nanoTON since the allocation was made, unsigned 64 bits. */
    cumulative: bigint;
}

/** The 32 bytes that the allocation's voucher key signs (Ed25519). */
export function voucherHash({ networkId, vault, slot, generation, cumulative }: Voucher): Buffer {
    return beginCell()
        .storeUint(VOUCHER_TAG, 32)
        .storeInt(networkId, 32)
        .storeBuffer(accountOf(vault), 32)
        .storeUint(slot, 8)
        .storeUint(generation, 64)
        .storeUint(cumulative, 64)
        .endCell()
        .hash();
}
