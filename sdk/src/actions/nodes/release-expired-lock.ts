import type { Address } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type ReleaseExpiredLockParameters = NodeTarget &
    QueryOption & { /** The job whose lock is past its hard end. */ readonly holder: Address };
export type ReleaseExpiredLockReturnType = WriteResult;
export type ReleaseExpiredLockErrorType = WriteErrorType;

export const createReleaseExpiredLockBody = nodeBodies.releaseExpiredLock;

export async function getReleaseExpiredLockTxParams(
    client: CocoonClient,
    parameters: ReleaseExpiredLockParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.releaseLock(prices)),
        body: createReleaseExpiredLockBody(parameters),
    };
}

/** Frees stake whose job never ended its lock. From anyone. */
export async function releaseExpiredLock(
    client: CocoonClient,
    parameters: ReleaseExpiredLockParameters,
): Promise<ReleaseExpiredLockReturnType> {
    return sendTransactions(client, [await getReleaseExpiredLockTxParams(client, parameters)]);
}
