import type { SessionAnswer, SessionRequest } from '../../session/client/types';
import type { ChannelLease } from '../channels/book';
import type { NodeEntry } from '../nodes/entry';

/** A session with one node over one allocation, as the router uses it. */
export interface NodeSession {
    /** nanoTON of the allocation that are not promised by vouchers yet. */
    left(): bigint;
    /** nanoTON signed so far. */
    promised(): bigint;
    /** The allocation grew to this, nanoTON. */
    grown(allocated: bigint): void;
    /** The node's keys, endpoint or offers may have changed. */
    moved(node: NodeEntry): void;
    request(request: SessionRequest): Promise<SessionAnswer>;
    /** Asks the node to release the allocation at once. Throws CocoonError. */
    release(signal?: AbortSignal): Promise<void>;
}

/** Opens a session over a leased channel. */
export type OpenSession = (node: NodeEntry, lease: ChannelLease) => Promise<NodeSession>;
