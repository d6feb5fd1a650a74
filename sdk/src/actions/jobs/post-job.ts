import type { Address } from '@ton/core';
import { opcodes } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { NetworkPausedError, NodeNotFoundError, SdkOutdatedError } from '../../client/errors';
import { InvalidArgumentError } from '../../errors';
import { jobKey } from '../../jobs';
import type { PayloadContentError, PayloadTooLargeError } from '../../payload';
import { assertTermsSupported } from '../network/check-compatibility';
import { type GetTermsErrorType, getTerms } from '../network/get-terms';
import { assertNotPaused } from '../network/is-paused';
import { getNode } from '../nodes/get-node';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { JobOrder } from './job-order';
import { type PreparedJob, prepareJob } from './prepare-job';

export type PostJobParameters = JobOrder &
    QueryOption & {
        /** Index of the only node that may claim; undefined: any node. */
        readonly node?: number;
        /** The wallet that posts; the client's sender by default. */
        readonly from?: Address;
    };
export type GetPostJobTxParamsReturnType = PreparedJob & {
    /** To be sent together and in this order: the Market's deployment where it is missing, and the post. */
    readonly messages: readonly TxParams[];
};
export type PostJobReturnType = WriteResult &
    Pick<PreparedJob, 'address' | 'identity' | 'spec' | 'specHash' | 'market' | 'escrow'> & {
        /** False when Market or Node did not take the announcement: the job is open all the same, see announceAgain. */
        readonly announced: boolean;
    };
export type PostJobErrorType =
    | WriteErrorType
    | GetTermsErrorType
    | NetworkPausedError
    | SdkOutdatedError
    | NodeNotFoundError
    | InvalidArgumentError
    | PayloadContentError
    | PayloadTooLargeError;

/**
 * Prepares a job under the current terms and makes its secrets durable in the client's job store; only then it may be
 * sent. Throws NetworkPausedError, SdkOutdatedError, InvalidArgumentError, PayloadContentError, PayloadTooLargeError.
 */
export async function getPostJobTxParams(
    client: CocoonClient,
    parameters: PostJobParameters,
): Promise<GetPostJobTxParamsReturnType> {
    const from = parameters.from ?? client.sender.address;
    const [{ cell: terms, hash, terms: decoded }, prices, now] = await Promise.all([
        getTerms(client),
        client.getPrices(),
        client.getTime(),
        assertNotPaused(client),
    ]);
    assertTermsSupported(decoded);
    const direct = parameters.node === undefined ? undefined : await directTo(client, parameters.node, hash);
    const prepared = await prepareJob({
        ...parameters,
        registry: client.registry,
        client: from,
        terms,
        now,
        prices,
        direct,
        randomBytes: client.randomBytes,
    });
    const { post, deployMarket } = prepared;
    const missing = deployMarket && (await client.reader.getAccount(deployMarket.to)).state !== 'active';
    await client.jobStore.set(jobKey(prepared.address), prepared.record);
    return { ...prepared, messages: missing ? [deployMarket, post] : [post] };
}

/** Posts a job: its secrets are saved, its escrow is paid, and it is announced. */
export async function postJob(
    client: CocoonClient,
    parameters: PostJobParameters,
): Promise<PostJobReturnType> {
    const prepared = await getPostJobTxParams(client, { ...parameters, from: client.sender.address });
    const result = await sendTransactions(
        client,
        prepared.messages,
        // A Market that is deployed a moment too late refuses the announcement, and the Job goes on.
        (node) => node.opcode === opcodes.AnnounceJob,
    );
    const { address, identity, spec, specHash, market, escrow } = prepared;
    const announced = result.traces.every(({ failed }) =>
        failed.every((node) => node.opcode !== opcodes.AnnounceJob),
    );
    return { ...result, address, identity, spec, specHash, market, escrow, announced };
}

async function directTo(client: CocoonClient, index: number, termsHash: bigint) {
    const { encryptionKey, exiting, terms } = await getNode(client, { node: index });
    const held = terms.find((entry) => entry.termsHash === termsHash);
    if (exiting || held === undefined || held.droppedAt !== undefined) {
        throw new InvalidArgumentError(`Node ${index} takes no jobs under the current terms.`, {
            remedy: 'Choose another node with findNodes, or leave node out for an open job.',
            details: { field: 'node', exiting },
        });
    }
    return { index, encryptionKey };
}
