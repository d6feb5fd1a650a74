import { Address, Cell } from '@ton/core';
import { Node } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type {
    JobMessageNotFoundError,
    JobNotFoundError,
    JobSecretMissingError,
    JobStateError,
} from '../../client/errors';
import { buildJobEvidence, type JobCase } from '../../disputes';
import {
    type FetchPayloadOptions,
    type PayloadCommitmentError,
    type PayloadDecryptionError,
    type PayloadFetchError,
    type PayloadFormatError,
    resolvePayload,
} from '../../payload';
import { requireJob } from '../jobs/get-job';
import { getPosting } from '../jobs/history';
import { requireRecord } from '../jobs/read-result';
import type { JobTarget } from '../jobs/target';
import { caseTerms } from './case-terms';
import {
    type OpenDisputeErrorType,
    type OpenDisputeParameters,
    type OpenDisputeReturnType,
    type OpenDisputeTxParams,
    openTxParams,
    sendOpening,
} from './open';

export type OpenForJobParameters = JobTarget &
    OpenDisputeParameters & {
        /** Number of the one request whose answer is disputed, from 0. */
        readonly index: number;
        /** The sealed batch of the input, where its URI is gone [of the posting]. */
        readonly batch?: Uint8Array;
        readonly fetchOptions?: FetchPayloadOptions;
    };
export type OpenForJobReturnType = OpenDisputeReturnType<JobCase>;
export type OpenForJobErrorType =
    | OpenDisputeErrorType
    | JobNotFoundError
    | JobStateError
    | JobSecretMissingError
    | JobMessageNotFoundError
    | PayloadFetchError
    | PayloadFormatError
    | PayloadDecryptionError
    | PayloadCommitmentError;

/** Opens the input with the key in the job store. Throws JobStateError unless the result is in review. */
export async function getOpenForJobTxParams(
    client: CocoonClient,
    parameters: OpenForJobParameters,
): Promise<OpenDisputeTxParams<JobCase>> {
    const { job, index, fetchOptions } = parameters;
    const [record, data] = await Promise.all([
        requireRecord(client, job),
        requireJob(client, { job }, 'submitted'),
    ]);
    const cell = parameters.terms ?? Cell.fromBase64(record.terms);
    const node = Node.fromIndex(client.registry, data.nodeIndex).address;
    const terms = await caseTerms(client, BigInt(`0x${record.termsHash}`), { terms: cell, node });
    const built = buildJobEvidence({
        job,
        accuser: Address.parse(record.client),
        record,
        batch: parameters.batch ?? (await postedBatch(client, job, fetchOptions)),
        claim: data.claims,
        resultRoot: data.resultRoot,
        // Review begins with the submission.
        submittedAt: data.deadline - data.spec!.reviewWindow,
        index,
    });
    return openTxParams(client, parameters, terms, built);
}

/**
 * Accuses the node of one item of a job's result, before the review ends. From the client, with a bond; then disclose that one
 * request within discloseWindow (discloseItem), or the bond is lost.
 */
export async function openForJob(
    client: CocoonClient,
    parameters: OpenForJobParameters,
): Promise<OpenForJobReturnType> {
    return sendOpening(client, await getOpenForJobTxParams(client, parameters));
}

async function postedBatch(
    client: CocoonClient,
    job: JobTarget['job'],
    fetchOptions?: FetchPayloadOptions,
): Promise<Uint8Array> {
    const { message } = await getPosting(client, job);
    return resolvePayload(message.input, fetchOptions);
}
