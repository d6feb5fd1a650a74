import { jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { JobTarget } from './target';

export type FinalizeJobParameters = JobTarget & QueryOption;
export type FinalizeJobReturnType = WriteResult;
export type FinalizeJobErrorType = WriteErrorType;

export const createFinalizeJobBody = jobBodies.finalize;

export async function getFinalizeJobTxParams(
    client: CocoonClient,
    parameters: FinalizeJobParameters,
): Promise<TxParams> {
    const value = withMargin(messageFees.settle(await client.getPrices()));
    return { to: parameters.job, value, body: createFinalizeJobBody(parameters) };
}

/** Pays the node after the review window. From anyone, for the keeper's tip. */
export async function finalizeJob(
    client: CocoonClient,
    parameters: FinalizeJobParameters,
): Promise<FinalizeJobReturnType> {
    return sendTransactions(client, [await getFinalizeJobTxParams(client, parameters)]);
}
