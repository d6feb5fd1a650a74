import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type AcceptOwnershipParameters = NodeTarget & QueryOption;
export type AcceptOwnershipReturnType = WriteResult;
export type AcceptOwnershipErrorType = WriteErrorType;

export const createAcceptOwnershipBody = nodeBodies.acceptOwnership;

export async function getAcceptOwnershipTxParams(
    client: CocoonClient,
    parameters: AcceptOwnershipParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.nodeSimple(prices)),
        body: createAcceptOwnershipBody(parameters),
    };
}

/** Takes a node over. From the new owner. */
export async function acceptOwnership(
    client: CocoonClient,
    parameters: AcceptOwnershipParameters,
): Promise<AcceptOwnershipReturnType> {
    return sendTransactions(client, [await getAcceptOwnershipTxParams(client, parameters)]);
}
