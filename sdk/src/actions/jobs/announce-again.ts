import { jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { JobTarget } from './target';

export type AnnounceAgainParameters = JobTarget & QueryOption;
export type AnnounceAgainReturnType = WriteResult;
export type AnnounceAgainErrorType = WriteErrorType;

export const createAnnounceAgainBody = jobBodies.announceAgain;

export async function getAnnounceAgainTxParams(
    client: CocoonClient,
    parameters: AnnounceAgainParameters,
): Promise<TxParams> {
    const value = withMargin(messageFees.announceAgain(await client.getPrices()));
    return { to: parameters.job, value, body: createAnnounceAgainBody(parameters) };
}

/** Has an open job announce itself to its Market or Node again. From anyone. */
export async function announceAgain(
    client: CocoonClient,
    parameters: AnnounceAgainParameters,
): Promise<AnnounceAgainReturnType> {
    return sendTransactions(client, [await getAnnounceAgainTxParams(client, parameters)]);
}
