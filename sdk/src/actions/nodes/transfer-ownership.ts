import type { Address } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type TransferOwnershipParameters = NodeTarget & QueryOption & { readonly newOwner: Address };
export type TransferOwnershipReturnType = WriteResult;
export type TransferOwnershipErrorType = WriteErrorType;

export const createTransferOwnershipBody = nodeBodies.transferOwnership;

export async function getTransferOwnershipTxParams(
    client: CocoonClient,
    parameters: TransferOwnershipParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.nodeSimple(prices)),
        body: createTransferOwnershipBody(parameters),
    };
}

/** Names a new owner, who must accept. From the owner. */
export async function transferOwnership(
    client: CocoonClient,
    parameters: TransferOwnershipParameters,
): Promise<TransferOwnershipReturnType> {
    return sendTransactions(client, [await getTransferOwnershipTxParams(client, parameters)]);
}
