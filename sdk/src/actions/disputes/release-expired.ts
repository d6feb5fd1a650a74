import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import { type NodeTarget, nodeAddress } from '../nodes/target';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { DisputeTarget } from './target';

export type ReleaseExpiredCourtParameters = DisputeTarget & NodeTarget & QueryOption;
export type ReleaseExpiredCourtReturnType = WriteResult;
export type ReleaseExpiredCourtErrorType = WriteErrorType;

/** Body of ReleaseExpiredCourt. Pure. */
export const createReleaseExpiredCourtBody = nodeBodies.releaseExpiredCourt;

export async function getReleaseExpiredCourtTxParams(
    client: CocoonClient,
    parameters: ReleaseExpiredCourtParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.releaseLock(prices)),
        body: createReleaseExpiredCourtBody(parameters),
    };
}

/** Frees what a dispute past its hard end still holds of a node, as accused or as juror. From anyone. */
export async function releaseExpiredCourt(
    client: CocoonClient,
    parameters: ReleaseExpiredCourtParameters,
): Promise<ReleaseExpiredCourtReturnType> {
    return sendTransactions(client, [await getReleaseExpiredCourtTxParams(client, parameters)]);
}
