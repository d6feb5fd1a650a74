import type { NodeOffer } from 'cocoon-wrappers';

/** A node as the chain shows it. Accounts and keys in 64 hex digits, amounts in nanoTON. */
export type NodeEntry = {
    readonly account: string;
    /** Ed25519, signs receipts and session keys. */
    readonly operatorKey: string;
    /** X25519. */
    readonly encryptionKey: string;
    /** Account that is paid. */
    readonly payee: string;
    readonly endpoint: string;
    readonly stake: bigint;
    readonly offers: readonly NodeOffer[];
};

/** A model of the catalogue. */
export type ModelEntry = { readonly name: string; readonly modelId: bigint; readonly addedAt: number };

/** Catalogue and nodes at one time. */
export type DirectoryState = { readonly models: readonly ModelEntry[]; readonly nodes: readonly NodeEntry[] };
