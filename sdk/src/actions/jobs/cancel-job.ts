import { jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { JobTarget } from './target';

export type CancelJobParameters = JobTarget & QueryOption;
export type CancelJobReturnType = WriteResult;
export type CancelJobErrorType = WriteErrorType;

export const createCancelJobBody = jobBodies.cancel;

export async function getCancelJobTxParams(
    client: CocoonClient,
    parameters: CancelJobParameters,
): Promise<TxParams> {
    const value = withMargin(messageFees.settle(await client.getPrices()));
    return { to: parameters.job, value, body: createCancelJobBody(parameters) };
}

/** Takes an open job back. From the client. */
export async function cancelJob(
    client: CocoonClient,
    parameters: CancelJobParameters,
): Promise<CancelJobReturnType> {
    return sendTransactions(client, [await getCancelJobTxParams(client, parameters)]);
}
