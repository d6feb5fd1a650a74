import type { Address } from '@ton/core';
import { cellHash, decodeJobSpec, decodeTerms } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { JobMessageNotFoundError } from '../../client/errors';
import {
    type FetchPayloadOptions,
    type OpenedItem,
    openInput,
    PayloadCommitmentError,
    type PayloadDecryptionError,
    type PayloadFetchError,
    type PayloadFormatError,
    resolvePayload,
} from '../../payload';
import type { RpcError } from '../../rpc';
import { integerToHash } from '../../utils';
import { getDisclosure, getPosting } from './history';

export type ReadInputParameters = {
    readonly job: Address;
    /** Number of the claim that the node holds. */
    readonly claim: number;
    /** X25519 secret key of the node. */
    readonly secretKey: Uint8Array;
    /** Hash of the spec that was claimed. */
    readonly specHash: bigint;
    /** The sealed batch, where it was downloaded before the claim. */
    readonly batch?: Uint8Array;
    readonly fetchOptions?: FetchPayloadOptions;
};
/** Opened items; decodeRequest reads their data. */
export type ReadInputReturnType = readonly OpenedItem[];
export type ReadInputErrorType =
    | JobMessageNotFoundError
    | PayloadFetchError
    | PayloadFormatError
    | PayloadDecryptionError
    | PayloadCommitmentError
    | RpcError;

/** Opens and verifies the input of a job, as the node that holds the claim. */
export async function readInput(
    client: CocoonClient,
    parameters: ReadInputParameters,
): Promise<ReadInputReturnType> {
    const { job, claim, secretKey, specHash } = parameters;
    const { message } = await getPosting(client, job);
    if (cellHash(message.spec) !== specHash) {
        throw new PayloadCommitmentError('The posting in the history is not of the spec that was claimed.');
    }
    const spec = decodeJobSpec(message.spec);
    const terms = decodeTerms(message.terms);
    const posted = spec.direct === undefined ? null : message.sealedKey;
    const sealedKey = posted ?? (await getDisclosure(client, job, claim)).message.sealedKey;
    return openInput({
        networkId: terms.networkId,
        job,
        secretKey,
        sealedKey,
        batch: parameters.batch ?? (await resolvePayload(message.input, parameters.fetchOptions)),
        count: spec.items,
        expected: { top: integerToHash(spec.inputTop) },
        claim: posted === null ? claim : 0,
        maxItemBytes: terms.jobParams.maxItemBytes,
    });
}
