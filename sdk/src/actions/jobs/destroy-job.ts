import { jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { JobTarget } from './target';

export type DestroyJobParameters = JobTarget & QueryOption;
export type DestroyJobReturnType = WriteResult;
export type DestroyJobErrorType = WriteErrorType;

export const createDestroyJobBody = jobBodies.destroy;

export async function getDestroyJobTxParams(
    client: CocoonClient,
    parameters: DestroyJobParameters,
): Promise<TxParams> {
    const value = withMargin(messageFees.destroy(await client.getPrices()));
    return { to: parameters.job, value, body: createDestroyJobBody(parameters) };
}

/** Removes a job that is over, once its openBefore has passed; its storage reserve returns to the client. From anyone. */
export async function destroyJob(
    client: CocoonClient,
    parameters: DestroyJobParameters,
): Promise<DestroyJobReturnType> {
    return sendTransactions(client, [await getDestroyJobTxParams(client, parameters)]);
}
