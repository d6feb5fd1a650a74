import type { ChannelRecord, VaultRecord } from 'cocoon-sdk';
import type { Sealer } from '../sealer';

export const COLUMNS = `c.id, c.vault, c.slot, c.generation, c.node, c.payee, c.sealed_seed, c.allocated, c.state,
    c.cumulative, c.sequence, c.fence`;

export type ChannelRow = {
    id: string;
    vault: string;
    slot: number;
    generation: bigint;
    node: string;
    payee: string;
    sealed_seed: Buffer;
    allocated: bigint;
    state: ChannelRecord['state'];
    cumulative: bigint;
    sequence: bigint;
    fence: bigint;
};

export type VaultRow = {
    vault: string;
    nonce: string;
    open_before: bigint;
    terms_hash: string;
    deposited: bigint;
    state: VaultRecord['state'];
};

/** Throws DatabaseError `master_key_wrong`. */
export function channelOf(row: ChannelRow, sealer: Sealer): ChannelRecord {
    return {
        id: row.id,
        vault: row.vault,
        slot: row.slot,
        generation: row.generation,
        node: row.node,
        payee: row.payee,
        voucherSeed: sealer.open('voucher key', row.id, row.sealed_seed).toString('hex'),
        allocated: row.allocated,
        state: row.state,
        cumulative: row.cumulative,
        sequence: row.sequence,
    };
}

export function vaultOf(row: VaultRow): VaultRecord {
    return {
        vault: row.vault,
        nonce: BigInt(row.nonce),
        openBefore: Number(row.open_before),
        termsHash: row.terms_hash,
        deposited: row.deposited,
        state: row.state,
    };
}
