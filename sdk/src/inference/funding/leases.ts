import type { ChannelBook, ChannelLease, ChannelRecord } from '../channels/book';

/** The leases that this process holds, by channel. */
export class Leases {
    private readonly held = new Map<string, ChannelLease>();

    constructor(private readonly book: ChannelBook) {}

    add(lease: ChannelLease): ChannelLease {
        this.held.set(lease.id, lease);
        return lease;
    }

    all(): ChannelLease[] {
        return [...this.held.values()].filter(({ lost }) => !lost.aborted);
    }

    /** Adds a channel before its message is sent. Throws ChannelSlotTakenError. */
    async create(record: ChannelRecord): Promise<ChannelLease> {
        return this.add(await this.book.add(record));
    }

    /** The lease of a channel, taken where it is free; undefined while another process has it. */
    async take(id: string): Promise<ChannelLease | undefined> {
        const known = this.held.get(id);
        if (known !== undefined && !known.lost.aborted) return known;
        const lease = await this.book.lease(id);
        return lease && this.add(lease);
    }

    /** Runs `task` with the lease of a channel, which is kept only where it was held before. */
    async with(id: string, task: (lease: ChannelLease) => Promise<void>): Promise<void> {
        const held = this.held.has(id);
        const lease = await this.take(id);
        if (lease === undefined) return;
        try {
            await task(lease);
        } finally {
            if (!held) await this.give(lease);
        }
    }

    async give(lease: ChannelLease): Promise<void> {
        if (this.held.get(lease.id) === lease) this.held.delete(lease.id);
        await lease.release();
    }

    async retire(lease: ChannelLease): Promise<void> {
        await lease.update({ state: 'retired' });
        await this.give(lease);
    }

    async giveAll(): Promise<void> {
        await Promise.all([...this.held.values()].map((lease) => this.give(lease)));
    }
}
