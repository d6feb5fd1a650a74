import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Address, Cell } from '@ton/core';
import {
    buildItemAnswer,
    type DisputeInfo,
    decodeJobFacts,
    decodePayload,
    decodeSubmitResult,
    decodeTerms,
    getAnswerItemTxParams,
    type Payload,
    type TxParams,
} from 'cocoon-sdk';
import { WorkerError } from '../../errors';
import { ProgressVault, RESULT_KEY } from '../execution/vault';
import type { Runtime } from '../runtime';

/** The journal, or the folder of results, does not have what would answer an accusation. */
class AnswerMissingError extends WorkerError {
    constructor(what: string) {
        super(`the accusation cannot be answered: ${what}`, {
            code: 'answer_missing',
            remedy: 'restore journal, encryption key and published results within the answer window',
        });
    }
}

/**
 * The message that shows jurors the disputed item of a job's result: leaf, path and the key of this item, and no other. With
 * its ciphertext where the result is at a URL: what jurors cannot fetch counts as absent. Throws AnswerMissingError.
 */
export async function itemAnswer(runtime: Runtime, job: string, info: DisputeInfo): Promise<TxParams> {
    const { chain, context } = runtime;
    const result = context.journal.results.get(job);
    if (!result) throw new AnswerMissingError('the journal has no result of this job');
    const vault = new ProgressVault(context.secrets.encryptionSecret, job, result.claimNumber);
    const contentKey = result.contentKey && vault.open(RESULT_KEY, result.contentKey);
    if (!contentKey) throw new AnswerMissingError('the key of this result is not in the journal');
    const payload = decodePayload(decodeSubmitResult(Cell.fromBoc(result.sealed)[0]!).result);
    const { items, resultRoot } = decodeJobFacts(info.case!.facts);
    const held = chain.view.details.terms.find(({ termsHash }) => termsHash === info.termsHash);
    const answer = buildItemAnswer({
        networkId: chain.networkId,
        job: Address.parseRaw(job),
        contentKey: new Uint8Array(contentKey),
        batch: await batchOf(runtime, payload),
        count: items,
        resultRoot,
        index: info.shown,
        ...(held ? { maxItemBytes: decodeTerms(held.terms).jobParams.maxItemBytes } : {}),
    });
    return getAnswerItemTxParams(chain.client, {
        dispute: info.address,
        answer,
        withCiphertext: payload.kind === 'uri',
        // The operator's: to offer jobs is to let jurors see an item that its client disclosed.
        acknowledgePublic: true,
    });
}

/** The sealed batch as it was submitted. Throws AnswerMissingError. */
async function batchOf({ context }: Runtime, payload: Payload): Promise<Uint8Array> {
    if (payload.kind === 'inline') return payload.bytes;
    const { publish } = context.config.results;
    const name = `${Buffer.from(payload.sha256).toString('hex')}.bin`;
    if (!publish) throw new AnswerMissingError('results.publish is not configured any more');
    const file = join(resolve(context.directory, publish.directory), name);
    const bytes = await readFile(file).catch(() => undefined);
    const isWhole = bytes && createHash('sha256').update(bytes).digest().equals(Buffer.from(payload.sha256));
    if (!isWhole) throw new AnswerMissingError(`the published result ${name} is gone or damaged`);
    return new Uint8Array(bytes);
}
