import type { ChannelBook, ChannelLease } from '../channels/book';
import { VaultEmptyError } from '../errors';
import type { NodeEntry } from '../nodes/entry';
import type { Funder } from './funder';
import type { Leases } from './leases';
import type { NodeSession, OpenSession } from './session';

/** An allocation that this process can sign for now. */
export type ReadyChannel = {
    readonly lease: ChannelLease;
    readonly session: NodeSession;
    /** Where the node's entry was read, to notice that it moved. */
    entry: NodeEntry;
    /** What the allocation is known to hold; nanoTON. */
    allocated: bigint;
    /** What the next increase brings; doubles with each, so that a busy node is topped up seldom. */
    step: bigint;
};

export type PoolParts = {
    readonly book: ChannelBook;
    readonly leases: Leases;
    readonly funder: Funder;
    readonly openSession: OpenSession;
    /** First allocation, nanoTON. */
    readonly allocation: bigint;
    /** Most that is unspent at one node, nanoTON. */
    readonly maxPerNode: bigint;
    /** Nodes that get money unasked. */
    readonly maxNodes: number;
    /** Share of a step below which more is allocated in the background. */
    readonly lowWater: number;
    /** Milliseconds. */
    readonly now: () => number;
    readonly onFunded: (lease: ChannelLease, kind: 'allocated' | 'increased', amount: bigint) => void;
    readonly onFailure: (error: unknown) => void;
};

/** What somebody needs at one node; nanoTON. */
export type Need = {
    readonly wanted: bigint;
    /** Less is of no use. */
    readonly minimum: bigint;
};

/** How often others may take what one asked for. */
const ROUNDS = 5;
/** Pause after a failure in the background. */
const REST_MS = 10_000;

/** Channels by node: at most one for each, taken from the book or allocated. */
export class ChannelPool {
    private readonly channels = new Map<string, ReadyChannel>();
    private restUntil = Number.NEGATIVE_INFINITY;
    private readonly preparing = new Map<string, Promise<ReadyChannel>>();

    constructor(private readonly parts: PoolParts) {}

    /** The open channel with a node that has at least `needed` nanoTON left. */
    ready(entry: NodeEntry, needed: bigint): ReadyChannel | undefined {
        const channel = this.channels.get(entry.account);
        if (channel === undefined) return undefined;
        if (channel.lease.record.state !== 'open' || channel.lease.lost.aborted) {
            this.channels.delete(entry.account);
            return undefined;
        }
        if (channel.entry !== entry) {
            channel.entry = entry;
            channel.session.moved(entry);
        }
        this.follow(channel);
        return channel.session.left() >= needed ? channel : undefined;
    }

    /**
     * A channel with a node: from the book, topped up, or allocated. Callers that come together share one allocation.
     * Throws as Funder does.
     */
    async prepare(entry: NodeEntry, need: Need): Promise<ReadyChannel> {
        for (let round = 0; round < ROUNDS; round++) {
            // What others took meanwhile may leave less than wished for.
            const ready = this.ready(entry, round === 0 ? need.wanted : need.minimum);
            if (ready !== undefined) return ready;
            await this.shared(entry, need);
        }
        throw new VaultEmptyError('Other requests use up what is allocated to the node.');
    }

    /** As prepare, for later: nobody waits. Does nothing where enough nodes have money. */
    prepareBehind(entry: NodeEntry, need: Need): void {
        if (this.resting() || this.channels.size + this.preparing.size >= this.parts.maxNodes) return;
        this.behind(this.prepare(entry, need));
    }

    /** After money was spent: asks for more ahead of need. */
    spent(channel: ReadyChannel): void {
        this.follow(channel);
        const { account } = channel.entry;
        const low = (channel.step * BigInt(Math.round(this.parts.lowWater * 1_000))) / 1_000n;
        if (channel.session.left() >= low || this.preparing.has(account)) return;
        if (this.channels.get(account) !== channel) return;
        if (!this.resting()) this.behind(this.shared(channel.entry, { wanted: low, minimum: 1n }));
    }

    /**
     * The node serves no more on a channel, or another process has it. Nothing is signed on it from here on; what it holds comes
     * back when the chain shows its release, or through settle.
     */
    async abandon(channel: ReadyChannel): Promise<void> {
        if (this.channels.get(channel.entry.account) === channel) this.channels.delete(channel.entry.account);
        const { lease } = channel;
        if (lease.lost.aborted) return this.parts.leases.give(lease);
        if (lease.record.state === 'open') await lease.update({ state: 'releasing' });
    }

    /** The session over a channel, while it is open here. */
    sessionOf(lease: ChannelLease): NodeSession | undefined {
        return this.open().find((channel) => channel.lease.id === lease.id)?.session;
    }

    open(): ReadyChannel[] {
        return [...this.channels.values()];
    }

    /** What fails where nobody waits is not tried again with every request. */
    private resting(): boolean {
        return this.parts.now() < this.restUntil;
    }

    private behind(work: Promise<unknown>): void {
        work.catch((error) => {
            this.restUntil = this.parts.now() + REST_MS;
            this.parts.onFailure(error);
        });
    }

    private shared(entry: NodeEntry, need: Need): Promise<ReadyChannel> {
        const running = this.preparing.get(entry.account);
        if (running !== undefined) return running;
        const started = this.make(entry, need).finally(() => this.preparing.delete(entry.account));
        this.preparing.set(entry.account, started);
        return started;
    }

    private async make(entry: NodeEntry, need: Need): Promise<ReadyChannel> {
        const channel = this.ready(entry, 0n) ?? (await this.fromBook(entry));
        if (channel === undefined) return this.allocate(entry, need);
        if (channel.session.left() < need.wanted) await this.increase(channel, need);
        return channel;
    }

    /** A channel of an earlier run, or of a process that is gone. */
    private async fromBook(entry: NodeEntry): Promise<ReadyChannel | undefined> {
        for (const { id, node, state } of await this.parts.book.list()) {
            if (node !== entry.account || state !== 'open') continue;
            const lease = await this.parts.leases.take(id);
            if (lease?.record.state === 'open') return this.opened(entry, lease);
        }
        return undefined;
    }

    private async allocate(entry: NodeEntry, { wanted, minimum }: Need): Promise<ReadyChannel> {
        const { allocation, funder } = this.parts;
        const amount = this.capped(2n * wanted > allocation ? 2n * wanted : allocation);
        const lease = await funder.allocate(entry, { amount, minimum });
        this.parts.onFunded(lease, 'allocated', lease.record.allocated);
        return this.opened(entry, lease);
    }

    private async increase(channel: ReadyChannel, { wanted, minimum }: Need): Promise<void> {
        const left = channel.session.left();
        const missing = wanted - left;
        const step = missing > channel.step ? missing : channel.step;
        const room = this.parts.maxPerNode - left;
        const before = channel.lease.record.allocated;
        await this.parts.funder.increase(channel.lease, {
            amount: step < room ? step : room,
            minimum: minimum > left ? minimum - left : 1n,
        });
        channel.step = this.capped(2n * channel.step);
        this.follow(channel);
        this.parts.onFunded(channel.lease, 'increased', channel.lease.record.allocated - before);
    }

    private async opened(entry: NodeEntry, lease: ChannelLease): Promise<ReadyChannel> {
        const session = await this.parts.openSession(entry, lease);
        const { allocated } = lease.record;
        const channel = { lease, session, entry, allocated, step: this.parts.allocation };
        this.channels.set(entry.account, channel);
        return channel;
    }

    /** The lease learns from the chain what the allocation holds. */
    private follow(channel: ReadyChannel): void {
        const { allocated } = channel.lease.record;
        if (allocated === channel.allocated) return;
        channel.allocated = allocated;
        channel.session.grown(allocated);
    }

    private capped(amount: bigint): bigint {
        return amount < this.parts.maxPerNode ? amount : this.parts.maxPerNode;
    }
}
