import type { Address } from '@ton/core';
import { Vault, type VaultData, type VaultIdentity } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { InvalidArgumentError } from '../../errors';
import { GetMethodError, type RpcError } from '../../rpc';
import { readVaultIdentity } from './genuine';
import type { VaultTarget } from './target';

export type GetVaultParameters = VaultTarget;
/** State of a vault. Amounts in nanoTON, times in seconds. */
export type VaultInfo = VaultData & { readonly address: Address; readonly identity: VaultIdentity };
export type GetVaultReturnType = VaultInfo | null;
export type GetVaultErrorType = RpcError;

/** State of a vault; null when there is none at the address: not opened yet, destroyed, or no Vault. */
export async function getVault(
    client: CocoonClient,
    { vault }: GetVaultParameters,
): Promise<GetVaultReturnType> {
    const identity = await readVaultIdentity(client, vault);
    if (identity === null) return null;
    try {
        const data = await client.open(Vault.fromAddress(vault)).getVault();
        return data && { ...data, address: vault, identity };
    } catch (error) {
        // It was destroyed between the two calls.
        if (error instanceof GetMethodError) return null;
        throw error;
    }
}

/** A vault that is open. Throws InvalidArgumentError. */
export async function requireVault(client: CocoonClient, vault: Address): Promise<VaultInfo> {
    const info = await getVault(client, { vault });
    if (info === null) {
        throw new InvalidArgumentError(`There is no open vault at ${vault.toString()}.`, {
            remedy: 'Check the address and the network; open a vault first.',
            details: { field: 'vault' },
        });
    }
    return info;
}
