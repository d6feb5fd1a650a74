import {
    type Address,
    type Cell,
    type Contract,
    type ContractProvider,
    type Sender,
    SendMode,
    type StateInit,
} from '@ton/core';
import { codes } from '../build/artifacts';
import * as binding from '../build/Registry/Registry_Registry';
import { codeId } from './code-id';
import { basechainAddress, cellOf, lazyCode } from './lib';
import { decodeModel, decodeModels, type ModelInfo } from './models';
import { decodeRelease, type Release } from './release';
import { decodeTerms, type Terms } from './terms';

/** What the address of a Registry is made of. */
export interface RegistryConfig {
    /** The only one who may open it; later governors are in its state. */
    governor: Address;
    /** Tells several networks of one governor apart. */
    salt: bigint;
    /** Constant code that Nodes are born with. */
    bootstrap: Cell;
}

/** State of the network. Amounts in nanoTON, times in Unix seconds. */
export interface NetworkData {
    governor: Address;
    pendingGovernor: Address | null;
    guardian: Address;
    /** Seconds between a proposal and its execution. */
    timelock: number;
    networkId: number;
    nodeCount: number;
    termsHash: bigint;
    /** Number of terms executed so far; the current ones have this number. */
    termsCount: number;
    releaseHash: bigint;
    releaseVersion: number;
    /** Registrations are refused before this time. */
    pausedUntil: number;
    nextPauseAt: number;
    modelCount: number;
    proposalCount: number;
    /** What RegisterNode must bring with the largest profile. */
    minimumRegistration: bigint;
}

export interface PendingProposal {
    hash: bigint;
    executableAt: number;
}

export class Registry implements Contract {
    static readonly code = lazyCode(codes.Registry);

    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    static fromConfig(config: RegistryConfig): Registry {
        const bootstrap = codeId(config.bootstrap);
        const data = cellOf((builder) => {
            builder
                .storeAddress(config.governor)
                .storeUint(config.salt, 64)
                .storeUint(bootstrap.hash, 256)
                .storeUint(bootstrap.depth, 16)
                .storeBit(false);
        });
        const init = { code: Registry.code(), data };
        return new Registry(basechainAddress(init), init);
    }

    static fromAddress(address: Address): Registry {
        return new Registry(address);
    }

    /** Carries the StateInit where this object knows it: the first message deploys. */
    async sendMessage(provider: ContractProvider, via: Sender, value: bigint, body: Cell): Promise<void> {
        await provider.internal(via, { value, body, sendMode: SendMode.PAY_GAS_SEPARATELY });
    }

    async getNetwork(provider: ContractProvider): Promise<NetworkData> {
        const { stack } = await provider.get('network', []);
        const { $$type, ...view } = binding.loadGetterTupleNetworkView(stack);
        return {
            ...view,
            timelock: Number(view.timelock),
            networkId: Number(view.networkId),
            nodeCount: Number(view.nodeCount),
            termsCount: Number(view.termsCount),
            releaseVersion: Number(view.releaseVersion),
            pausedUntil: Number(view.pausedUntil),
            nextPauseAt: Number(view.nextPauseAt),
            modelCount: Number(view.modelCount),
            proposalCount: Number(view.proposalCount),
        };
    }

    async getTermsCell(provider: ContractProvider): Promise<Cell> {
        return (await provider.get('terms', [])).stack.readCell();
    }

    async getTerms(provider: ContractProvider): Promise<Terms> {
        return decodeTerms(await this.getTermsCell(provider));
    }

    async getReleaseCell(provider: ContractProvider): Promise<Cell> {
        return (await provider.get('release', [])).stack.readCell();
    }

    async getRelease(provider: ContractProvider): Promise<Release> {
        return decodeRelease(await this.getReleaseCell(provider));
    }

    async getNodeAddress(provider: ContractProvider, index: number): Promise<Address> {
        const { stack } = await provider.get('node_address', [{ type: 'int', value: BigInt(index) }]);
        return stack.readAddress();
    }

    /** Null when there is no such proposal: executed, cancelled or never made. */
    async getProposal(provider: ContractProvider, id: number): Promise<PendingProposal | null> {
        const { stack } = await provider.get('proposal', [{ type: 'int', value: BigInt(id) }]);
        const { hash, executableAt } = binding.loadGetterTuplePendingProposal(stack);
        return hash === 0n ? null : { hash, executableAt: Number(executableAt) };
    }

    async getModels(provider: ContractProvider): Promise<Map<bigint, ModelInfo>> {
        return decodeModels((await provider.get('models', [])).stack.readCellOpt());
    }

    async getModel(provider: ContractProvider, modelId: bigint): Promise<ModelInfo | null> {
        return decodeModel(
            (await provider.get('model', [{ type: 'int', value: modelId }])).stack.readCellOpt(),
        );
    }

    /** Whether a Node may still adopt these terms: one of the last 16 that were executed. */
    async getIsExecuted(provider: ContractProvider, termsHash: bigint): Promise<boolean> {
        return (await provider.get('is_executed', [{ type: 'int', value: termsHash }])).stack.readBoolean();
    }
}
