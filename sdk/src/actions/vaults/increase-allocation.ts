import type { Cell } from '@ton/core';
import { vaultBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { check, checkAmount, checkGeneration, checkSlot } from './checks';
import { getAllocation } from './get-allocations';
import { requireVault } from './get-vault';
import type { AllocationTarget } from './target';

export type IncreaseAllocationParameters = AllocationTarget &
    QueryOption & {
        /** nanoTON on top of what is allocated. */
        readonly amount: bigint;
        /** Deposited with the message, in nanoTON; 0 by default. */
        readonly deposit?: bigint;
    };
export type IncreaseAllocationReturnType = WriteResult;
export type IncreaseAllocationErrorType = WriteErrorType | InvalidArgumentError;

/** Body of IncreaseAllocation. Pure. Throws InvalidArgumentError. */
export function createIncreaseAllocationBody(parameters: Omit<IncreaseAllocationParameters, 'vault'>): Cell {
    checkSlot(parameters.slot);
    checkGeneration(parameters.generation);
    checkAmount(parameters.amount, 'amount');
    return vaultBodies.increaseAllocation(parameters);
}

/** Checks allocation and balance on chain. Throws InvalidArgumentError. */
export async function getIncreaseAllocationTxParams(
    client: CocoonClient,
    parameters: IncreaseAllocationParameters,
): Promise<TxParams> {
    const { vault, generation, amount, deposit = 0n } = parameters;
    const body = createIncreaseAllocationBody(parameters);
    check(deposit >= 0n, 'deposit', 'at least 0 nanoTON');
    const [{ free }, allocation, prices] = await Promise.all([
        requireVault(client, vault),
        getAllocation(client, parameters),
        client.getPrices(),
    ]);
    const present = allocation?.generation === generation;
    check(present, 'generation', 'that of the allocation in the slot', 'Read it with getAllocation.');
    check(allocation?.releaseAt === 0, 'slot', 'one that is not being released', 'Allocate another slot.');
    const remedy = 'Top up the vault, give a deposit, or add less.';
    check(amount <= free + deposit, 'amount', `at most what is free, ${free + deposit} nanoTON`, remedy);
    return { to: vault, value: deposit + withMargin(messageFees.increaseAllocation(prices)), body };
}

/** Reserves more for a node. From the vault's client. */
export async function increaseAllocation(
    client: CocoonClient,
    parameters: IncreaseAllocationParameters,
): Promise<IncreaseAllocationReturnType> {
    return sendTransactions(client, [await getIncreaseAllocationTxParams(client, parameters)]);
}
