import type { VaultAllocation } from 'cocoon-sdk';
import type { Allocation } from './allocation';
import type { SessionEnvironment } from './environment';
import type { Ledger } from './ledger';
import type { RedemptionKind } from './redemption';
import { Refused } from './refused';
import type { VaultCache } from './vault-cache';

export interface RedeemerOptions {
    env: SessionEnvironment;
    ledger: Ledger;
    vaults: VaultCache;
    /** Resolves with whether the chain has executed it. */
    send: (kind: RedemptionKind, allocation: Allocation) => Promise<boolean>;
}

/** While the chain still shows the state before a message, nothing is sent again for so long; after failures for longer. */
const AGAIN_MS = 10_000;
const LONGEST_AGAIN_MS = 300_000;
/** An endpoint that lags shows what is new as missing: an allocation has ended once all answers say so for this long. */
const GONE_MS = 60_000;
/** Vaults that are read at a time. */
const READS = 8;
const SHARE_OF_CAP = 2n;

type Onchain = VaultAllocation | 'gone' | 'unknown';

/**
 * Watches every allocation that owes this node money, and turns vouchers into money on chain: when enough has gathered
 * or waited long enough, at once when a release is under way, and when the worker stops.
 */
export class Redeemer {
    readonly #options: RedeemerOptions;
    readonly #attempts = new Map<number, { notBefore: number; failures: number }>();
    readonly #goneSince = new Map<number, number>();
    #round: Promise<void> | undefined;

    constructor(options: RedeemerOptions) {
        this.#options = options;
    }

    /** Looks at all that is open once; callers at the same time share one look. */
    look(drain = false): Promise<void> {
        this.#round ??= this.#look(drain).finally(() => {
            this.#round = undefined;
        });
        return this.#round;
    }

    /** Redeems everything that is worth it, for the end of the worker. */
    async drain(force: AbortSignal): Promise<void> {
        const cut = new Promise<void>((resolve) => {
            if (force.aborted) resolve();
            force.addEventListener('abort', () => resolve(), { once: true });
        });
        await Promise.race([this.#last(), cut]);
    }

    async #last(): Promise<void> {
        // A look that failed must not keep the last one from its try.
        await this.#round?.catch(() => undefined);
        this.#attempts.clear();
        await this.look(true);
    }

    /** nanoTON that clients have promised and the chain has not paid. */
    unredeemed(): bigint {
        let sum = 0n;
        for (const { record } of this.#options.ledger.notClosed()) sum += waiting(record);
        return sum;
    }

    async #look(drain: boolean): Promise<void> {
        const open = this.#options.ledger.notClosed().filter(isWatched);
        const due: [RedemptionKind, Allocation][] = [];
        for (let from = 0; from < open.length; from += READS) {
            const some = open.slice(from, from + READS);
            const found = await Promise.all(some.map((allocation) => this.#read(allocation)));
            for (const [index, allocation] of some.entries()) {
                const kind = await this.#decide(allocation, found[index]!, drain);
                if (kind) due.push([kind, allocation]);
            }
        }
        // Orders that are made in one turn of the event loop share a message of the wallet.
        await Promise.all(due.map(([kind, allocation]) => this.#redeem(kind, allocation)));
        this.#options.env.metrics.unredeemedNano.set(Number(this.unredeemed()));
    }

    async #read({ record }: Allocation): Promise<Onchain> {
        try {
            const facts = await this.#options.vaults.get(record.vault);
            const onChain = facts.allocations.get(record.slot);
            return onChain?.generation === record.generation ? onChain : 'gone';
        } catch (error) {
            const isGone = error instanceof Refused && error.refusal.code === 'vault_unknown';
            return isGone ? 'gone' : 'unknown';
        }
    }

    async #decide(
        allocation: Allocation,
        onChain: Onchain,
        drain: boolean,
    ): Promise<RedemptionKind | undefined> {
        if (onChain === 'unknown') return undefined;
        const { env } = this.#options;
        const { record } = allocation;
        if (onChain === 'gone') {
            await this.#gone(allocation);
            return undefined;
        }
        this.#goneSince.delete(record.id);
        await this.#observe(allocation, onChain);
        if (env.now() < (this.#attempts.get(record.id)?.notBefore ?? 0)) return undefined;
        // The client asked us and not the chain: once nothing runs, the node ends it, with the last voucher.
        if (record.state === 'releasing' && onChain.releaseAt === 0) {
            return allocation.running === 0 ? 'release' : undefined;
        }
        return this.#isDue(allocation, drain) ? 'redeem' : undefined;
    }

    #isDue({ record }: Allocation, drain: boolean): boolean {
        const { config, now } = this.#options.env;
        const { minAmount, maxAgeSeconds, leastAmount } = config.redeem;
        const amount = waiting(record);
        if (amount === 0n || amount < leastAmount) return false;
        if (drain || record.state === 'releasing') return true;
        if (amount >= minAmount || amount >= config.maxUnredeemed / SHARE_OF_CAP) return true;
        return record.unredeemedAt !== null && now() - record.unredeemedAt >= maxAgeSeconds * 1000;
    }

    async #redeem(kind: RedemptionKind, allocation: Allocation): Promise<void> {
        const { vaults, send } = this.#options;
        const { id, vault, cumulative } = allocation.record;
        const failures = this.#attempts.get(id)?.failures ?? 0;
        this.#pause(id, failures);
        if (!(await send(kind, allocation))) return this.#pause(id, failures + 1);
        if (kind === 'release') {
            // The vault itself has ended it: its transaction is part of what was waited for.
            this.#claimed(allocation, cumulative);
            return this.#close(allocation);
        }
        // What counts is what the chain says; an endpoint that lags is asked again with the next look.
        await vaults.refresh(vault).catch(() => undefined);
        const onChain = await this.#read(allocation);
        if (typeof onChain === 'object') await this.#observe(allocation, onChain);
    }

    #pause(id: number, failures: number): void {
        const wait = Math.min(LONGEST_AGAIN_MS, AGAIN_MS * 2 ** Math.max(0, failures - 1));
        this.#attempts.set(id, { notBefore: this.#options.env.now() + wait, failures });
    }

    async #gone(allocation: Allocation): Promise<void> {
        const { env, vaults } = this.#options;
        const { id, vault } = allocation.record;
        const since = this.#goneSince.get(id) ?? env.now();
        this.#goneSince.set(id, since);
        if (env.now() - since >= GONE_MS) return this.#close(allocation);
        vaults.refresh(vault).catch(() => undefined);
    }

    async #observe(allocation: Allocation, { claimed, releaseAt }: VaultAllocation): Promise<void> {
        const { env } = this.#options;
        if (releaseAt !== 0 && allocation.record.state === 'open') {
            allocation.setState('releasing');
            env.logger.info({ vault: allocation.record.vault, releaseAt }, 'an allocation is being released');
        }
        this.#claimed(allocation, claimed);
        if (!allocation.isSaved) await allocation.saved();
    }

    #claimed(allocation: Allocation, claimed: bigint): void {
        const { env } = this.#options;
        const { vault, slot, id, claimed: before } = allocation.record;
        if (claimed <= before) return;
        allocation.claimed(claimed);
        this.#attempts.delete(id);
        env.metrics.redeemedNano.inc(Number(claimed - before));
        env.logger.info({ vault, slot, amount: (claimed - before).toString() }, 'vouchers redeemed');
    }

    async #close(allocation: Allocation): Promise<void> {
        const { env } = this.#options;
        const { vault, slot, id } = allocation.record;
        const lost = waiting(allocation.record);
        if (lost > 0n) {
            env.logger.error(
                { vault, slot, amount: lost.toString() },
                'an allocation ended before its last voucher',
            );
        }
        allocation.setState('closed');
        await allocation.saved();
        this.#attempts.delete(id);
        this.#goneSince.delete(id);
        env.logger.info({ vault, slot }, 'an allocation has ended');
    }
}

function waiting({ cumulative, claimed }: Allocation['record']): bigint {
    return cumulative > claimed ? cumulative - claimed : 0n;
}

function isWatched({ record, running }: Allocation): boolean {
    return waiting(record) > 0n || record.state === 'releasing' || running > 0;
}
