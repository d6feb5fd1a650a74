import type { Cell } from '@ton/core';
import { type VaultAllocation, vaultBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { NetworkPausedError } from '../../client/errors';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import { assertNotPaused } from '../network/is-paused';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { check, checkedAllocations, totalOf } from './checks';
import { getAllocations } from './get-allocations';
import { requireVault } from './get-vault';
import { madeAllocations } from './made';
import type { AllocationOrder, VaultTarget } from './target';

export type AllocateParameters = VaultTarget &
    QueryOption & {
        /** 1 to 32, of different free slots. */
        readonly allocations: readonly AllocationOrder[];
        /** Deposited with the message, in nanoTON; 0 by default. */
        readonly deposit?: bigint;
    };
export type AllocateReturnType = WriteResult & {
    /** In the order of the parameters. */
    readonly allocations: readonly VaultAllocation[];
};
export type AllocateErrorType = WriteErrorType | NetworkPausedError | InvalidArgumentError;

/** Body of Allocate. Pure. Throws InvalidArgumentError. */
export function createAllocateBody({
    queryId,
    allocations,
}: QueryOption & Pick<AllocateParameters, 'allocations'>): Cell {
    return vaultBodies.allocate({ queryId, allocations: checkedAllocations(allocations) });
}

/** Checks slots and balance on chain. Throws NetworkPausedError, InvalidArgumentError. */
export async function getAllocateTxParams(
    client: CocoonClient,
    parameters: AllocateParameters,
): Promise<TxParams> {
    const { vault, allocations, deposit = 0n } = parameters;
    const body = createAllocateBody(parameters);
    check(deposit >= 0n, 'deposit', 'at least 0 nanoTON');
    const [{ free }, present, prices] = await Promise.all([
        requireVault(client, vault),
        getAllocations(client, { vault }),
        client.getPrices(),
        assertNotPaused(client),
    ]);
    const taken = allocations.find(({ slot }) => present.has(slot));
    check(!taken, 'slot', `free, but ${taken?.slot} is taken`, 'Choose another slot, or release it first.');
    const total = totalOf(allocations);
    check(
        total <= free + deposit,
        'amount',
        `in all at most what is free, ${free + deposit} nanoTON`,
        'Top up the vault, give a deposit with the allocations, or allocate less.',
    );
    const count = allocations.length;
    const storage = messageFees.vaultStorage(prices, count) - messageFees.vaultStorage(prices, 0);
    return { to: vault, value: deposit + storage + withMargin(messageFees.allocate(prices, count)), body };
}

/** Reserves money of a vault for nodes. From its client. What is not needed for fees stays in the vault. */
export async function allocate(
    client: CocoonClient,
    parameters: AllocateParameters,
): Promise<AllocateReturnType> {
    const result = await sendTransactions(client, [await getAllocateTxParams(client, parameters)]);
    return { ...result, allocations: await madeAllocations(client, parameters, parameters.allocations) };
}
