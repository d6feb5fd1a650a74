import type { Address } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import { type NodeTarget, nodeAddress } from '../nodes/target';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';

export type DeclineClaimParameters = NodeTarget &
    QueryOption & { readonly job: Address /** Number of the claim. */; readonly claim: number };
export type DeclineClaimReturnType = WriteResult;
export type DeclineClaimErrorType = WriteErrorType;

export const createDeclineClaimBody = nodeBodies.decline;

export async function getDeclineClaimTxParams(
    client: CocoonClient,
    parameters: DeclineClaimParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.decline(prices)),
        body: createDeclineClaimBody(parameters),
    };
}

/** Gives a claim back, at the price of declineBps of the collateral unless the key is overdue. From operator or owner. */
export async function declineClaim(
    client: CocoonClient,
    parameters: DeclineClaimParameters,
): Promise<DeclineClaimReturnType> {
    return sendTransactions(client, [await getDeclineClaimTxParams(client, parameters)]);
}
