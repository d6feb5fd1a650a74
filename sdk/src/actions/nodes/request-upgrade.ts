import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type RequestUpgradeParameters = NodeTarget &
    QueryOption & {
        /** Of the release that the owner reviewed, see getRelease. */ readonly releaseHash: bigint;
    };
export type RequestUpgradeReturnType = WriteResult;
export type RequestUpgradeErrorType = WriteErrorType;

export const createRequestUpgradeBody = nodeBodies.requestUpgrade;

export async function getRequestUpgradeTxParams(
    client: CocoonClient,
    parameters: RequestUpgradeParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.upgrade(prices)) + messageFees.nodeStorage(prices),
        body: createRequestUpgradeBody(parameters),
    };
}

/** Upgrades a node to the Registry's current release. From the owner. */
export async function requestUpgrade(
    client: CocoonClient,
    parameters: RequestUpgradeParameters,
): Promise<RequestUpgradeReturnType> {
    return sendTransactions(client, [await getRequestUpgradeTxParams(client, parameters)]);
}
