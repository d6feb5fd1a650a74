import type { Address, Cell } from '@ton/core';
import { decodeJobSpec, decodeTerms, jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { JobMessageNotFoundError } from '../../client/errors';
import { messageFees, withMargin } from '../../fees';
import {
    type ChatResult,
    encodeResult,
    type PayloadContentError,
    type PayloadTooLargeError,
    sealResult,
} from '../../payload';
import { hashToInteger, integerToHash, type RandomBytes } from '../../utils';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { getPosting } from './history';
import { payloadCell } from './prepare-job';

export type CreateSubmitResultBodyParameters = QueryOption & {
    readonly networkId: number;
    readonly job: Address;
    readonly claim: number;
    /** X25519 key of the job's spec. */
    readonly resultKey: bigint;
    /** One for each request, in their order. */
    readonly results: readonly ChatResult[];
    /** From the terms. */
    readonly maxItemBytes?: number;
    /** Publishes a sealed batch that is too large for a message and resolves with its https URL. */
    readonly publish?: (batch: Uint8Array) => Promise<string>;
    readonly randomBytes?: RandomBytes;
};
export type CreateSubmitResultBodyReturnType = {
    readonly body: Cell;
    readonly resultRoot: bigint;
    /** What a node keeps to answer a dispute over an item, see buildItemAnswer. Secret. */
    readonly contentKey: Uint8Array;
    /** The sealed batch. */
    readonly batch: Uint8Array;
};

/**
 * Seals and commits to results. Sealing again gives another root: a node keeps the body that it made first, so that it
 * never submits two different results.
 */
export async function createSubmitResultBody(
    parameters: CreateSubmitResultBodyParameters,
): Promise<CreateSubmitResultBodyReturnType> {
    const { networkId, job, claim, results, maxItemBytes, randomBytes, queryId } = parameters;
    const sealed = await sealResult({
        networkId,
        job,
        claim,
        items: results.map(encodeResult),
        clientPublicKey: integerToHash(parameters.resultKey),
        maxItemBytes,
        randomBytes,
    });
    const body = jobBodies.submitResult({
        queryId,
        claim,
        resultTop: hashToInteger(sealed.commitment.top),
        promptTokens: results.reduce((sum, { usage }) => sum + usage.promptTokens, 0),
        completionTokens: results.reduce((sum, { usage }) => sum + usage.completionTokens, 0),
        result: await payloadCell(sealed, parameters.publish),
        sealedKey: sealed.sealedKey,
    });
    const { contentKey, batch, commitment } = sealed;
    return { body, resultRoot: hashToInteger(commitment.root), contentKey, batch };
}

/** Results to be sealed here, or the body of an earlier createSubmitResultBody. */
export type SubmitResultParameters = QueryOption & { readonly job: Address } & (
        | Pick<CreateSubmitResultBodyParameters, 'claim' | 'results' | 'publish'>
        | { readonly body: Cell }
    );
export type SubmitResultReturnType = WriteResult;
export type SubmitResultErrorType =
    | WriteErrorType
    | JobMessageNotFoundError
    | PayloadContentError
    | PayloadTooLargeError;

export async function getSubmitResultTxParams(
    client: CocoonClient,
    parameters: SubmitResultParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    const body = 'body' in parameters ? parameters.body : await sealFor(client, parameters);
    return { to: parameters.job, value: withMargin(messageFees.step(prices)), body };
}

/** Submits the result of a claim. From the operator that the claim recorded. */
export async function submitResult(
    client: CocoonClient,
    parameters: SubmitResultParameters,
): Promise<SubmitResultReturnType> {
    return sendTransactions(client, [await getSubmitResultTxParams(client, parameters)]);
}

async function sealFor(
    client: CocoonClient,
    parameters: Exclude<SubmitResultParameters, { body: Cell }>,
): Promise<Cell> {
    const { message } = await getPosting(client, parameters.job);
    const terms = decodeTerms(message.terms);
    const { body } = await createSubmitResultBody({
        ...parameters,
        networkId: terms.networkId,
        resultKey: decodeJobSpec(message.spec).resultKey,
        maxItemBytes: terms.jobParams.maxItemBytes,
        randomBytes: client.randomBytes,
    });
    return body;
}
