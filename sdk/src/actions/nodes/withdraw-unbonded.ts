import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type WithdrawUnbondedParameters = NodeTarget & QueryOption;
export type WithdrawUnbondedReturnType = WriteResult;
export type WithdrawUnbondedErrorType = WriteErrorType;

export const createWithdrawUnbondedBody = nodeBodies.withdrawUnbonded;

export async function getWithdrawUnbondedTxParams(
    client: CocoonClient,
    parameters: WithdrawUnbondedParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.nodeSimple(prices)),
        body: createWithdrawUnbondedBody(parameters),
    };
}

/** Pays the owner all unbonding entries that are due. From the owner. */
export async function withdrawUnbonded(
    client: CocoonClient,
    parameters: WithdrawUnbondedParameters,
): Promise<WithdrawUnbondedReturnType> {
    return sendTransactions(client, [await getWithdrawUnbondedTxParams(client, parameters)]);
}
