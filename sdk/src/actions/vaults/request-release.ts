import type { Cell } from '@ton/core';
import { vaultBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { check, checkSlots } from './checks';
import { getAllocations } from './get-allocations';
import type { VaultTarget } from './target';

export type RequestReleaseParameters = VaultTarget &
    QueryOption & { /** 1 to 32 different slots. */ readonly slots: readonly number[] };
export type RequestReleaseReturnType = WriteResult;
export type RequestReleaseErrorType = WriteErrorType | InvalidArgumentError;

/** Body of RequestRelease. Pure. Throws InvalidArgumentError. */
export function createRequestReleaseBody({ queryId, slots }: Omit<RequestReleaseParameters, 'vault'>): Cell {
    checkSlots(slots);
    return vaultBodies.requestRelease({ queryId, slots });
}

/** Checks the slots on chain. Throws InvalidArgumentError. */
export async function getRequestReleaseTxParams(
    client: CocoonClient,
    parameters: RequestReleaseParameters,
): Promise<TxParams> {
    const { vault, slots } = parameters;
    const body = createRequestReleaseBody(parameters);
    const [prices, present] = await Promise.all([client.getPrices(), getAllocations(client, { vault })]);
    const wrong = slots.find((slot) => present.get(slot)?.releaseAt !== 0);
    const remedy = 'Leave it out: it has no allocation, or is being released already.';
    check(wrong === undefined, 'slots', `allocated and not in release, but ${wrong} is not`, remedy);
    return { to: vault, value: withMargin(messageFees.requestRelease(prices, slots.length)), body };
}

/**
 * Asks for allocations back. From the vault's client. Nodes redeem what they were promised; after the release delay
 * finishRelease frees the rest.
 */
export async function requestRelease(
    client: CocoonClient,
    parameters: RequestReleaseParameters,
): Promise<RequestReleaseReturnType> {
    return sendTransactions(client, [await getRequestReleaseTxParams(client, parameters)]);
}
