import { jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { JobTarget } from './target';

export type ExpireJobParameters = JobTarget & QueryOption;
export type ExpireJobReturnType = WriteResult;
export type ExpireJobErrorType = WriteErrorType;

export const createExpireJobBody = jobBodies.expire;

export async function getExpireJobTxParams(
    client: CocoonClient,
    parameters: ExpireJobParameters,
): Promise<TxParams> {
    const value = withMargin(messageFees.settle(await client.getPrices()));
    return { to: parameters.job, value, body: createExpireJobBody(parameters) };
}

/** Ends what was not claimed, given its key or delivered in time. From anyone, for the keeper's tip. */
export async function expireJob(
    client: CocoonClient,
    parameters: ExpireJobParameters,
): Promise<ExpireJobReturnType> {
    return sendTransactions(client, [await getExpireJobTxParams(client, parameters)]);
}
