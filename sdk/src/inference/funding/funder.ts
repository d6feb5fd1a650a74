import { bytesToHex, type Clock, type RandomBytes } from '../../utils';
import type { ChannelBook, ChannelLease } from '../channels/book';
import { FundingFailedError, FundingUnavailableError } from '../errors';
import type { NodeEntry } from '../nodes/entry';
import type { ChainVault, FundingChain, VaultChange } from './chain';
import { fundingError, isDefinite } from './failures';
import type { Leases } from './leases';
import { type Plan, planFunding, type Want } from './plan';
import type { Reconciler } from './reconcile';
import type { CurrentVault, Vaults } from './vaults';

export type FunderParts = {
    readonly chain: FundingChain;
    readonly book: ChannelBook;
    readonly leases: Leases;
    readonly vaults: Vaults;
    readonly reconciler: Reconciler;
    readonly clock: Clock;
    readonly randomBytes: RandomBytes;
    readonly publicKey: (voucherSeed: string) => string;
    /** nanoTON. */
    readonly maxDeposit: bigint;
    /** nanoTON. */
    readonly depositStep: bigint;
};

/** Amounts in nanoTON. */
export type Amounts = Pick<Want, 'amount' | 'minimum'>;

type Waiting = Want & {
    readonly target: { readonly node: NodeEntry } | { readonly lease: ChannelLease };
    resolve(lease: ChannelLease): void;
    reject(error: unknown): void;
};

/** Reads after a write until the endpoint shows it; endpoints behind one name lag behind each other. */
const LOOKS = 5;
const LOOK_MS = 1_000;

/**
 * Moves money to nodes: whatever is asked for while one message is on its way goes into the next one together.
 * Everything that money depends on is in the book before a message is sent.
 */
export class Funder {
    private waiting: Waiting[] = [];
    private running: Promise<void> | undefined;

    constructor(private readonly parts: FunderParts) {}

    /** A new allocation for a node. Throws VaultEmptyError, FundingFailedError, FundingUnavailableError, NetworkPausedError. */
    allocate(node: NodeEntry, amounts: Amounts): Promise<ChannelLease> {
        return this.want({ ...amounts, target: { node } });
    }

    /** More for an allocation. Throws as allocate does. */
    increase(lease: ChannelLease, amounts: Amounts): Promise<ChannelLease> {
        const { slot, generation } = lease.record;
        return this.want({ ...amounts, target: { lease }, increase: { slot, generation } });
    }

    /** Resolves when nothing is on its way. */
    async idle(): Promise<void> {
        await this.running;
    }

    private want(want: Omit<Waiting, 'resolve' | 'reject'>): Promise<ChannelLease> {
        return new Promise((resolve, reject) => {
            this.waiting.push({ ...want, resolve, reject });
            this.running ??= this.run();
        });
    }

    private async run(): Promise<void> {
        while (this.waiting.length > 0) {
            let batch: Waiting[] | undefined;
            try {
                await this.parts.book.exclusively(async () => {
                    const vault = await this.vault();
                    // Not before: several nodes are funded at a time, and each looks for a channel in the book first, which
                    // takes a database longer for one than for the other. While the chain was read, all have come.
                    batch = this.waiting.splice(0);
                    await this.flush(batch, vault);
                });
            } catch (error) {
                for (const { reject } of batch ?? this.waiting.splice(0)) reject(fundingError(error));
            }
        }
        this.running = undefined;
    }

    /** The vault as the chain shows it now, with the book made to agree. */
    private async vault(): Promise<CurrentVault> {
        const { chain, vaults, reconciler } = this.parts;
        if (!chain.canSend) throw new FundingUnavailableError();
        await chain.assertNotPaused();
        const vault = await vaults.current();
        if (vault.state !== undefined) await reconciler.run(vault.record.vault, vault.state);
        return vault;
    }

    private async flush(batch: readonly Waiting[], vault: CurrentVault): Promise<void> {
        const plan = await this.plan(batch, vault);
        for (const { want, error } of plan.refused) want.reject(error);
        const planned = new Set([...plan.allocations, ...plan.increases].map(({ want }) => want));
        if (planned.size > 0) await this.execute(vault, plan);
        const refused = new Set(plan.refused.map(({ want }) => want));
        // What did not fit into this message goes into the next one.
        this.waiting.unshift(...batch.filter((want) => !planned.has(want) && !refused.has(want)));
    }

    private async plan(batch: readonly Waiting[], { record, state }: CurrentVault): Promise<Plan<Waiting>> {
        const known = (await this.parts.book.list()).filter(({ vault }) => vault === record.vault);
        const depositLeft = this.parts.maxDeposit - (state === undefined ? 0n : record.deposited);
        return planFunding(batch, {
            free: state?.free ?? 0n,
            depositLeft: depositLeft > 0n ? depositLeft : 0n,
            depositStep: this.parts.depositStep,
            usedSlots: new Set([...known.map(({ slot }) => slot), ...(state?.allocations.keys() ?? [])]),
        });
    }

    private async execute(vault: CurrentVault, plan: Plan<Waiting>): Promise<void> {
        const { record } = vault;
        const created = await this.createRecords(record.vault, plan);
        const before = vault.state === undefined ? 0n : record.deposited;
        // Counted before it is sent: a crash may make it count for nothing, never twice.
        await this.parts.book.setVault({ ...record, deposited: before + plan.deposit });
        const failure = await this.send(vault, {
            deposit: plan.deposit,
            allocations: created.map(({ lease, amount }) => ({
                ...lease.record,
                voucherKey: this.parts.publicKey(lease.record.voucherSeed),
                amount,
            })),
            increases: plan.increases.map(({ want, amount }) => ({ ...(want.increase as Slot), amount })),
        });
        const nothingHappened = failure !== undefined && isDefinite(failure.error);
        if (nothingHappened) await this.parts.book.setVault({ ...record, deposited: before });
        const state = await this.look(record.vault, created, failure === undefined);
        if (state !== undefined)
            await this.parts.book.setVault({
                ...record,
                state: 'open',
                deposited: before + (nothingHappened ? 0n : plan.deposit),
            });
        const error = failure?.error ?? new FundingFailedError();
        for (const { want, lease } of created)
            await this.settleAllocation(want, lease, state, error, nothingHappened);
        for (const { want } of plan.increases) await this.settleIncrease(want, state, error);
    }

    private async createRecords(vault: string, plan: Plan<Waiting>) {
        const created: { want: Waiting; lease: ChannelLease; amount: bigint }[] = [];
        for (const { want, slot, amount } of plan.allocations) {
            const { node } = want.target as { node: NodeEntry };
            const lease = await this.parts.leases.create({
                id: bytesToHex(this.parts.randomBytes(8)),
                vault,
                slot,
                generation: 0n,
                node: node.account,
                payee: node.payee,
                voucherSeed: bytesToHex(this.parts.randomBytes(32)),
                allocated: amount,
                state: 'asked',
                cumulative: 0n,
                sequence: 0n,
            });
            created.push({ want, lease, amount });
        }
        return created;
    }

    private async send(vault: CurrentVault, change: VaultChange): Promise<{ error: unknown } | undefined> {
        try {
            if (vault.identity === undefined) await this.parts.chain.change(vault.record.vault, change);
            else await this.parts.chain.open(vault.identity, change);
            return undefined;
        } catch (error) {
            return { error };
        }
    }

    /** The vault after a write; undefined where it cannot be read or is not open. */
    private async look(
        vault: string,
        created: readonly { lease: ChannelLease }[],
        expected: boolean,
    ): Promise<ChainVault | undefined> {
        for (let look = 1; ; look++) {
            const state = await this.parts.chain.getVault(vault).catch(() => undefined);
            const shown = created.every(({ lease }) => state?.allocations.has(lease.record.slot));
            if ((state !== undefined && shown) || !expected || look === LOOKS) return state;
            await this.parts.clock.sleep(LOOK_MS);
        }
    }

    private async settleAllocation(
        want: Waiting,
        lease: ChannelLease,
        state: ChainVault | undefined,
        error: unknown,
        nothingHappened: boolean,
    ): Promise<void> {
        const found = state?.allocations.get(lease.record.slot);
        if (found !== undefined && found.voucherKey === this.parts.publicKey(lease.record.voucherSeed)) {
            await lease.update({ state: 'open', generation: found.generation, allocated: found.allocated });
            return want.resolve(lease);
        }
        // Else it stays asked for, and is found when it appears.
        if (nothingHappened) await this.parts.leases.retire(lease);
        want.reject(fundingError(error));
    }

    private async settleIncrease(
        want: Waiting,
        state: ChainVault | undefined,
        error: unknown,
    ): Promise<void> {
        const { lease } = want.target as { lease: ChannelLease };
        const found = state?.allocations.get(lease.record.slot);
        const same = found !== undefined && found.generation === lease.record.generation;
        if (!same || found.allocated <= lease.record.allocated) return want.reject(fundingError(error));
        await lease.update({ allocated: found.allocated });
        want.resolve(lease);
    }
}

type Slot = { slot: number; generation: bigint };
