import { DevnetError } from '../errors';
import type { AccountsCheckpoint } from './accounts';
import type { Chain, ChainVariables } from './chain';
import type { QueueCheckpoint } from './queue';
import type { ExternalMessage } from './types';

export interface ChainSnapshot {
    blocks: number;
    accounts: AccountsCheckpoint;
    queue: QueueCheckpoint;
    mempool: ExternalMessage[];
    variables: ChainVariables;
    /** Where the journal stood, if there is one. */
    journalPosition: number;
}

/** Snapshots by number. Reverting to one forgets those taken after it; it can itself be reverted to again. */
export class Snapshots {
    private readonly taken = new Map<number, ChainSnapshot>();
    private nextId = 1;

    constructor(private readonly chain: Chain) {}

    take(journalPosition: number): number {
        const { chain } = this;
        const id = this.nextId++;
        this.taken.set(id, {
            blocks: chain.blocks.length,
            accounts: chain.accounts.checkpoint(),
            queue: chain.queue.checkpoint(),
            mempool: chain.exportMempool(),
            variables: chain.exportVariables(),
            journalPosition,
        });
        return id;
    }

    /** Puts the chain back; returns the snapshot so that the journal can follow. */
    revert(id: number): ChainSnapshot {
        const snapshot = this.taken.get(id);
        if (!snapshot) {
            const known = [...this.taken.keys()].join(', ') || 'none';
            throw new DevnetError(
                'UNKNOWN_SNAPSHOT',
                `There is no snapshot ${id}.`,
                `Snapshots that can be reverted to: ${known}. Take one with devnet_snapshot.`,
            );
        }
        for (const later of [...this.taken.keys()]) if (later > id) this.taken.delete(later);
        const { chain } = this;
        chain.truncate(snapshot.blocks);
        chain.accounts.restore(snapshot.accounts);
        chain.queue.restore(snapshot.queue);
        chain.restoreMempool(snapshot.mempool);
        chain.restoreVariables(snapshot.variables);
        return snapshot;
    }
}
