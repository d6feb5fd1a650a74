import type { ChannelBook, ChannelLease, ChannelRecord } from '../channels/book';
import type { ChainAllocation, ChainVault } from './chain';
import type { Leases } from './leases';

/** How long after it was first missed an allocation that was asked for may still appear on chain. */
const ASKED_MS = 15 * 60_000;

export type ReconcileParts = {
    readonly book: ChannelBook;
    readonly leases: Leases;
    /** Hex digits of the public key of a seed in hex digits. */
    readonly publicKey: (voucherSeed: string) => string;
    readonly now: () => number;
    /** The money of a channel is free again. */
    readonly onReleased: (record: ChannelRecord) => void;
};

/** Makes the book say what the chain says: what was asked for and came, what grew, what nodes released. */
export class Reconciler {
    private readonly missedSince = new Map<string, number>();

    constructor(private readonly parts: ReconcileParts) {}

    async run(vault: string, state: ChainVault): Promise<void> {
        for (const record of await this.parts.book.list()) {
            if (record.vault !== vault) continue;
            const found = state.allocations.get(record.slot);
            const change = this.changeOf(record, found);
            if (change !== undefined)
                await this.parts.leases.with(record.id, (lease) => this.apply(lease, change));
        }
    }

    private changeOf(
        record: ChannelRecord,
        found: ChainAllocation | undefined,
    ): Partial<ChannelRecord> | undefined {
        const ours = found !== undefined && found.voucherKey === this.parts.publicKey(record.voucherSeed);
        if (!ours)
            return record.state === 'asked' && !this.overdue(record.id) ? undefined : { state: 'retired' };
        this.missedSince.delete(record.id);
        const state = found.releaseAt !== 0 || record.state === 'releasing' ? 'releasing' : 'open';
        const same =
            state === record.state &&
            found.generation === record.generation &&
            found.allocated === record.allocated;
        return same ? undefined : { state, generation: found.generation, allocated: found.allocated };
    }

    private async apply(lease: ChannelLease, change: Partial<ChannelRecord>): Promise<void> {
        if (change.state !== 'retired') return lease.update(change);
        this.missedSince.delete(lease.id);
        const { record } = lease;
        await this.parts.leases.retire(lease);
        if (record.state !== 'asked') this.parts.onReleased(record);
    }

    /** A message that was signed before a crash may still execute. */
    private overdue(id: string): boolean {
        const since = this.missedSince.get(id) ?? this.parts.now();
        this.missedSince.set(id, since);
        return this.parts.now() - since > ASKED_MS;
    }
}
