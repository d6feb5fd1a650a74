import type { Address, Transaction } from '@ton/core';
import { AbortedError } from '../errors';
import { type ChainReader, RpcError, RpcResponseError } from '../rpc';
import { bytesToHex, type Clock, systemClock } from '../utils';
import { type Cursor, type CursorStore, cursorKey, memoryCursorStore } from './cursor';
import { WatchGapError } from './errors';
import { type Position, walkFrom } from './walk';

export type WatchAccountOptions = {
    reader: ChainReader;
    address: Address;
    /** In memory by default. */
    cursors?: CursorStore;
    /** Where to start when the store has no cursor: at the account's first transaction, or after its present last one. */
    start?: 'beginning' | 'now';
    /** Between two polls; 2 s by default. */
    intervalMs?: number;
    /** Transactions per request, 1…100; 50 by default. */
    pageSize?: number;
    /** Ends the iteration, without an error. */
    signal?: AbortSignal;
    clock?: Clock;
    /** Hears of endpoint trouble; the watch goes on by itself. */
    onError?: (error: Error) => void;
};

/** A transaction of a watched account. */
export type WatchedTransaction = {
    readonly tx: Transaction;
    /** True for the first transaction of an account that was deleted and lives again: what lay before cannot be read. */
    readonly reborn: boolean;
    /** Makes the cursor durable. Called by itself when the next transaction is asked for. */
    commit(): Promise<void>;
};

/** After this many polls in a row that failed in this way, the cause is not an endpoint that lags behind. */
const LAGGING_POLLS = 5;

/**
 * Every transaction of an account once, oldest first, for ever: across restarts with a durable CursorStore.
 *
 * The cursor is saved when the next item is asked for. A crash before that delivers the item again, so that the
 * consumer's work should be idempotent, or be saved before it calls `commit()`. Leaving the loop does not commit the
 * last item. Give one account to one watch for each store.
 *
 * A contract that destroys itself takes its history with it on most endpoints: watch the other side of its messages.
 *
 * Throws WatchGapError when the endpoint has lost the history after the cursor, and RpcError for what retrying
 * cannot mend.
 */
export async function* watchAccount(
    options: WatchAccountOptions,
): AsyncGenerator<WatchedTransaction, void, void> {
    const { reader, address, signal } = options;
    const cursors = options.cursors ?? memoryCursorStore();
    const clock = options.clock ?? systemClock;
    const key = cursorKey(address);
    let position: Position = await cursors.get(key);
    if (position === undefined && options.start === 'now') {
        position = await startNow(reader, address, cursors);
    }
    for (let failures = 0; !signal?.aborted; ) {
        try {
            for await (const tx of walkFrom(reader, address, position, options.pageSize ?? 50)) {
                if (signal?.aborted) return;
                const reborn = position !== undefined && position.lt > 0n && tx.prevTransactionLt === 0n;
                const cursor: Cursor = { lt: tx.lt, hash: bytesToHex(tx.hash()) };
                const commit = once(() => cursors.set(key, cursor));
                yield { tx, reborn, commit };
                await commit();
                position = cursor;
            }
            failures = 0;
        } catch (error) {
            failures++;
            if (!isTransient(error, failures)) throw error;
            options.onError?.(error);
        }
        if (!(await sleepUnlessAborted(clock, options.intervalMs ?? 2_000, signal))) return;
    }
}

/** Saves where "now" is at once: a restart before the first transaction must not move it. */
async function startNow(reader: ChainReader, address: Address, cursors: CursorStore): Promise<Position> {
    const { lastTransaction } = await reader.getAccount(address);
    const cursor = lastTransaction
        ? { lt: lastTransaction.lt, hash: bytesToHex(lastTransaction.hash) }
        : { lt: 0n, hash: '' };
    await cursors.set(cursorKey(address), cursor);
    return cursor;
}

/** An endpoint that lags behind another one shows gaps, or does not know what the other one told. */
function isTransient(error: unknown, failures: number): error is Error {
    if (error instanceof WatchGapError || error instanceof RpcResponseError) {
        return failures < LAGGING_POLLS;
    }
    return error instanceof RpcError && error.retryable;
}

function once(act: () => Promise<void>): () => Promise<void> {
    let result: Promise<void> | undefined;
    return () => {
        result ??= act();
        return result;
    };
}

async function sleepUnlessAborted(clock: Clock, ms: number, signal?: AbortSignal): Promise<boolean> {
    try {
        await clock.sleep(ms, signal);
        return true;
    } catch (error) {
        if (error instanceof AbortedError) return false;
        throw error;
    }
}
