import { Address, Cell, loadTransaction, type Message, type Transaction } from '@ton/core';
import { messageCell } from '../../chain/messages';
import type { TransactionRecord } from '../../chain/types';
import { toBase64 } from './cells';

/** Decoding takes about a millisecond, and clients that poll ask for the same transactions again and again. */
const MAX_CACHED = 4_096;
const cache = new Map<TransactionRecord, ReturnType<typeof decode>>();

/** A transaction as toncenter shows it; `data` holds all of it. */
export function transactionJson(record: TransactionRecord): ReturnType<typeof decode> {
    const known = cache.get(record);
    if (known) return known;
    const json = decode(record);
    cache.set(record, json);
    if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value!);
    return json;
}

function decode(record: TransactionRecord) {
    const transaction = loadTransaction(Cell.fromBoc(record.boc)[0]!.beginParse());
    const fee = totalFee(transaction);
    const storageFee = storageFeeOf(transaction);
    return {
        '@type': 'raw.transaction',
        address: {
            '@type': 'accountAddress',
            account_address: Address.parseRaw(record.address).toString(),
        },
        utime: record.utime,
        data: record.boc.toString('base64'),
        transaction_id: {
            '@type': 'internal.transactionId',
            lt: String(record.lt),
            hash: record.hash.toString('base64'),
        },
        fee: String(fee),
        storage_fee: String(storageFee),
        other_fee: String(fee - storageFee),
        in_msg: transaction.inMessage ? messageJson(transaction.inMessage) : undefined,
        out_msgs: [...transaction.outMessages.values()].map(messageJson),
    };
}

/** With the forward fees prepaid for its messages, as toncenter counts. */
function totalFee(transaction: Transaction): bigint {
    let fee = transaction.totalFees.coins;
    for (const message of transaction.outMessages.values()) {
        if (message.info.type === 'internal') fee += message.info.forwardFee;
    }
    return fee;
}

function storageFeeOf({ description }: Transaction): bigint {
    return 'storagePhase' in description ? (description.storagePhase?.storageFeesCollected ?? 0n) : 0n;
}

function messageJson(message: Message) {
    const { info, body } = message;
    const internal = info.type === 'internal' ? info : undefined;
    return {
        '@type': 'raw.message',
        hash: messageCell(message).hash().toString('base64'),
        source: Address.isAddress(info.src) ? info.src.toString() : '',
        destination: Address.isAddress(info.dest) ? info.dest.toString() : '',
        value: String(internal?.value.coins ?? 0n),
        extra_currencies: [],
        fwd_fee: String(internal?.forwardFee ?? 0n),
        ihr_fee: String(internal?.ihrFee ?? 0n),
        created_lt: info.type === 'external-in' ? '0' : String(info.createdLt),
        body_hash: body.hash().toString('base64'),
        msg_data: { '@type': 'msg.dataRaw', body: toBase64(body), init_state: '' },
        message: textOf(body),
    };
}

/** The comment of a message, if that is what its body is. */
function textOf(body: Cell): string {
    const slice = body.beginParse();
    if (slice.remainingBits < 32 || slice.preloadUint(32) !== 0 || slice.remainingBits % 8 !== 0) return '';
    try {
        return slice.skip(32).loadStringTail();
    } catch {
        return '';
    }
}
