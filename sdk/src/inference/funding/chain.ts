import type { VaultIdentity } from 'cocoon-wrappers';

/** One allocation as the vault has it. Accounts and keys in 64 hex digits, amounts in nanoTON. */
export type ChainAllocation = {
    readonly slot: number;
    readonly generation: bigint;
    readonly node: string;
    readonly payee: string;
    readonly voucherKey: string;
    readonly allocated: bigint;
    readonly claimed: bigint;
    /** Unix seconds from which the release can be finished; 0 when none was requested. */
    readonly releaseAt: number;
};

export type ChainVault = {
    /** nanoTON. */
    readonly free: bigint;
    /** Seconds. */
    readonly releaseDelay: number;
    readonly allocations: ReadonlyMap<number, ChainAllocation>;
};

export type NewChainAllocation = Pick<ChainAllocation, 'slot' | 'node' | 'payee' | 'voucherKey'> & {
    readonly amount: bigint;
};

/** What goes to a vault in one message of the wallet. */
export type VaultChange = {
    /** nanoTON that come on top, gas excluded. */
    readonly deposit?: bigint;
    readonly allocations?: readonly NewChainAllocation[];
    readonly increases?: readonly { slot: number; generation: bigint; amount: bigint }[];
};

/**
 * What funding does on chain. Writes resolve when everything that they led to has happened, and throw CocoonError; where the
 * outcome is unknown (trace_timeout, wallet_outcome_unknown) they may still happen.
 */
export interface FundingChain {
    readonly canSend: boolean;
    /** Unix seconds. */
    time(): Promise<number>;
    /** Throws NetworkPausedError. */
    assertNotPaused(): Promise<void>;
    /** Identity of a new vault of this client under the current terms. */
    newVault(nonce: bigint, openBefore: number): Promise<{ vault: string; identity: VaultIdentity }>;
    /** Undefined for a vault that is not open. */
    getVault(vault: string): Promise<ChainVault | undefined>;
    open(identity: VaultIdentity, change: VaultChange): Promise<void>;
    change(vault: string, change: VaultChange): Promise<void>;
    requestRelease(vault: string, slots: readonly number[]): Promise<void>;
    finishRelease(vault: string, slots: readonly number[]): Promise<void>;
    /** Everything that is free; resolves with the amount. */
    withdraw(vault: string): Promise<bigint>;
}
