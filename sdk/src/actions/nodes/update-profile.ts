import type { Address } from '@ton/core';
import { type NewOffer, nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type UpdateProfileParameters = NodeTarget &
    QueryOption & {
        /** Only from the owner. */ readonly payout?: Address;
        readonly endpoint?: string /** Changes by slot 0…255; null removes the offer. */;
        readonly offers?: ReadonlyArray<[number, NewOffer | null]>;
    };
export type UpdateProfileReturnType = WriteResult;
export type UpdateProfileErrorType = WriteErrorType;

export const createUpdateProfileBody = nodeBodies.updateProfile;

export async function getUpdateProfileTxParams(
    client: CocoonClient,
    parameters: UpdateProfileParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(
            messageFees.nodeSimple(prices) + messageFees.profileOffer(prices, parameters.offers?.length ?? 0),
        ),
        body: createUpdateProfileBody(parameters),
    };
}

/** Changes what a node tells of itself. From the owner or the operator. */
export async function updateProfile(
    client: CocoonClient,
    parameters: UpdateProfileParameters,
): Promise<UpdateProfileReturnType> {
    return sendTransactions(client, [await getUpdateProfileTxParams(client, parameters)]);
}
