import { Vault, type VaultAllocation } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { GetMethodError, type RpcError } from '../../rpc';
import { checkSlot } from './checks';
import type { VaultTarget } from './target';

export type GetAllocationParameters = VaultTarget & { readonly slot: number };
export type GetAllocationReturnType = VaultAllocation | null;
export type GetAllocationsReturnType = ReadonlyMap<number, VaultAllocation>;
export type GetAllocationErrorType = RpcError;

/** The allocation of a slot; null when there is none. Throws InvalidArgumentError for a slot outside 0…127. */
export async function getAllocation(
    client: CocoonClient,
    { vault, slot }: GetAllocationParameters,
): Promise<GetAllocationReturnType> {
    checkSlot(slot);
    return orWithoutVault(client.open(Vault.fromAddress(vault)).getAllocation(slot), null);
}

/** All allocations by slot; none when there is no vault. */
export async function getAllocations(
    client: CocoonClient,
    { vault }: VaultTarget,
): Promise<GetAllocationsReturnType> {
    return orWithoutVault(client.open(Vault.fromAddress(vault)).getAllocations(), new Map());
}

/** Without a contract there is no such get method. */
async function orWithoutVault<T>(reading: Promise<T>, none: T): Promise<T> {
    try {
        return await reading;
    } catch (error) {
        if (error instanceof GetMethodError) return none;
        throw error;
    }
}
