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

export type FinishReleaseParameters = VaultTarget &
    QueryOption & { /** 1 to 32 different slots. */ readonly slots: readonly number[] };
export type FinishReleaseReturnType = WriteResult;
export type FinishReleaseErrorType = WriteErrorType | InvalidArgumentError;

/** Body of FinishRelease. Pure. Throws InvalidArgumentError. */
export function createFinishReleaseBody({ queryId, slots }: Omit<FinishReleaseParameters, 'vault'>): Cell {
    checkSlots(slots);
    return vaultBodies.finishRelease({ queryId, slots });
}

/** Checks on chain that the delay of every slot is over. Throws InvalidArgumentError. */
export async function getFinishReleaseTxParams(
    client: CocoonClient,
    parameters: FinishReleaseParameters,
): Promise<TxParams> {
    const { vault, slots } = parameters;
    const body = createFinishReleaseBody(parameters);
    const [prices, present, now] = await Promise.all([
        client.getPrices(),
        getAllocations(client, { vault }),
        client.getTime(),
    ]);
    for (const slot of slots) {
        const releaseAt = present.get(slot)?.releaseAt ?? 0;
        check(releaseAt !== 0, 'slots', `in release, but ${slot} is not`, 'Use requestRelease first.');
        check(now >= releaseAt, 'slots', `over their delay, but ${slot} is so at ${releaseAt}`, 'Wait.');
    }
    return { to: vault, value: withMargin(messageFees.finishRelease(prices, slots.length)), body };
}

/** Frees what was not redeemed, once the release delay is over. From anyone. */
export async function finishRelease(
    client: CocoonClient,
    parameters: FinishReleaseParameters,
): Promise<FinishReleaseReturnType> {
    return sendTransactions(client, [await getFinishReleaseTxParams(client, parameters)]);
}
