import {
    type EnvelopeHeader,
    MAX_CLOCK_SKEW_SECONDS,
    type SessionVoucher,
    type VaultAllocation,
} from 'cocoon-sdk';
import type { AllocationKey } from '../journal';
import type { Allocation } from './allocation';
import type { SessionEnvironment } from './environment';
import type { Ledger } from './ledger';
import { Refused } from './refused';
import type { VaultCache } from './vault-cache';
import { rawAddress, type VaultFacts } from './vault-facts';

/** An allocation that is this node's, with what the chain says of it. */
export interface Granted {
    allocation: Allocation;
    onChain: VaultAllocation;
    /** The node serves under the terms of the vault. */
    isServed: boolean;
}

/** What was read just now is not read again for an allocation that it did not show, milliseconds. */
const JUST_NOW_MS = 500;

/** Finds out whose an envelope is: the allocation that it names, its key, its money. */
export class Access {
    readonly #env: SessionEnvironment;
    readonly #vaults: VaultCache;
    readonly #ledger: Ledger;

    constructor(env: SessionEnvironment, vaults: VaultCache, ledger: Ledger) {
        this.#env = env;
        this.#vaults = vaults;
        this.#ledger = ledger;
    }

    keyOf({ vault, slot, generation }: EnvelopeHeader): AllocationKey {
        return { vault: rawAddress(vault), slot, generation };
    }

    /** Throws {@link Refused} where the chain does not show such an allocation to this node. */
    async grant(header: EnvelopeHeader): Promise<Granted> {
        const key = this.keyOf(header);
        const first = this.#vaults.known(key.vault) ?? (await this.#vaults.get(key.vault));
        const found = this.#select(first, key);
        // An allocation may be younger than what is known of its vault.
        const isOld = this.#env.now() - first.readAt > JUST_NOW_MS;
        const facts = found || !isOld ? first : await this.#vaults.refresh(key.vault);
        const onChain = found ?? this.#select(facts, key);
        if (!onChain) {
            throw new Refused(
                'allocation_unknown',
                'There is no such allocation; wait for the chain, or allocate.',
            );
        }
        const allocation = this.#ledger.open(key.vault, onChain);
        allocation.usedAt = this.#env.now();
        allocation.claimed(onChain.claimed);
        if (onChain.releaseAt !== 0) allocation.setState('releasing');
        return { allocation, onChain, isServed: this.#env.isServed(facts.termsHash) };
    }

    /**
     * Takes a voucher over. One that promises more than the allocation holds is looked up once more: it may have been
     * increased. Throws {@link Refused} `voucher_invalid`.
     */
    async accept({ allocation, onChain }: Granted, voucher: SessionVoucher): Promise<void> {
        if (voucher.cumulative <= allocation.record.cumulative) return;
        if (!allocation.isVoucherValid(onChain.voucherKey, voucher)) {
            throw new Refused(
                'voucher_invalid',
                'The voucher is not signed by the voucher key of the allocation.',
            );
        }
        if (voucher.cumulative > onChain.allocated) {
            const fresh = await this.#vaults.refresh(allocation.record.vault);
            const now = this.#select(fresh, allocation.record);
            if (!now || voucher.cumulative > now.allocated) {
                throw new Refused(
                    'voucher_invalid',
                    'The voucher promises more than is allocated; increase the allocation.',
                );
            }
        }
        allocation.accept(voucher);
    }

    /** Throws {@link Refused} `clock_skew`. */
    checkTime(time: number): void {
        if (Math.abs(time - this.#env.now() / 1000) <= MAX_CLOCK_SKEW_SECONDS) return;
        throw new Refused('clock_skew', `The clocks differ by more than ${MAX_CLOCK_SKEW_SECONDS} s.`);
    }

    #select(facts: VaultFacts, { slot, generation, vault }: AllocationKey): VaultAllocation | undefined {
        const { place } = this.#env;
        const onChain = facts.networkId === place.networkId ? facts.allocations.get(slot) : undefined;
        if (onChain === undefined || onChain.generation < generation) return undefined;
        if (onChain.generation > generation) throw released();
        const isOurs = onChain.node.hash.equals(place.node);
        if (!isOurs) return undefined;
        // Whoever is paid is fixed with the allocation. One that was served before the payout changed stays good.
        const isPaidToUs = onChain.payee.hash.equals(this.#env.payout());
        return isPaidToUs || this.#ledger.find({ vault, slot, generation }) ? onChain : undefined;
    }
}

export function released(): Refused {
    return new Refused('allocation_released', 'The allocation is released, or about to be; allocate anew.');
}
