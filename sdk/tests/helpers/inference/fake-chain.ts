import { Address } from '@ton/core';
import { Vault, type VaultIdentity } from 'cocoon-wrappers';
import { CocoonError, NetworkPausedError, RpcUnreachableError } from '../../../src';
import type {
    ChainAllocation,
    ChainVault,
    FundingChain,
    NewChainAllocation,
    VaultChange,
} from '../../../src/inference/funding/chain';

const REGISTRY = new Address(0, Buffer.alloc(32, 1));
const WALLET = new Address(0, Buffer.alloc(32, 2));
/** What an allocation keeps back, as the contract's storage reserve. */
const STORAGE = 2_000_000n;

type State = { free: bigint; generation: bigint; allocations: Map<number, ChainAllocation> };

/** Vaults as the contract keeps them, without gas. `onStep` sees every step before and after it has an effect, and may throw. */
export class FakeChain implements FundingChain {
    canSend = true;
    now = 1_700_000_000;
    releaseDelay = 3_600;
    pausedUntil = 0;
    reachable = true;
    readonly vaults = new Map<string, State>();
    readonly messages: string[] = [];
    deposited = 0n;
    onStep: (step: string) => void = () => undefined;

    async time(): Promise<number> {
        this.read();
        return this.now;
    }

    async assertNotPaused(): Promise<void> {
        this.read();
        if (this.now < this.pausedUntil) throw new NetworkPausedError(this.pausedUntil);
    }

    async newVault(nonce: bigint, openBefore: number) {
        const identity = { registry: REGISTRY, termsHash: 5n, client: WALLET, nonce, openBefore };
        return { vault: addressOf(identity), identity };
    }

    async getVault(vault: string): Promise<ChainVault | undefined> {
        this.read();
        const state = this.vaults.get(vault);
        return (
            state && {
                free: state.free,
                releaseDelay: this.releaseDelay,
                allocations: new Map(state.allocations),
            }
        );
    }

    open(identity: VaultIdentity, { deposit = 0n, allocations = [] }: VaultChange): Promise<void> {
        return this.write('open', () => {
            const vault = addressOf(identity);
            if (this.vaults.has(vault) || this.now >= identity.openBefore) refuse();
            const state = { free: deposit, generation: 1n, allocations: new Map() };
            this.allocate(state, allocations);
            this.deposited += deposit;
            this.vaults.set(vault, state);
        });
    }

    change(vault: string, { deposit = 0n, allocations = [], increases = [] }: VaultChange): Promise<void> {
        return this.write('change', () => {
            const state = this.state(vault);
            state.free += deposit;
            this.deposited += deposit;
            this.allocate(state, allocations);
            for (const { slot, generation, amount } of increases) {
                const found = state.allocations.get(slot);
                if (found?.generation !== generation || found.releaseAt !== 0 || amount > state.free)
                    refuse();
                state.free -= amount;
                state.allocations.set(slot, { ...found, allocated: found.allocated + amount });
            }
        });
    }

    requestRelease(vault: string, slots: readonly number[]): Promise<void> {
        return this.write('requestRelease', () => {
            const { allocations } = this.state(vault);
            for (const slot of slots) {
                const found = allocations.get(slot);
                if (found === undefined || found.releaseAt !== 0) refuse();
                allocations.set(slot, { ...found, releaseAt: this.now + this.releaseDelay });
            }
        });
    }

    finishRelease(vault: string, slots: readonly number[]): Promise<void> {
        return this.write('finishRelease', () => {
            const state = this.state(vault);
            for (const slot of slots) {
                const found = state.allocations.get(slot);
                if (found === undefined || found.releaseAt === 0 || found.releaseAt > this.now) refuse();
                this.release(vault, slot, found.claimed);
            }
        });
    }

    async withdraw(vault: string): Promise<bigint> {
        const { free } = this.state(vault);
        if (free === 0n) return 0n;
        await this.write('withdraw', () => {
            this.state(vault).free = 0n;
        });
        return free;
    }

    /** What a node does that redeems `claimed` and releases. */
    release(vault: string, slot: number, claimed: bigint): void {
        const state = this.state(vault);
        const found = state.allocations.get(slot);
        if (found === undefined) refuse();
        state.free += found.allocated - claimed + STORAGE;
        state.allocations.delete(slot);
    }

    allocations(): ChainAllocation[] {
        return [...this.vaults.values()].flatMap(({ allocations }) => [...allocations.values()]);
    }

    private allocate(state: State, allocations: readonly NewChainAllocation[]): void {
        for (const { amount, slot, node, payee, voucherKey } of allocations) {
            if (state.allocations.has(slot) || amount + STORAGE > state.free) refuse();
            state.free -= amount + STORAGE;
            const generation = state.generation++;
            const entry = {
                slot,
                node,
                payee,
                voucherKey,
                generation,
                allocated: amount,
                claimed: 0n,
                releaseAt: 0,
            };
            state.allocations.set(slot, entry);
        }
    }

    private state(vault: string): State {
        const state = this.vaults.get(vault);
        if (state === undefined) refuse();
        return state;
    }

    private read(): void {
        this.onStep('read');
        if (!this.reachable) throw new RpcUnreachableError('down');
    }

    private async write(name: string, effect: () => void): Promise<void> {
        this.read();
        this.onStep(`${name} signed`);
        // All or nothing, as a transaction.
        const before = structuredClone(this.vaults);
        const { deposited } = this;
        try {
            effect();
        } catch (error) {
            this.vaults.clear();
            for (const [vault, state] of before) this.vaults.set(vault, state);
            this.deposited = deposited;
            throw error;
        }
        this.messages.push(name);
        this.onStep(`${name} executed`);
    }
}

function addressOf(identity: VaultIdentity): string {
    return Vault.fromIdentity(identity).address.toRawString();
}

function refuse(): never {
    throw new CocoonError('transaction_failed', 'The vault refused.');
}
