import { Address, beginCell, type Cell, Dictionary, type DictionaryValue } from '@ton/core';

/** Slots of a vault are 0 to 127. */
export const MAX_SLOTS = 128;
/** Allocations, or slots, in one message. */
export const MAX_PER_MESSAGE = 32;

/** What a vault reserves for one node. Amounts in nanoTON. */
export interface VaultAllocation {
    slot: number;
    /** Never repeats in a vault: it tells the allocations of one slot apart. */
    generation: bigint;
    node: Address;
    payee: Address;
    /** Ed25519 public key that signs the vouchers. */
    voucherKey: Buffer;
    /** In all, what was redeemed included. */
    allocated: bigint;
    /** Redeemed so far; the highest cumulative amount that was. */
    claimed: bigint;
    /** Unix time from which anyone can finish the release; 0 when none was requested. */
    releaseAt: number;
}

/** An allocation to be made. */
export interface NewAllocation {
    /** Free slot, 0 to 127. */
    slot: number;
    /** Basechain account of the node; it may release the allocation. */
    node: Address;
    /** Basechain account that is paid; it may release the allocation, too. */
    payee: Address;
    /** Ed25519 public key, 32 bytes. */
    voucherKey: Buffer;
    /** nanoTON. */
    amount: bigint;
}

/** The list that OpenVault and Allocate carry: each cell has the next as its one reference. Null when it is empty. */
export function encodeNewAllocations(allocations: readonly NewAllocation[]): Cell | null {
    let list: Cell | null = null;
    for (const { slot, node, payee, voucherKey, amount } of [...allocations].reverse()) {
        const cell = beginCell()
            .storeUint(slot, 8)
            .storeBuffer(accountOf(node), 32)
            .storeBuffer(accountOf(payee), 32)
            .storeBuffer(voucherKey, 32)
            .storeUint(amount, 64);
        list = (list ? cell.storeRef(list) : cell).endCell();
    }
    return list;
}

/** Fields of an allocation as the contract has them. */
interface RawAllocation {
    generation: bigint;
    claimed: bigint;
    allocated: bigint;
    voucherKey: bigint;
    payee: bigint;
    node: bigint;
    releaseAt: bigint;
}

export function decodeAllocation(slot: number, raw: RawAllocation): VaultAllocation {
    return {
        slot,
        generation: raw.generation,
        node: new Address(0, bytesOf(raw.node)),
        payee: new Address(0, bytesOf(raw.payee)),
        voucherKey: bytesOf(raw.voucherKey),
        allocated: raw.allocated,
        claimed: raw.claimed,
        releaseAt: Number(raw.releaseAt),
    };
}

export function decodeAllocations(dict: Cell | null): Map<number, VaultAllocation> {
    const allocations = new Map<number, VaultAllocation>();
    if (dict) {
        const raw = Dictionary.loadDirect(Dictionary.Keys.Uint(8), rawAllocation, dict);
        for (const [slot, fields] of raw) allocations.set(slot, decodeAllocation(slot, fields));
    }
    return allocations;
}

/** Account id of a basechain address; the only ones that a vault can pay. */
export function accountOf(address: Address): Buffer {
    if (address.workChain !== 0) throw new RangeError(`${address.toString()} is not in the basechain.`);
    return address.hash;
}

function bytesOf(number: bigint): Buffer {
    return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
}

const rawAllocation: DictionaryValue<RawAllocation> = {
    serialize: () => {
        throw new Error('Allocations are only read.');
    },
    parse: (slice) => ({
        claimed: slice.loadUintBig(64),
        allocated: slice.loadUintBig(64),
        generation: slice.loadUintBig(64),
        voucherKey: slice.loadUintBig(256),
        payee: slice.loadUintBig(256),
        node: slice.loadUintBig(256),
        releaseAt: slice.loadUintBig(32),
    }),
};
