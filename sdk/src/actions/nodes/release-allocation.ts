import type { Cell } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { checkedRelease } from '../vaults/checks';
import type { AllocationTarget, VoucherParameters } from '../vaults/target';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type ReleaseAllocationParameters = NodeTarget &
    AllocationTarget &
    /** The last voucher, redeemed first; without it nothing more is redeemed. */
    Partial<Pick<VoucherParameters, 'cumulative' | 'signature'>> &
    QueryOption;
export type ReleaseAllocationReturnType = WriteResult;
export type ReleaseAllocationErrorType = WriteErrorType | InvalidArgumentError;

/** Body of ReleaseAllocation. Pure. Throws InvalidArgumentError. */
export function createReleaseAllocationBody(parameters: Omit<ReleaseAllocationParameters, 'node'>): Cell {
    const { queryId, vault } = parameters;
    return nodeBodies.releaseAllocation({ queryId, vault, ...checkedRelease(parameters) });
}

/** Throws InvalidArgumentError. */
export async function getReleaseAllocationTxParams(
    client: CocoonClient,
    parameters: ReleaseAllocationParameters,
): Promise<TxParams> {
    const body = createReleaseAllocationBody(parameters);
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.releaseAllocation(prices)),
        body,
    };
}

/**
 * Gives an allocation to this node back to its client at once, and is paid for a voucher on the way. From operator or
 * owner.
 */
export async function releaseAllocation(
    client: CocoonClient,
    parameters: ReleaseAllocationParameters,
): Promise<ReleaseAllocationReturnType> {
    return sendTransactions(client, [await getReleaseAllocationTxParams(client, parameters)]);
}
