import type { Address } from '@ton/core';
import type { ChainReader } from '../rpc';
import { Mutex } from '../utils';
import { memoryPendingStore, type PendingStore } from './pending';

/** What all senders of one wallet in this process share, so that they never use a seqno twice. */
export type WalletLane = {
    readonly mutex: Mutex;
    readonly pending: PendingStore;
    /** Least seqno that a next message can have; an endpoint that tells less lags behind. */
    nextSeqno: number;
};

// One reader stands for one network; the same wallet on two networks has two lanes.
const lanes = new WeakMap<ChainReader, Map<string, WalletLane>>();

/** The lane of a wallet. */
export function walletLane(reader: ChainReader, wallet: Address): WalletLane {
    const ofReader = lanes.get(reader) ?? new Map<string, WalletLane>();
    lanes.set(reader, ofReader);
    const key = wallet.toRawString();
    const lane = ofReader.get(key) ?? { mutex: new Mutex(), pending: memoryPendingStore(), nextSeqno: 0 };
    ofReader.set(key, lane);
    return lane;
}
