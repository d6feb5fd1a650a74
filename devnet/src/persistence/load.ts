import { blockId, type Chain } from '../chain/chain';
import type { TransactionRecord } from '../chain/types';
import { corrupt } from './format';
import { type BlockRecord, type ChainRecord, queueOf, transactionsOf, variablesOf } from './records';

export interface NumberedRecord {
    line: number;
    record: ChainRecord;
}

/** The records that still count, after every revert among them. */
export function liveRecords(all: readonly NumberedRecord[], path: string): NumberedRecord[] {
    const live: NumberedRecord[] = [];
    for (const entry of all) {
        if (entry.record.kind === 'revert') {
            if (entry.record.keep > live.length) {
                throw corrupt(path, entry.line, 'it goes back to a place that is not there');
            }
            live.length = entry.record.keep;
        }
        live.push(entry);
    }
    return live;
}

/** Brings an empty chain to where the journal ends. */
export function replay(chain: Chain, live: readonly NumberedRecord[], path: string): void {
    for (const { line, record } of live) {
        if (record.kind === 'block') {
            if (record.n !== chain.blocks.length + 1) {
                throw corrupt(path, line, `block ${record.n} follows block ${chain.blocks.length}`);
            }
            replayBlock(chain, record);
        } else if (record.kind === 'account') {
            const [address, shardAccount] = record.acc;
            chain.accounts.apply(address, shardAccount, []);
        }
    }
    const last = live[live.length - 1];
    if (!last) return;
    chain.restoreVariables(variablesOf(last.record));
    const messages = queueOf(last.record);
    const lanes = new Map<string, number>();
    for (const message of messages) lanes.set(`${message.source}>${message.destination}`, message.dueSeqno);
    chain.queue.restore({ messages, lanes });
}

function replayBlock(chain: Chain, record: BlockRecord): void {
    const transactions = transactionsOf(record);
    const byAccount = new Map<string, TransactionRecord[]>();
    for (const transaction of transactions) {
        const list = byAccount.get(transaction.address);
        if (list) list.push(transaction);
        else byAccount.set(transaction.address, [transaction]);
    }
    for (const [address, shardAccount] of record.acc) {
        chain.accounts.apply(address, shardAccount, byAccount.get(address) ?? []);
    }
    chain.append({
        seqno: record.n,
        utime: record.t,
        startLt: BigInt(record.startLt),
        endLt: BigInt(record.endLt),
        transactions,
        id: blockId(record.n, record.t, transactions),
    });
}
