import { jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { JobTarget } from './target';

/** `claim` and `resultRoot` are those that readResult verified. */
export type AcceptResultParameters = JobTarget &
    QueryOption & { readonly claim: number; readonly resultRoot: bigint };
export type AcceptResultReturnType = WriteResult;
export type AcceptResultErrorType = WriteErrorType;

export const createAcceptResultBody = jobBodies.acceptResult;

export async function getAcceptResultTxParams(
    client: CocoonClient,
    parameters: AcceptResultParameters,
): Promise<TxParams> {
    const value = withMargin(messageFees.settle(await client.getPrices()));
    return { to: parameters.job, value, body: createAcceptResultBody(parameters) };
}

/** Pays the node at once. From the client. */
export async function acceptResult(
    client: CocoonClient,
    parameters: AcceptResultParameters,
): Promise<AcceptResultReturnType> {
    return sendTransactions(client, [await getAcceptResultTxParams(client, parameters)]);
}
