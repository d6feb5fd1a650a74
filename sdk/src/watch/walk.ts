import type { Address, Transaction } from '@ton/core';
import type { ChainReader, TransactionId } from '../rpc';
import { bytesToHex, integerToHash } from '../utils';
import type { Cursor } from './cursor';
import { WatchGapError } from './errors';

/** Pages kept while walking back; older history than this is read twice rather than held in memory. */
const KEPT_PAGES = 32;

/** Where an account's watch stands: after this transaction, or before the first one. */
export type Position = Cursor | undefined;

/**
 * All transactions of `address` after `position`, oldest first. Follows the chain of previous transactions from the
 * newest one back to the position, so that pages of any size and appends meanwhile neither skip nor repeat any.
 * Throws WatchGapError when the chain breaks off before it gets there.
 */
export async function* walkFrom(
    reader: ChainReader,
    address: Address,
    position: Position,
    pageSize: number,
): AsyncGenerator<Transaction> {
    const pages = await findPages(reader, address, position, pageSize);
    for (let page = pages.pop(); page !== undefined; page = pages.pop()) {
        const transactions =
            page.transactions ?? (await readPage(reader, address, page.from, position, pageSize));
        for (const tx of transactions.reverse()) {
            yield tx;
        }
    }
}

type Page = { readonly from: TransactionId; transactions?: Transaction[] };

async function findPages(
    reader: ChainReader,
    address: Address,
    position: Position,
    pageSize: number,
): Promise<Page[]> {
    const pages: Page[] = [];
    let from: TransactionId | undefined;
    for (;;) {
        const transactions = await readPage(reader, address, from, position, pageSize);
        const [newest, oldest] = [transactions[0], transactions.at(-1)];
        if (newest === undefined || oldest === undefined) {
            if (from === undefined) return pages;
            throw gap(address, position, from.lt);
        }
        pages.push({ from: { lt: newest.lt, hash: new Uint8Array(newest.hash()) }, transactions });
        const forgotten = pages[pages.length - 1 - KEPT_PAGES];
        if (forgotten !== undefined) {
            forgotten.transactions = undefined;
        }
        if (reaches(oldest, position)) return pages;
        if (oldest.prevTransactionLt <= (position?.lt ?? 0n)) throw gap(address, position, oldest.lt);
        from = { lt: oldest.prevTransactionLt, hash: integerToHash(oldest.prevTransactionHash) };
    }
}

/** One page, newest first; checked to be an unbroken part of the account's chain. */
async function readPage(
    reader: ChainReader,
    address: Address,
    from: TransactionId | undefined,
    position: Position,
    pageSize: number,
): Promise<Transaction[]> {
    const transactions = await reader.getTransactions(address, { from, toLt: position?.lt, limit: pageSize });
    for (const [i, tx] of transactions.entries()) {
        const next = transactions[i - 1];
        const linked = next
            ? next.prevTransactionLt === tx.lt && hashHex(next.prevTransactionHash) === bytesToHex(tx.hash())
            : from === undefined || (tx.lt === from.lt && bytesToHex(tx.hash()) === bytesToHex(from.hash));
        if (!linked) {
            throw gap(address, position, tx.lt);
        }
    }
    return transactions;
}

/** Whether `tx` comes right after the position: as the first of a new life, when the account was deleted meanwhile. */
function reaches(tx: Transaction, position: Position): boolean {
    if (tx.prevTransactionLt === 0n) return true;
    return tx.prevTransactionLt === position?.lt && hashHex(tx.prevTransactionHash) === position.hash;
}

function hashHex(hash: bigint): string {
    return bytesToHex(integerToHash(hash));
}

function gap(address: Address, position: Position, reached: bigint): WatchGapError {
    return new WatchGapError(address.toString(), position?.lt ?? 0n, reached);
}
