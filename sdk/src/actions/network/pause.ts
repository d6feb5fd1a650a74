import { registryBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';

/** `duration` in seconds, at most 7 days. */
export type PauseNetworkParameters = QueryOption & { readonly duration: number };
export type PauseNetworkErrorType = WriteErrorType;

export const createPauseNetworkBody = registryBodies.pause;
export const createUnpauseNetworkBody = registryBodies.unpause;

export async function getPauseNetworkTxParams(
    client: CocoonClient,
    parameters: PauseNetworkParameters,
): Promise<TxParams> {
    const value = withMargin(messageFees.governance(await client.getPrices()));
    return { to: client.registry, value, body: createPauseNetworkBody(parameters) };
}

/** Pauses the network for new registrations and jobs. From the guardian. */
export async function pauseNetwork(
    client: CocoonClient,
    parameters: PauseNetworkParameters,
): Promise<WriteResult> {
    return sendTransactions(client, [await getPauseNetworkTxParams(client, parameters)]);
}

export async function getUnpauseNetworkTxParams(
    client: CocoonClient,
    parameters: QueryOption = {},
): Promise<TxParams> {
    const value = withMargin(messageFees.governance(await client.getPrices()));
    return { to: client.registry, value, body: createUnpauseNetworkBody(parameters) };
}

/** Ends a pause early. From the guardian or the governor. */
export async function unpauseNetwork(
    client: CocoonClient,
    parameters: QueryOption = {},
): Promise<WriteResult> {
    return sendTransactions(client, [await getUnpauseNetworkTxParams(client, parameters)]);
}
