import type { Address, Cell, Transaction } from '@ton/core';
import type { ChainReader } from 'cocoon-sdk';
import {
    type DiscloseKeyMessage,
    decodeDiscloseKey,
    decodePostJob,
    opcodes,
    type PostJobMessage,
} from 'cocoon-wrappers';
import { isExecuted, opcodeOf } from './announcement';

const PAGE = 30;
/** A job has a handful of transactions; whoever sends it more wants to be found at the end of a long walk. */
const MAX_PAGES = 20;

/** The message that opened a job. Undefined when the endpoint does not have it, or it lies under too much noise. */
export function findPostJob(
    reader: ChainReader,
    job: Address,
    client: Address,
    specHash: bigint,
): Promise<PostJobMessage | undefined> {
    return findMessage(reader, job, (tx, body) => {
        if (opcodeOf(body) !== opcodes.PostJob || !isFrom(tx, client)) return undefined;
        const message = decodePostJob(body);
        return BigInt(`0x${message.spec.hash().toString('hex')}`) === specHash ? message : undefined;
    });
}

/** The message that gave this claim its content key, and its time. */
export function findDiscloseKey(
    reader: ChainReader,
    job: Address,
    client: Address,
    claim: number,
): Promise<(DiscloseKeyMessage & { at: number }) | undefined> {
    return findMessage(reader, job, (tx, body) => {
        if (opcodeOf(body) !== opcodes.DiscloseKey || !isFrom(tx, client)) return undefined;
        const message = decodeDiscloseKey(body);
        return message.claim === claim ? { ...message, at: tx.now } : undefined;
    });
}

async function findMessage<T>(
    reader: ChainReader,
    job: Address,
    read: (tx: Transaction, body: Cell) => T | undefined,
): Promise<T | undefined> {
    let from: { lt: bigint; hash: Uint8Array } | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
        const transactions = await reader.getTransactions(job, { from, limit: PAGE });
        for (const tx of transactions) {
            if (!tx.inMessage || !isExecuted(tx)) continue;
            const found = read(tx, tx.inMessage.body);
            if (found !== undefined) return found;
        }
        const last = transactions.at(-1);
        if (!last || last.prevTransactionLt === 0n) return undefined;
        const hash = Buffer.from(last.prevTransactionHash.toString(16).padStart(64, '0'), 'hex');
        from = { lt: last.prevTransactionLt, hash };
    }
    return undefined;
}

function isFrom(tx: Transaction, sender: Address): boolean {
    return tx.inMessage?.info.type === 'internal' && tx.inMessage.info.src.equals(sender);
}
