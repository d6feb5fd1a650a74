import { type Address, beginCell, type Cell, type StateInit, storeStateInit } from '@ton/core';

/** A message for the user's wallet to send. `value` in nanoTON. */
export type TxParams = {
    readonly to: Address;
    readonly value: bigint;
    readonly body: Cell;
    /** Deploys the contract. */
    readonly init?: StateInit;
};

/** A message as TON Connect's sendTransaction takes it. Plain JSON. */
export type TonConnectMessage = {
    /** User-friendly, bounceable. */
    readonly address: string;
    /** nanoTON, decimal. */
    readonly amount: string;
    /** BoC, base64. */
    readonly payload: string;
    /** BoC, base64. */
    readonly stateInit?: string;
};

/** Turns transaction parameters into a message for TON Connect. */
export function toTonConnect(tx: TxParams): TonConnectMessage {
    const { init } = tx;
    return {
        address: tx.to.toString(),
        amount: tx.value.toString(),
        payload: tx.body.toBoc().toString('base64'),
        ...(init && {
            stateInit: beginCell().store(storeStateInit(init)).endCell().toBoc().toString('base64'),
        }),
    };
}
