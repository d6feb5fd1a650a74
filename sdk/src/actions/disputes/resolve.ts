import type { Cell } from '@ton/core';
import { disputeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { type DisputeNotFoundError, DisputeStateError, nextStep } from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireDispute } from './get-dispute';
import type { DisputeTarget } from './target';

export type ResolveDisputeParameters = DisputeTarget & QueryOption;
export type ResolveDisputeReturnType = WriteResult;
export type ResolveDisputeErrorType = WriteErrorType | DisputeNotFoundError | DisputeStateError;

/** Body of Resolve. Pure. */
export const createResolveDisputeBody: (parameters?: QueryOption) => Cell = disputeBodies.resolve;

/** Throws DisputeStateError while nothing is due. */
export async function getResolveDisputeTxParams(
    client: CocoonClient,
    parameters: ResolveDisputeParameters,
): Promise<TxParams> {
    const { dispute } = parameters;
    const [info, prices, now] = await Promise.all([
        requireDispute(client, { dispute }),
        client.getPrices(),
        client.getTime(),
    ]);
    const step = nextStep(info, now);
    if (step?.action !== 'resolve' || step.from > now) {
        const wanted = 'past the end of its window, or have all votes revealed';
        throw new DisputeStateError(dispute.toString(), info.phase, wanted);
    }
    return {
        to: dispute,
        value: withMargin(messageFees.resolveDispute(prices, info.seats.length)),
        body: createResolveDisputeBody(parameters),
    };
}

/** Takes the step that is due: ends a window, a round, or the dispute with its verdict. From anyone; a tip comes back with it. */
export async function resolveDispute(
    client: CocoonClient,
    parameters: ResolveDisputeParameters,
): Promise<ResolveDisputeReturnType> {
    return sendTransactions(client, [await getResolveDisputeTxParams(client, parameters)]);
}
