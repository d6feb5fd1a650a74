import type { NodeOffer, SessionPrimitives } from 'cocoon-sdk';
import type { SessionsConfig } from '../config';
import type { ServedModel } from '../context';
import type { SessionStore } from '../journal';
import type { Logger } from '../observability';
import type { SessionMetrics } from './metrics';

/** What the parts of the session server have in common. */
export interface SessionEnvironment {
    /** Network and account of this node. */
    readonly place: { readonly networkId: number; readonly node: Uint8Array };
    readonly primitives: SessionPrimitives;
    /** Ed25519 seed. */
    readonly operatorSecret: Uint8Array;
    /** X25519 secret of the key on chain. */
    readonly encryptionSecret: Uint8Array;
    readonly config: SessionsConfig;
    readonly store: SessionStore;
    /** By model id. */
    readonly models: ReadonlyMap<string, ServedModel>;
    /** What the node offers on chain now. */
    readonly offers: () => Iterable<NodeOffer>;
    /** Whether the node serves vaults under the terms with this hash now. */
    readonly isServed: (termsHash: bigint) => boolean;
    /** Whether the operator key on chain is this one's: what another has signed proves nothing to a client. */
    readonly isOperator: () => boolean;
    /** Account that the node is paid at: an allocation that pays anyone else is none for this node. */
    readonly payout: () => Uint8Array;
    readonly logger: Logger;
    readonly metrics: SessionMetrics;
    /** Unix milliseconds. */
    readonly now: () => number;
    /** The journal cannot be written any more: nothing can be served. */
    readonly fatal: (error: unknown) => void;
}
