import { Cell } from '@ton/core';
import type { BlockDraft } from '../chain/block-builder';
import type { Chain, ChainVariables } from '../chain/chain';
import type { Block, InternalMessage, TransactionRecord } from '../chain/types';

export const JOURNAL_VERSION = 1;

export interface HeaderRecord {
    kind: 'cocoon-devnet';
    version: number;
    /** Hash of the network configuration: a chain goes on only under the one it began with. */
    config: string;
}

/** State that is not in blocks and accounts; only that of the last record counts. */
export interface StateFields {
    lt: string;
    off: number;
    rnd: number;
    /** funded, fees, undeliverable */
    led: [string, string, string];
    queue: [
        boc: string,
        source: string,
        destination: string,
        lt: string,
        value: string,
        fee: string,
        due: number,
    ][];
}

type TransactionFields = [address: string, lt: string, hash: string, boc: string, inMessage: string | 0];

export interface BlockRecord extends StateFields {
    kind: 'block';
    n: number;
    t: number;
    startLt: string;
    endLt: string;
    tx: TransactionFields[];
    acc: [address: string, shardAccount: string][];
}

export interface AccountRecord extends StateFields {
    kind: 'account';
    acc: [address: string, shardAccount: string];
}

/** The records after the first `keep` no longer count. */
export interface RevertRecord extends StateFields {
    kind: 'revert';
    keep: number;
}

export type ChainRecord = BlockRecord | AccountRecord | RevertRecord;

export function stateFields(chain: Chain): StateFields {
    const { nextLt, timeOffset, randomState, ledger } = chain.exportVariables();
    return {
        lt: String(nextLt),
        off: timeOffset,
        rnd: randomState,
        led: [String(ledger.funded), String(ledger.fees), String(ledger.undeliverable)],
        queue: chain.queue
            .all()
            .map((m) => [
                m.cell.toBoc({ idx: false }).toString('base64'),
                m.source,
                m.destination,
                String(m.createdLt),
                String(m.value),
                String(m.forwardFee),
                m.dueSeqno,
            ]),
    };
}

export function variablesOf(fields: StateFields): ChainVariables {
    const [funded, fees, undeliverable] = fields.led;
    return {
        nextLt: BigInt(fields.lt),
        timeOffset: fields.off,
        randomState: fields.rnd,
        ledger: { funded: BigInt(funded), fees: BigInt(fees), undeliverable: BigInt(undeliverable) },
    };
}

export function queueOf(fields: StateFields): InternalMessage[] {
    return fields.queue.map(([boc, source, destination, lt, value, fee, dueSeqno]) => ({
        cell: Cell.fromBase64(boc),
        source,
        destination,
        createdLt: BigInt(lt),
        value: BigInt(value),
        forwardFee: BigInt(fee),
        dueSeqno,
    }));
}

export function blockRecord(block: Block, draft: BlockDraft, chain: Chain): BlockRecord {
    return {
        kind: 'block',
        n: block.seqno,
        t: block.utime,
        startLt: String(block.startLt),
        endLt: String(block.endLt),
        tx: block.transactions.map((tx) => [
            tx.address,
            String(tx.lt),
            tx.hash.toString('base64'),
            tx.boc.toString('base64'),
            tx.inMessage ?? 0,
        ]),
        acc: [...draft.touched].map(([address, touched]) => [address, touched.shardAccount]),
        ...stateFields(chain),
    };
}

export function transactionsOf(record: BlockRecord): TransactionRecord[] {
    return record.tx.map(([address, lt, hash, boc, inMessage]) => ({
        address,
        lt: BigInt(lt),
        hash: Buffer.from(hash, 'base64'),
        utime: record.t,
        boc: Buffer.from(boc, 'base64'),
        seqno: record.n,
        inMessage: inMessage === 0 ? undefined : inMessage,
    }));
}
