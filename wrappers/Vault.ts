import {
    type Address,
    beginCell,
    type Cell,
    type Contract,
    type ContractProvider,
    type Sender,
    SendMode,
    type StateInit,
} from '@ton/core';
import { codes } from '../build/artifacts';
import * as binding from '../build/Vault/Vault_Vault';
import { basechainAddress, lazyCode } from './lib';
import { decodeAllocation, decodeAllocations, type VaultAllocation } from './vault-allocations';

/** What a Vault's address is made of. */
export interface VaultIdentity {
    registry: Address;
    termsHash: bigint;
    client: Address;
    /** Chosen by the client; unsigned 64 bits. */
    nonce: bigint;
    /** Unix time; the vault must be opened before, and can be destroyed from then on. */
    openBefore: number;
}

/** State of a Vault that was opened. Amounts in nanoTON, times in seconds. */
export interface VaultData {
    networkId: number;
    /** Of what nodes are paid, to the treasury. */
    feeBps: number;
    /** From the request of a release until anyone can finish it. */
    releaseDelay: number;
    /** Taken from payouts and not yet sent to the treasury. */
    feesOwed: bigint;
    /** Sum of what is allocated and not redeemed. */
    reserved: bigint;
    /** Of the next allocation; the first is 1. */
    nextGeneration: bigint;
    /** Number of allocations. */
    count: number;
    /** What the client can withdraw or allocate, as of the vault's last transaction. */
    free: bigint;
    treasury: Address;
}

export class Vault implements Contract {
    static readonly code = lazyCode(codes.Vault);

    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    static fromIdentity(identity: VaultIdentity): Vault {
        const data = beginCell()
            .storeAddress(identity.registry)
            .storeUint(identity.termsHash, 256)
            .storeAddress(identity.client)
            .storeUint(identity.nonce, 64)
            .storeUint(identity.openBefore, 32)
            .storeBit(false)
            .endCell();
        const init = { code: Vault.code(), data };
        return new Vault(basechainAddress(init), init);
    }

    static fromAddress(address: Address): Vault {
        return new Vault(address);
    }

    async sendMessage(provider: ContractProvider, via: Sender, value: bigint, body: Cell): Promise<void> {
        await provider.internal(via, { value, body, sendMode: SendMode.PAY_GAS_SEPARATELY });
    }

    /** What the vault was deployed with; it stays readable after the opening. */
    async getIdentity(provider: ContractProvider): Promise<VaultIdentity> {
        const { stack } = await provider.get('identity', []);
        const fields = stack.readCell().beginParse();
        return {
            registry: fields.loadAddress(),
            termsHash: fields.loadUintBig(256),
            client: fields.loadAddress(),
            nonce: fields.loadUintBig(64),
            openBefore: fields.loadUint(32),
        };
    }

    /** Null for a vault that was deployed and never opened. */
    async getVault(provider: ContractProvider): Promise<VaultData | null> {
        const { stack } = await provider.get('vault', []);
        const { $$type, opened, treasury, ...view } = binding.loadGetterTupleVaultView(stack);
        if (!opened || treasury === null) return null;
        return {
            ...view,
            networkId: Number(view.networkId),
            feeBps: Number(view.feeBps),
            releaseDelay: Number(view.releaseDelay),
            count: Number(view.count),
            treasury,
        };
    }

    /** Null for a slot without an allocation. */
    async getAllocation(provider: ContractProvider, slot: number): Promise<VaultAllocation | null> {
        const { stack } = await provider.get('allocation', [{ type: 'int', value: BigInt(slot) }]);
        const view = binding.loadGetterTupleAllocationView(stack);
        return view.generation === 0n ? null : decodeAllocation(slot, view);
    }

    /** All allocations, by slot. */
    async getAllocations(provider: ContractProvider): Promise<Map<number, VaultAllocation>> {
        const { stack } = await provider.get('allocations', []);
        return decodeAllocations(stack.readCellOpt());
    }
}
