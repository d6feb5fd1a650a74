import type { Row } from './sqlite';

/** `releasing`: nothing new is served, what is owed is redeemed; `closed`: the chain has ended it. */
export type AllocationState = 'open' | 'releasing' | 'closed';

export interface AllocationKey {
    /** Raw address. */
    vault: string;
    slot: number;
    generation: bigint;
}

/** What is durable of one allocation. Amounts in nanoTON. */
export interface AllocationRecord extends AllocationKey {
    id: number;
    /** The highest voucher. */
    cumulative: bigint;
    signature: Buffer | null;
    /** Sum of the prices of ended requests. */
    ended: bigint;
    /** What the chain said last. */
    claimed: bigint;
    /** Unix milliseconds since when something waits to be redeemed. */
    unredeemedAt: number | null;
    state: AllocationState;
    highest: bigint;
    /** Sequences up to here may have been used: synced to disk before they are. */
    marked: bigint;
    /** After a power failure: sequences up to here are refused unless the journal knows them. */
    refusedThrough: bigint;
}

export interface RequestRecord {
    id: number;
    allocation: number;
    sequence: bigint;
    /** SHA-256 of the envelope. */
    digest: Buffer;
    /** Undefined while it runs. */
    price?: bigint;
}

const DIGITS = 20;

/** A u64 whose order as text is its order as a number. */
export function sortable(value: bigint): string {
    return value.toString().padStart(DIGITS, '0');
}

export function toAllocation(row: Row): AllocationRecord {
    return {
        id: row.id as number,
        vault: row.vault as string,
        slot: row.slot as number,
        generation: BigInt(row.generation as string),
        cumulative: BigInt(row.cumulative as string),
        signature: row.signature as Buffer | null,
        ended: BigInt(row.ended as string),
        claimed: BigInt(row.claimed as string),
        unredeemedAt: row.unredeemed_at as number | null,
        state: row.state as AllocationState,
        highest: BigInt(row.highest as string),
        marked: BigInt(row.marked as string),
        refusedThrough: BigInt(row.refused_through as string),
    };
}

export function toRequest(row: Row): RequestRecord {
    return {
        id: row.id as number,
        allocation: row.allocation as number,
        sequence: BigInt(row.sequence as string),
        digest: row.digest as Buffer,
        ...(row.price === null ? {} : { price: BigInt(row.price as string) }),
    };
}
