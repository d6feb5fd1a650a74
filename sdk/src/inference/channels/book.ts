/** What this process may sign for: one allocation of a vault. Everything that is needed to go on after a crash. */
export type ChannelRecord = {
    /** Random; names the channel before and after the chain gave its generation. */
    readonly id: string;
    /** Raw address. */
    readonly vault: string;
    readonly slot: number;
    /** 0 while the allocation is only asked for: the chain gives the generation. */
    readonly generation: bigint;
    /** Account of the node, 64 hex digits. */
    readonly node: string;
    /** Account that is paid, 64 hex digits. */
    readonly payee: string;
    /** Seed of the Ed25519 voucher key, 64 hex digits. Secret: whoever has it can give the allocation to the node. */
    readonly voucherSeed: string;
    /** nanoTON. */
    readonly allocated: bigint;
    readonly state: 'asked' | 'open' | 'releasing' | 'retired';
    /** No voucher above it was ever signed; nanoTON. */
    readonly cumulative: bigint;
    /** No request with a higher number was ever sent. */
    readonly sequence: bigint;
};

/** The vault that allocations come from; enough to derive its address and to open it again. */
export type VaultRecord = {
    /** Raw address. */
    readonly vault: string;
    readonly nonce: bigint;
    /** Unix seconds. */
    readonly openBefore: number;
    /** 64 hex digits. */
    readonly termsHash: string;
    /** All that was ever sent into it, or was about to be; nanoTON. */
    readonly deposited: bigint;
    readonly state: 'asked' | 'open' | 'closed';
};

/** High-water marks: only ever raised. */
export type ChannelMarks = { readonly cumulative: bigint; readonly sequence: bigint };

/**
 * Durable store of vaults and allocations, shared by all processes that spend from one vault. Whatever a method resolves for
 * survives a crash. Secrets are in it: keep it private.
 */
export interface ChannelBook {
    /** In the order in which they were added. */
    vaults(): Promise<readonly VaultRecord[]>;
    /** Adds or replaces by address. */
    setVault(record: VaultRecord): Promise<void>;
    /** All that are not retired, leased or not. */
    list(): Promise<readonly ChannelRecord[]>;
    /**
     * Adds an allocation before its message is sent, and leases it to the caller.
     * Throws ChannelSlotTakenError where a channel that is not retired has the slot.
     */
    add(record: ChannelRecord): Promise<ChannelLease>;
    /** The exclusive right to sign for a channel; undefined while another process has it. */
    lease(id: string): Promise<ChannelLease | undefined>;
    /**
     * Runs while no other process changes the vault (opens, allocates, releases). Not re-entrant. Throws
     * what `task` throws.
     */
    exclusively<T>(task: () => Promise<T>): Promise<T>;
}

/** The right to sign for one channel, until it is given back or lost. */
export interface ChannelLease {
    readonly id: string;
    readonly record: ChannelRecord;
    /** Aborts when another process took over, as after a long pause of this one. Nothing may be signed then. */
    readonly lost: AbortSignal;
    /**
     * Durable before it resolves. Marks never fall: a lower one is ignored. Throws ChannelLeaseLostError (fencing): then
     * nothing may be signed.
     */
    raise(marks: Partial<ChannelMarks>): Promise<void>;
    /** Changes what the chain decided. Throws ChannelLeaseLostError. */
    update(change: Partial<Pick<ChannelRecord, 'generation' | 'allocated' | 'state'>>): Promise<void>;
    /** Gives the channel back for others. */
    release(): Promise<void>;
}
