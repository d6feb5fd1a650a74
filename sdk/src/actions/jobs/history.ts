import type { Address, Cell, Transaction } from '@ton/core';
import { decodeDiscloseKey, decodePostJob, decodeSubmitResult, opcodes } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { JobMessageNotFoundError } from '../../client/errors';
import { integerToHash } from '../../utils';

/** Anybody can send messages to a job; older history than this is not searched. */
const MAX_TRANSACTIONS = 2_000;
const PAGE = 50;

/** Transactions of an account, newest first. */
export async function* history(
    client: CocoonClient,
    address: Address,
    limit = MAX_TRANSACTIONS,
): AsyncGenerator<Transaction> {
    let from: { lt: bigint; hash: Uint8Array } | undefined;
    for (let read = 0; read < limit; ) {
        const page = await client.reader.getTransactions(address, {
            from,
            limit: Math.min(PAGE, limit - read),
        });
        yield* page;
        const oldest = page.at(-1);
        if (oldest === undefined || oldest.prevTransactionLt === 0n) return;
        read += page.length;
        from = { lt: oldest.prevTransactionLt, hash: integerToHash(oldest.prevTransactionHash) };
    }
}

/** A message that the job accepted, with its transaction. */
export type Accepted<T> = { readonly message: T; readonly tx: Transaction };

/** The message that opened a job. Throws JobMessageNotFoundError. */
export function getPosting(client: CocoonClient, job: Address) {
    return find(client, job, 'PostJob', decodePostJob, () => true);
}

/** The content key that the client disclosed for a claim. Throws JobMessageNotFoundError. */
export function getDisclosure(client: CocoonClient, job: Address, claim: number) {
    return find(client, job, 'DiscloseKey', decodeDiscloseKey, (message) => message.claim === claim);
}

/** The submitted result: of a claim, or the last one. Throws JobMessageNotFoundError. */
export function getSubmission(client: CocoonClient, job: Address, claim?: number) {
    return find(client, job, 'SubmitResult', decodeSubmitResult, (message) => {
        return claim === undefined || message.claim === claim;
    });
}

async function find<T>(
    client: CocoonClient,
    job: Address,
    name: 'PostJob' | 'DiscloseKey' | 'SubmitResult',
    decode: (body: Cell) => T,
    accept: (message: T) => boolean,
): Promise<Accepted<T>> {
    for await (const tx of history(client, job)) {
        const body = tx.inMessage?.body;
        if (body === undefined || !succeeded(tx) || opcodeOf(body) !== opcodes[name]) continue;
        const message = decode(body);
        if (accept(message)) return { message, tx };
    }
    throw new JobMessageNotFoundError(job.toString(), name);
}

/** Whether a contract took the message. */
export function succeeded({ description }: Transaction): boolean {
    return (
        description.type === 'generic' &&
        !description.aborted &&
        description.computePhase.type === 'vm' &&
        description.computePhase.success
    );
}

export function opcodeOf(body: Cell): number | undefined {
    return body.bits.length >= 32 ? body.beginParse().loadUint(32) : undefined;
}
