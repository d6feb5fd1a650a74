import type { Address, Transaction } from '@ton/core';
import { watchAccount } from 'cocoon-sdk';
import { journalCursors } from '../../chain';
import { messageOf } from '../../errors';
import { errorCode } from '../job-loop';
import { pause, type Runtime } from '../runtime';

const RETRY_MS = 30_000;

export interface WatchOptions {
    address: Address;
    /** What is told of trouble. */
    name: string;
    signal: AbortSignal;
    /** Must be idempotent: a crash before the cursor is saved delivers a transaction again. */
    onTransaction: (tx: Transaction) => void;
    /** Hears of each change between working and not. */
    onHealth: (trouble: string | undefined) => void;
}

/** Hands on every transaction of an account, oldest first, until the signal fires. Never throws. */
export async function watch(runtime: Runtime, options: WatchOptions): Promise<void> {
    const { address, name, signal, onTransaction, onHealth } = options;
    const { config, journal, logger } = runtime.context;
    while (!signal.aborted) {
        try {
            const transactions = watchAccount({
                reader: runtime.chain.rpc,
                address,
                cursors: journalCursors(journal),
                start: 'beginning',
                intervalMs: config.network.pollSeconds * 1000,
                signal,
                onError: (error) => onHealth(errorCode(error)),
            });
            for await (const { tx } of transactions) {
                onHealth(undefined);
                runtime.chain.clock.observe(tx.now);
                onTransaction(tx);
            }
        } catch (error) {
            if (signal.aborted) return;
            onHealth(errorCode(error));
            logger.error(
                { account: name, code: errorCode(error), reason: messageOf(error).split('\n')[0] },
                'an account cannot be watched; trying again',
            );
            await pause(RETRY_MS, signal);
        }
    }
}
