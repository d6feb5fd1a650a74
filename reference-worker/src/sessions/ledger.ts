import type { VaultAllocation } from 'cocoon-sdk';
import type { AllocationKey } from '../journal';
import { Allocation } from './allocation';
import type { SessionEnvironment } from './environment';

/** An allocation that nobody used for so long is taken out of memory; the journal has it. */
const IDLE_MS = 600_000;

/** All allocations that this node was ever paid from. */
export class Ledger {
    readonly #env: SessionEnvironment;
    readonly #allocations = new Map<string, Allocation>();

    constructor(env: SessionEnvironment) {
        this.#env = env;
    }

    /** Undefined where the node has never served it. */
    find(key: AllocationKey): Allocation | undefined {
        const name = nameOf(key);
        const known = this.#allocations.get(name);
        if (known) return known;
        const record = this.#env.store.find(key);
        if (!record) return undefined;
        const allocation = new Allocation(this.#env, record);
        this.#allocations.set(name, allocation);
        return allocation;
    }

    /** The allocation, which the chain has shown to be this node's. */
    open(vault: string, { slot, generation, claimed }: VaultAllocation): Allocation {
        const key = { vault, slot, generation };
        const known = this.find(key);
        if (known) return known;
        this.#env.store.insert(key, claimed);
        return this.find(key)!;
    }

    /** Those that the chain has not ended yet. */
    notClosed(): Allocation[] {
        return this.#env.store.notClosed().map((record) => this.find(record)!);
    }

    running(): number {
        let running = 0;
        for (const allocation of this.#allocations.values()) running += allocation.running;
        return running;
    }

    /** Forgets what nobody has used lately. */
    sweep(): void {
        const before = this.#env.now() - IDLE_MS;
        for (const [name, allocation] of this.#allocations) {
            if (allocation.isIdle && allocation.usedAt < before) this.#allocations.delete(name);
        }
    }
}

function nameOf({ vault, slot, generation }: AllocationKey): string {
    return `${vault}/${slot}/${generation}`;
}
