import type { Cell } from '@ton/core';

/** Raw address, `workchain:64 hex digits`: the key of every account map. */
export type RawAddress = string;

/** A transaction as kept in history. `inMessage` is the key under which the message that caused it is found. */
export interface TransactionRecord {
    readonly address: RawAddress;
    readonly lt: bigint;
    readonly hash: Buffer;
    /** Unix time in seconds. */
    readonly utime: number;
    readonly boc: Buffer;
    /** Block number. */
    readonly seqno: number;
    readonly inMessage?: string;
}

export interface Block {
    readonly seqno: number;
    /** Unix time in seconds. */
    readonly utime: number;
    readonly startLt: bigint;
    readonly endLt: bigint;
    readonly transactions: readonly TransactionRecord[];
    readonly id: Buffer;
}

/** An internal message on its way. */
export interface InternalMessage {
    readonly cell: Cell;
    readonly source: RawAddress;
    readonly destination: RawAddress;
    readonly createdLt: bigint;
    /** nanoTON carried: the value and the prepaid forward fee that validators collect on delivery. */
    readonly value: bigint;
    readonly forwardFee: bigint;
    /** First block that may deliver it. */
    readonly dueSeqno: number;
}

/** An external message accepted by the API, waiting for a block. */
export interface ExternalMessage {
    readonly cell: Cell;
    readonly destination: RawAddress;
}

export type DeliveryOrder = 'fifo' | 'shuffle';

export interface DeliveryPolicy {
    /** Blocks between sending and delivery of an internal message, drawn uniformly from [min, max]. 0 = same block. */
    hop: readonly [number, number];
    /** `fifo`, or `shuffle`: any order that keeps each (source, destination) pair's own order, as the network does. */
    order: DeliveryOrder;
    /** Probability in [0, 1] that an accepted external message is lost, as in a real mempool. */
    dropExternal: number;
    /** Transactions per block; the rest waits for the next one. */
    maxTransactionsPerBlock: number;
}

/** Sums in nanoTON. `funded = balances + inFlight + fees + undeliverable` always. */
export interface Supply {
    /** Ever created by `fund` or `setAccount`. */
    funded: bigint;
    /** On all accounts now. */
    balances: bigint;
    /** In messages not yet delivered, forward fees included. */
    inFlight: bigint;
    /** Collected by validators: storage, gas, action and forward fees. */
    fees: bigint;
    /** In messages that the emulator could not deliver at all; 0 unless something is badly wrong. */
    undeliverable: bigint;
    /** Whether the equation above holds. */
    conserved: boolean;
}

export interface ChainStats {
    blocks: number;
    transactions: number;
    accounts: number;
    /** Internal messages under way. */
    pending: number;
    /** External messages waiting for a block. */
    mempool: number;
    /** External messages no longer acceptable when their block came (a lost seqno race). */
    rejected: number;
    /** External messages lost by `dropExternal`. */
    dropped: number;
}
