import { Cell, type Transaction } from '@ton/core';
import { decodeEvent, decodeJobSpec, decodeTerms } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { JobMessageNotFoundError, JobSecretMissingError } from '../../client/errors';
import { type JobRecord, jobKey } from '../../jobs';
import {
    type ChatResult,
    decodeResult,
    type FetchPayloadOptions,
    openResult,
    type PayloadCommitmentError,
    type PayloadContentError,
    type PayloadDecryptionError,
    type PayloadFetchError,
    type PayloadFormatError,
    resolvePayload,
} from '../../payload';
import type { RpcError } from '../../rpc';
import { hexToBytes, integerToHash } from '../../utils';
import { getSubmission } from './history';
import type { JobTarget } from './target';

export type ReadResultParameters = JobTarget & {
    /** Number of the claim; the last one that submitted by default. */
    readonly claim?: number;
    readonly fetchOptions?: FetchPayloadOptions;
};
export type ReadResultReturnType = {
    /** One answer for each request, in their order. */
    readonly answers: readonly ChatResult[];
    /** What acceptResult names. */
    readonly claim: number;
    readonly resultRoot: bigint;
    /** Tokens, as the node counted them. */
    readonly promptTokens: number;
    readonly completionTokens: number;
};
export type ReadResultErrorType =
    | JobMessageNotFoundError
    | JobSecretMissingError
    | PayloadFetchError
    | PayloadFormatError
    | PayloadDecryptionError
    | PayloadCommitmentError
    | PayloadContentError
    | RpcError;

/** Decrypts the submitted result with the key in the job store and verifies it against the root on chain. */
export async function readResult(
    client: CocoonClient,
    { job, claim, fetchOptions }: ReadResultParameters,
): Promise<ReadResultReturnType> {
    const record = await requireRecord(client, job);
    const { message, tx } = await getSubmission(client, job, claim);
    const resultRoot = rootOf(tx);
    if (resultRoot === undefined) throw new JobMessageNotFoundError(job.toString(), 'ResultSubmitted');
    const items = await openResult({
        networkId: record.networkId,
        job,
        secretKey: hexToBytes(record.resultSecretKey),
        sealedKey: message.sealedKey,
        batch: await resolvePayload(message.result, fetchOptions),
        count: decodeJobSpec(Cell.fromBase64(record.spec)).items,
        expected: { root: integerToHash(resultRoot) },
        claim: message.claim,
        maxItemBytes: decodeTerms(Cell.fromBase64(record.terms)).jobParams.maxItemBytes,
    });
    return {
        answers: items.map(({ data }) => decodeResult(data)),
        claim: message.claim,
        resultRoot,
        promptTokens: message.promptTokens,
        completionTokens: message.completionTokens,
    };
}

/** The job's secrets. Throws JobSecretMissingError. */
export async function requireRecord(client: CocoonClient, job: JobTarget['job']): Promise<JobRecord> {
    const record = await client.jobStore.get(jobKey(job));
    if (record === undefined) throw new JobSecretMissingError(job.toString());
    return record;
}

/** The root that the Job computed with its own number of items. */
function rootOf(tx: Transaction): bigint | undefined {
    for (const message of tx.outMessages.values()) {
        const event = message.info.type === 'external-out' ? decodeEvent(message.body) : null;
        if (event?.$$type === 'ResultSubmitted') return event.resultRoot;
    }
    return undefined;
}
