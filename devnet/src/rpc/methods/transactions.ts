import type { Chain } from '../../chain/chain';
import { messageKey } from '../../chain/messages';
import type { TransactionRecord } from '../../chain/types';
import { nodeError, notFound } from '../errors';
import { transactionJson } from '../json/transaction';
import type { Params } from '../params';
import type { Methods } from './types';

const DEFAULT_PAGE = 10;
/** Above toncenter's 100: a `TonClient` that pages by 100 asks for one more. */
const MAX_PAGE = 1_000;

export const transactionMethods: Methods = {
    getTransactions: (params, { chain }) => page(params, chain).map(transactionJson),

    tryLocateResultTx: (params, { chain }) => transactionJson(resultOf(params, chain)),
    /** toncenter's older name of the same. */
    tryLocateTx: (params, { chain }) => transactionJson(resultOf(params, chain)),

    tryLocateSourceTx: (params, { chain }) => {
        const createdLt = params.bigint('created_lt');
        const { history } = chain.accounts.get(params.address('source'));
        // Messages are numbered right after the transaction that sends them.
        const source = history[lastAtOrBefore(history, createdLt - 1n)];
        if (!source) throw notFound('message not found');
        return transactionJson(source);
    },
};

function resultOf(params: Params, chain: Chain): TransactionRecord {
    const key = messageKey(
        params.address('source'),
        params.address('destination'),
        params.bigint('created_lt'),
    );
    const record = chain.findByMessage(key);
    if (!record) throw notFound('message not found');
    return record;
}

/** Newest first: from (lt, hash) or the latest, down to but without `to_lt`, at most `limit`. */
function page(params: Params, chain: Chain): TransactionRecord[] {
    const { history } = chain.accounts.get(params.address('address'));
    const limit = params.integer('limit', DEFAULT_PAGE, 1, MAX_PAGE);
    const toLt = params.bigint('to_lt', 0n);
    const records: TransactionRecord[] = [];
    for (let i = startOf(params, history); i >= 0 && records.length < limit; i--) {
        const record = history[i]!;
        if (record.lt <= toLt) break;
        records.push(record);
    }
    return records;
}

function startOf(params: Params, history: readonly TransactionRecord[]): number {
    if (!params.has('lt')) return history.length - 1;
    const lt = params.bigint('lt');
    const index = lastAtOrBefore(history, lt);
    const found = history[index];
    const hashMatches = !params.has('hash') || found?.hash.equals(params.hash('hash'));
    if (found?.lt !== lt || !hashMatches) {
        throw nodeError(
            `LITE_SERVER_UNKNOWN: cannot locate transaction in block with specified logical time ${lt}`,
        );
    }
    return index;
}

/** Index of the last transaction not after `lt`, or −1. */
function lastAtOrBefore(history: readonly TransactionRecord[], lt: bigint): number {
    let low = -1;
    let high = history.length - 1;
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (history[middle]!.lt <= lt) low = middle;
        else high = middle - 1;
    }
    return low;
}
