import type { Clock } from '../../utils';
import type { ChannelBook, ChannelLease, ChannelRecord } from '../channels/book';
import type { SettleOptions, SettleResult } from '../types';
import type { ChainVault, FundingChain } from './chain';
import type { Leases } from './leases';
import type { Reconciler } from './reconcile';
import type { Vaults } from './vaults';

export type SettlerParts = {
    readonly chain: FundingChain;
    readonly book: ChannelBook;
    readonly leases: Leases;
    readonly vaults: Vaults;
    readonly reconciler: Reconciler;
    readonly clock: Clock;
    /** Asks the node to release; rejects where it does not. */
    readonly askNode: (lease: ChannelLease, signal?: AbortSignal) => Promise<void>;
    readonly onReleasing: (record: ChannelRecord) => void;
};

/** Slots in one message. */
const MAX_SLOTS_PER_MESSAGE = 32;
/** How long nodes that agreed have for their message, and how often it is looked for. */
const NODE_LOOKS = 30;
const LOOK_MS = 2_000;

type Open = { readonly vault: string; readonly state: ChainVault };

/** Brings allocated money back: with the nodes' help at once, without it after releaseDelay. */
export class Settler {
    constructor(private readonly parts: SettlerParts) {}

    /** Throws CocoonError where the chain cannot be reached; may be called again then. */
    async settle({ wait = false, withdraw = false, signal }: SettleOptions = {}): Promise<SettleResult> {
        const { book, chain } = this.parts;
        const before = await book.exclusively(() => this.read());
        if (before === undefined) return { released: 0, pending: 0, withdrawn: 0n };
        const mine = await this.stopSigning(before.vault);
        const helped = await this.askNodes(mine, signal);
        await this.awaitNodes(helped, signal);
        await book.exclusively(() => this.requestReleases(mine));
        if (wait) await this.awaitDelay(mine, signal);
        const after = await book.exclusively(() => this.finishReleases(mine));
        const pending =
            after === undefined ? 0 : mine.filter(({ record }) => holds(after.state, record)).length;
        // Nobody may allocate what is being withdrawn.
        const withdrawn = withdraw ? await book.exclusively(() => chain.withdraw(before.vault)) : 0n;
        return { released: mine.length - pending, pending, withdrawn };
    }

    /** Finishes releases whose time has come, and learns what nodes released. */
    async maintain(): Promise<void> {
        await this.parts.book.exclusively(() => this.finishReleases(undefined));
    }

    /** The vault and its channels, the book in step with the chain. */
    private async read(): Promise<Open | undefined> {
        const open = await this.parts.vaults.open();
        if (open === undefined) return undefined;
        const { record, state } = open;
        await this.parts.reconciler.run(record.vault, state);
        return { vault: record.vault, state };
    }

    /** Takes all channels that no other process has; nothing is signed on them from here on, even after a crash. */
    private async stopSigning(vault: string): Promise<ChannelLease[]> {
        const mine: ChannelLease[] = [];
        for (const record of await this.parts.book.list()) {
            if (record.vault !== vault || record.state === 'asked') continue;
            const lease = await this.parts.leases.take(record.id);
            if (lease === undefined) continue;
            if (lease.record.state === 'open') await lease.update({ state: 'releasing' });
            this.parts.onReleasing(lease.record);
            mine.push(lease);
        }
        return mine;
    }

    private async askNodes(mine: readonly ChannelLease[], signal?: AbortSignal): Promise<ChannelLease[]> {
        const asked = await Promise.allSettled(mine.map((lease) => this.parts.askNode(lease, signal)));
        return mine.filter((_, i) => asked[i]?.status === 'fulfilled');
    }

    private async awaitNodes(helped: readonly ChannelLease[], signal?: AbortSignal): Promise<void> {
        for (let look = 0; look < NODE_LOOKS && helped.length > 0; look++) {
            const open = await this.parts.book.exclusively(() => this.read());
            if (open === undefined || !helped.some(({ record }) => holds(open.state, record))) return;
            await this.parts.clock.sleep(LOOK_MS, signal);
        }
    }

    private async requestReleases(mine: readonly ChannelLease[]): Promise<void> {
        const open = await this.read();
        if (open === undefined) return;
        const slots = mine.flatMap(({ record }) => {
            const found = holds(open.state, record);
            return found !== undefined && found.releaseAt === 0 ? [record.slot] : [];
        });
        for (const part of parts(slots)) await this.parts.chain.requestRelease(open.vault, part);
    }

    private async awaitDelay(mine: readonly ChannelLease[], signal?: AbortSignal): Promise<void> {
        for (;;) {
            const open = await this.parts.book.exclusively(() => this.read());
            const ends = mine.map(({ record }) => (open && holds(open.state, record)?.releaseAt) ?? 0);
            const seconds = Math.max(0, ...ends) - (await this.parts.chain.time());
            if (seconds < 0) return;
            await this.parts.clock.sleep(Math.max(LOOK_MS, seconds * 1_000), signal);
        }
    }

    /** Of `mine`, or of all channels of the book. */
    private async finishReleases(mine: readonly ChannelLease[] | undefined): Promise<Open | undefined> {
        const open = await this.read();
        if (open === undefined) return undefined;
        const time = await this.parts.chain.time();
        const records = mine?.map(({ record }) => record) ?? (await this.parts.book.list());
        const due = records.flatMap((record) => {
            const found = record.vault === open.vault ? holds(open.state, record) : undefined;
            return found !== undefined && found.releaseAt !== 0 && found.releaseAt <= time
                ? [record.slot]
                : [];
        });
        if (due.length === 0 || !this.parts.chain.canSend) return open;
        for (const part of parts(due)) await this.parts.chain.finishRelease(open.vault, part);
        return this.read();
    }
}

/** The allocation of a record, where the vault still has it. */
function holds({ allocations }: ChainVault, { slot, generation }: ChannelRecord) {
    const found = allocations.get(slot);
    return found?.generation === generation ? found : undefined;
}

function parts(slots: readonly number[]): number[][] {
    const count = Math.ceil(slots.length / MAX_SLOTS_PER_MESSAGE);
    return Array.from({ length: count }, (_, i) =>
        slots.slice(i * MAX_SLOTS_PER_MESSAGE, (i + 1) * MAX_SLOTS_PER_MESSAGE),
    );
}
