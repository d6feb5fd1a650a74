import { Address, type Cell, contractAddress } from '@ton/core';
import { decodeAllocations, type Rpc, Vault, type VaultAllocation } from 'cocoon-sdk';

/** What the chain says of one vault. */
export interface VaultFacts {
    /** Hash of the terms that it lives under. */
    termsHash: bigint;
    networkId: number;
    /** Seconds from the request of a release to its end. */
    releaseDelay: number;
    /** By slot. */
    allocations: ReadonlyMap<number, VaultAllocation>;
    /** Unix milliseconds at which it was read. */
    readAt: number;
}

export interface VaultReaderOptions {
    rpc: Pick<Rpc, 'getAccount'>;
    registry: Address;
    /** Unix milliseconds. */
    now: () => number;
}

/**
 * Reads a vault in one call and checks that it is genuine: its address is made of the code in this release and of the
 * identity that its data refers to, so that nobody can have given it a state that the code did not write. Undefined where
 * there is none that is open. Throws RpcError.
 */
export async function readVault(
    vault: Address,
    { rpc, registry, now }: VaultReaderOptions,
): Promise<VaultFacts | undefined> {
    const account = await rpc.getAccount(vault);
    // Before it is opened, the data has no reference: contracts/vault/state.tact has both layouts.
    const identity = account.data?.refs.at(-1);
    if (account.state !== 'active' || !account.data || !identity) return undefined;
    if (!contractAddress(0, { code: Vault.code(), data: identity }).equals(vault)) return undefined;
    const { owner, termsHash } = readIdentity(identity);
    if (!owner.equals(registry)) return undefined;
    return { termsHash, ...readData(account.data), readAt: now() };
}

function readIdentity(identity: Cell): { owner: Address; termsHash: bigint } {
    const slice = identity.beginParse();
    return { owner: slice.loadAddress(), termsHash: slice.loadUintBig(256) };
}

const TAG_BITS = 32;
const ACCOUNT_BITS = 256;
const MONEY_BITS = 128;
const FEE_BITS = 16;

function readData(data: Cell): Pick<VaultFacts, 'allocations' | 'networkId' | 'releaseDelay'> {
    const slice = data.beginParse();
    const allocations = decodeAllocations(slice.loadMaybeRef());
    const networkId = slice.skip(TAG_BITS).loadInt(32);
    const releaseDelay = slice.skip(ACCOUNT_BITS + MONEY_BITS + FEE_BITS).loadUint(32);
    return { allocations, networkId, releaseDelay };
}

/** Raw address of a basechain account. */
export function rawAddress(account: Uint8Array): string {
    return `0:${Buffer.from(account.buffer, account.byteOffset, account.length).toString('hex')}`;
}

export function accountOfRaw(address: string): Uint8Array {
    return new Uint8Array(Address.parseRaw(address).hash);
}
