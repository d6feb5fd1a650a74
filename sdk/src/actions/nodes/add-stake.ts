import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type AddStakeParameters = NodeTarget & QueryOption & { /** nanoTON. */ readonly amount: bigint };
export type AddStakeReturnType = WriteResult;
export type AddStakeErrorType = WriteErrorType;

export const createAddStakeBody = nodeBodies.addStake;

export async function getAddStakeTxParams(
    client: CocoonClient,
    parameters: AddStakeParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: parameters.amount + withMargin(messageFees.nodeSimple(prices)),
        body: createAddStakeBody(parameters),
    };
}

/** Adds stake to a node. From anyone. */
export async function addStake(
    client: CocoonClient,
    parameters: AddStakeParameters,
): Promise<AddStakeReturnType> {
    return sendTransactions(client, [await getAddStakeTxParams(client, parameters)]);
}
