import { type Bid, type JobIdentity, nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import { type NodeTarget, nodeAddress } from '../nodes/target';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { findEvent, sendTransactions, type WriteErrorType, type WriteResult } from '../write';

export type ClaimJobParameters = NodeTarget &
    QueryOption & {
        readonly identity: JobIdentity;
        /** Exactly this spec and collateral, at least this price. */
        readonly bid: Bid;
    };
export type ClaimJobReturnType = WriteResult & {
    /** Number of the claim. */
    readonly claim: number;
    /** nanoTON, protocol fee included. */
    readonly price: bigint;
    /** Unix seconds: by when the key comes (open jobs) or the result is due (direct jobs). */
    readonly deadline: number;
};
export type ClaimJobErrorType = WriteErrorType;

/** Body of Claim. Pure. */
export function createClaimJobBody({ queryId, identity, bid }: Omit<ClaimJobParameters, 'node'>) {
    return nodeBodies.claim({ queryId, job: identity, bid });
}

export async function getClaimJobTxParams(
    client: CocoonClient,
    parameters: ClaimJobParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.claim(prices)),
        body: createClaimJobBody(parameters),
    };
}

/** Claims a job for a node. From the operator. A refusal by the Job costs gas only and throws TransactionFailedError. */
export async function claimJob(
    client: CocoonClient,
    parameters: ClaimJobParameters,
): Promise<ClaimJobReturnType> {
    const result = await sendTransactions(client, [await getClaimJobTxParams(client, parameters)]);
    const { claim, price, deadline } = findEvent(result, 'JobClaimed')!;
    return { ...result, claim: Number(claim), price, deadline: Number(deadline) };
}
