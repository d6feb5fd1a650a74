import type { Cell } from '@ton/core';
import { disputeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { type DisputeNotFoundError, DisputeStateError } from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireDispute } from './get-dispute';
import type { DisputeTarget } from './target';

export type DestroyDisputeParameters = DisputeTarget & QueryOption;
export type DestroyDisputeReturnType = WriteResult;
export type DestroyDisputeErrorType = WriteErrorType | DisputeNotFoundError | DisputeStateError;

/** Body of DestroyDispute. Pure. */
export const createDestroyDisputeBody: (parameters?: QueryOption) => Cell = disputeBodies.destroy;

/** Throws DisputeStateError before openBefore, or while it is not resolved. */
export async function getDestroyDisputeTxParams(
    client: CocoonClient,
    parameters: DestroyDisputeParameters,
): Promise<TxParams> {
    const { dispute } = parameters;
    const [{ openBefore, phase }, prices, now] = await Promise.all([
        requireDispute(client, { dispute }, 'resolved'),
        client.getPrices(),
        client.getTime(),
    ]);
    if (now < openBefore) {
        throw new DisputeStateError(dispute.toString(), phase, `past its openBefore, ${openBefore}`);
    }
    return {
        to: dispute,
        value: withMargin(messageFees.destroyDispute(prices)),
        body: createDestroyDisputeBody(parameters),
    };
}

/** Ends a resolved dispute; its storage reserve goes to the accuser. From anyone, after openBefore. */
export async function destroyDispute(
    client: CocoonClient,
    parameters: DestroyDisputeParameters,
): Promise<DestroyDisputeReturnType> {
    return sendTransactions(client, [await getDestroyDisputeTxParams(client, parameters)]);
}
