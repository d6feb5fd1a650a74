import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type UnbondParameters = NodeTarget & QueryOption & { /** nanoTON. */ readonly amount: bigint };
export type UnbondReturnType = WriteResult;
export type UnbondErrorType = WriteErrorType;

export const createUnbondBody = nodeBodies.unbond;

export async function getUnbondTxParams(
    client: CocoonClient,
    parameters: UnbondParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.nodeSimple(prices)),
        body: createUnbondBody(parameters),
    };
}

/** Starts to take stake out. Into the reserve it makes the node exit for ever. From the owner. */
export async function unbond(client: CocoonClient, parameters: UnbondParameters): Promise<UnbondReturnType> {
    return sendTransactions(client, [await getUnbondTxParams(client, parameters)]);
}
