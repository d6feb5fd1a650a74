import type { Address, Cell } from '@ton/core';
import { codeId, type Terms, Vault, type VaultIdentity } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { SdkOutdatedError } from '../../client/errors';
import type { RpcError } from '../../rpc';
import { type GetTermsErrorType, getTerms } from '../network/get-terms';
import type { VaultTarget } from './target';

export type IsGenuineVaultParameters = VaultTarget & {
    /** Those that are accepted, see getTerms; the current ones by default. */
    readonly terms?: readonly { readonly hash: bigint; readonly terms: Terms }[];
};
export type IsGenuineVaultReturnType = boolean;
export type IsGenuineVaultErrorType = GetTermsErrorType | RpcError;

/**
 * Whether a vault is what it says it is: its address follows from the code that accepted terms name, from the client's
 * Registry and from what it was deployed with. Its money and allocations can be believed then.
 */
export async function isGenuineVault(
    client: CocoonClient,
    { vault, terms }: IsGenuineVaultParameters,
): Promise<IsGenuineVaultReturnType> {
    const accepted = terms ?? [await getTerms(client)];
    const identity = await readVaultIdentity(client, vault);
    if (identity === null || !identity.registry.equals(client.registry)) return false;
    const found = accepted.find(({ hash }) => hash === identity.termsHash);
    return found !== undefined && vaultSupported(found.terms);
}

/** What a vault was deployed with; null where there is no contract with the Vault's code and that address. */
export async function readVaultIdentity(client: CocoonClient, vault: Address): Promise<VaultIdentity | null> {
    const { data } = await client.reader.getAccount(vault);
    // The address proves the identity, so it does not matter where in the data it was found.
    const found = data && [data, ...data.refs].map(parseIdentity).find((it) => it && matches(it, vault));
    return found ?? null;
}

function matches(identity: VaultIdentity, vault: Address): boolean {
    return Vault.fromIdentity(identity).address.equals(vault);
}

/** Throws SdkOutdatedError when the terms have no vaults, or others than this SDK has. */
export function assertVaultSupported(terms: Terms): void {
    if (!vaultSupported(terms)) throw new SdkOutdatedError('another vault code');
}

function vaultSupported(terms: Terms): boolean {
    return terms.kinds.vault?.hash === codeId(Vault.code()).hash;
}

function parseIdentity(data: Cell): VaultIdentity | null {
    try {
        const slice = data.beginParse();
        return {
            registry: slice.loadAddress(),
            termsHash: slice.loadUintBig(256),
            client: slice.loadAddress(),
            nonce: slice.loadUintBig(64),
            openBefore: slice.loadUint(32),
        };
    } catch {
        return null;
    }
}
