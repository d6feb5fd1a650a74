import { type Address, beginCell, type Cell, type Message, storeMessage, type Transaction } from '@ton/core';
import type { ChainReader, TransactionId } from '../rpc';
import { equalBytes, integerToHash } from '../utils';

/**
 * Normalized hash of an external message (TEP-467): without source, import fee and StateInit, body in a reference,
 * so that it does not depend on how a wallet or an endpoint serialises the message. 32 bytes.
 */
export function externalMessageHash(destination: Address, body: Cell): Uint8Array {
    const message: Message = {
        info: { type: 'external-in', src: null, dest: destination, importFee: 0n },
        init: null,
        body,
    };
    return new Uint8Array(
        beginCell()
            .store(storeMessage(message, { forceRef: true }))
            .endCell()
            .hash(),
    );
}

/** Whether the transaction executed the external message with this normalized hash. */
export function executesExternal(tx: Transaction, messageHash: Uint8Array): boolean {
    const message = tx.inMessage;
    return (
        message?.info.type === 'external-in' &&
        equalBytes(externalMessageHash(message.info.dest, message.body), messageHash)
    );
}

const PAGE = 20;

/**
 * The newest transaction of `account` after `afterLt` that `test` accepts, or undefined.
 * Walks backwards from `from`, or from the newest one, so that the cost is what happened since.
 */
export async function findTransaction(
    reader: ChainReader,
    account: Address,
    afterLt: bigint,
    test: (tx: Transaction) => boolean,
    from?: TransactionId,
): Promise<Transaction | undefined> {
    let page = await reader.getTransactions(account, { from, toLt: afterLt, limit: PAGE });
    for (;;) {
        const found = page.find((tx) => tx.lt > afterLt && test(tx));
        const oldest = page.at(-1);
        if (found !== undefined || oldest === undefined || oldest.prevTransactionLt <= afterLt) {
            return found;
        }
        const hash = integerToHash(oldest.prevTransactionHash);
        page = await reader.getTransactions(account, {
            from: { lt: oldest.prevTransactionLt, hash },
            toLt: afterLt,
            limit: PAGE,
        });
    }
}
