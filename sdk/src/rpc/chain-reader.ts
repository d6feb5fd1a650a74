import type { Address, Cell, Transaction, TupleItem, TupleReader } from '@ton/core';

/** Reference to a transaction of an account. `hash` has 32 bytes. */
export type TransactionId = { readonly lt: bigint; readonly hash: Uint8Array };

/** State of an account. */
export type Account = {
    /** In nanoTON. */
    readonly balance: bigint;
    readonly state: 'uninit' | 'active' | 'frozen';
    readonly code: Cell | null;
    readonly data: Cell | null;
    readonly lastTransaction: TransactionId | null;
    /** Unix time in seconds of the block that this state is from. */
    readonly syncTime: number;
};

export type GetTransactionsOptions = {
    /** Newest transaction of the page, included. Without it the page starts at the account's last one. */
    readonly from?: TransactionId;
    /** Only transactions with a greater lt. */
    readonly toLt?: bigint;
    /** Most transactions of the page; 1…100. */
    readonly limit?: number;
};

export type GetMethodResult = {
    readonly stack: TupleReader;
    readonly exitCode: number;
    readonly gasUsed: bigint;
};

export type MasterchainInfo = { readonly workchain: number; readonly shard: string; readonly seqno: number };

/** All that the SDK needs of a chain. `createRpc` implements it over HTTP; tests implement it over an emulator. */
export interface ChainReader {
    getAccount(address: Address): Promise<Account>;
    /** A page of an account's transactions, newest first. Empty when there are none. */
    getTransactions(address: Address, options?: GetTransactionsOptions): Promise<Transaction[]>;
    /** Runs a get method. Throws GetMethodError for exit codes other than 0 and 1. */
    runGetMethod(address: Address, method: string | number, stack?: TupleItem[]): Promise<GetMethodResult>;
    /** Sends an external message. Sending the same one again is safe. Throws MessageRejectedError. */
    sendBoc(boc: Uint8Array): Promise<void>;
    /** The transaction that executed an internal message, or null when it has not been executed yet. */
    locateResultTx(source: Address, destination: Address, createdLt: bigint): Promise<Transaction | null>;
    getMasterchainInfo(): Promise<MasterchainInfo>;
    /** A parameter of the network's configuration. */
    getConfigParam(id: number): Promise<Cell>;
}
