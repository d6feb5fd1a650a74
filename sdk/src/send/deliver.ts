import type { Address, Transaction } from '@ton/core';
import { AbortedError } from '../errors';
import { type Account, type ChainReader, MessageRejectedError, RpcError, type TransactionId } from '../rpc';
import { executesExternal, findTransaction } from '../trace/message-hash';
import { base64ToBytes, type Clock, hexToBytes } from '../utils';
import { WalletOutcomeUnknownError } from './errors';
import type { PendingMessage } from './pending';

/** `included`: the wallet executed it. `impossible`: proven that it never will. */
export type Outcome =
    | { readonly kind: 'included'; readonly transaction: TransactionId }
    | { readonly kind: 'impossible'; readonly rejection: MessageRejectedError | undefined };

export type DeliverOptions = {
    reader: ChainReader;
    wallet: Address;
    pending: PendingMessage;
    /** Whether no earlier run can have sent the message. */
    fresh: boolean;
    clock: Clock;
    intervalMs: number;
    resendMs: number;
    /** How long to look for the outcome. */
    patienceMs: number;
    signal?: AbortSignal;
};

/** A fresh message that is rejected this often, with nobody else having it, is given up. */
const MAX_REJECTIONS = 3;

/**
 * Sends one signed message again and again until its outcome is certain. Only two things are a proof: the wallet's
 * transaction, or a state of the wallet later than validUntil whose history does not have it.
 * Throws WalletOutcomeUnknownError when there is no proof in time, AbortedError on abort.
 */
export async function deliver(options: DeliverOptions): Promise<Outcome> {
    const { clock, pending, wallet } = options;
    const boc = base64ToBytes(pending.boc);
    const deadline = clock.now() + options.patienceMs;
    let released = !options.fresh;
    let rejections = 0;
    let trouble: RpcError | undefined;
    for (let nextSend = 0; ; ) {
        if (options.signal?.aborted) throw new AbortedError();
        try {
            if (clock.now() >= nextSend) {
                nextSend = clock.now() + options.resendMs;
                const rejection = await trySend(options.reader, boc);
                released ||= rejection === undefined || rejection.ambiguous;
                trouble = rejection ?? trouble;
                if (rejection !== undefined && ++rejections >= MAX_REJECTIONS && !released) {
                    return { kind: 'impossible', rejection };
                }
                // An endpoint that lags behind rejects what it accepts a moment later.
                if (rejection !== undefined && !released) nextSend = 0;
            }
            const outcome = await lookUp(options);
            if (outcome !== undefined) return outcome;
        } catch (error) {
            if (!(error instanceof RpcError)) throw error;
            trouble = error;
            // Whether it arrived is unknown after every error but a rejection.
            released = true;
        }
        if (clock.now() >= deadline)
            throw new WalletOutcomeUnknownError(wallet, pending.seqno, { cause: trouble });
        await clock.sleep(options.intervalMs, options.signal);
    }
}

async function trySend(reader: ChainReader, boc: Uint8Array): Promise<MessageRejectedError | undefined> {
    try {
        await reader.sendBoc(boc);
        return undefined;
    } catch (error) {
        if (error instanceof MessageRejectedError) return error;
        throw error;
    }
}

async function lookUp({ reader, wallet, pending }: DeliverOptions): Promise<Outcome | undefined> {
    const account = await reader.getAccount(wallet);
    const hash = hexToBytes(pending.externalHash);
    const executed = await findSince(reader, wallet, pending, account, (tx) => executesExternal(tx, hash));
    if (executed !== undefined) {
        return { kind: 'included', transaction: { lt: executed.lt, hash: new Uint8Array(executed.hash()) } };
    }
    // The history of this very state was searched, and every later block refuses the message.
    const expired = account.syncTime > pending.validUntil;
    if (expired || (await firstSeqnoTaken(reader, wallet, pending, account))) {
        return { kind: 'impossible', rejection: undefined };
    }
    return undefined;
}

/** A wallet's first message never expires; it is over only when another one was the first. */
async function firstSeqnoTaken(
    reader: ChainReader,
    wallet: Address,
    pending: PendingMessage,
    account: Account,
): Promise<boolean> {
    if (pending.seqno !== 0) {
        return false;
    }
    const other = await findSince(
        reader,
        wallet,
        pending,
        account,
        (tx) => tx.inMessage?.info.type === 'external-in',
    );
    return other !== undefined;
}

async function findSince(
    reader: ChainReader,
    wallet: Address,
    pending: PendingMessage,
    account: Account,
    test: (tx: Transaction) => boolean,
): Promise<Transaction | undefined> {
    const afterLt = BigInt(pending.afterLt);
    const last = account.lastTransaction;
    return last !== null && last.lt > afterLt
        ? findTransaction(reader, wallet, afterLt, test, last)
        : undefined;
}
