/** One allocation of a Vault to a node, as every signature and envelope names it. Accounts are basechain account ids of 32 bytes. */
export type AllocationRef = {
    /** Global id of the network: -239 mainnet, -3 testnet. */
    readonly networkId: number;
    readonly node: Uint8Array;
    readonly vault: Uint8Array;
    /** 0 … 127. */
    readonly slot: number;
    readonly generation: bigint;
};

/** One request of an allocation. */
export type RequestRef = AllocationRef & { readonly sequence: bigint };
