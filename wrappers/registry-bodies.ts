import type { Address, Cell } from '@ton/core';
import * as binding from '../build/Registry/Registry_Registry';
import { encodeNodeHot, type NodeHot } from './hot';
import { cellOf, type QueryOptions } from './lib';
import { encodeModels, type NewModel } from './models';
import { encodeProfile, type NewOffer } from './offers';
import { encodeProposal, type ProposalParts } from './proposal';

/** Bodies of the messages that a Registry takes from users. */
export const registryBodies = {
    /** From the identity's governor, once, with the StateInit. */
    init({
        queryId = 0n,
        guardian,
        timelock,
        terms,
        release,
        bootstrap,
        models = new Map(),
    }: QueryOptions & {
        guardian: Address;
        /** Seconds. */
        timelock: number;
        terms: Cell;
        release: Cell;
        bootstrap: Cell;
        models?: ReadonlyMap<bigint, NewModel>;
    }): Cell {
        const config = cellOf(
            binding.storeInitConfig({ $$type: 'InitConfig', bootstrap, models: encodeModels(models) }),
        );
        return cellOf(
            binding.storeInit({
                $$type: 'Init',
                queryId,
                guardian,
                timelock: BigInt(timelock),
                terms,
                release,
                config,
            }),
        );
    },

    /** From the future owner. `releaseHash` and `termsHash` name what the owner agrees to. */
    registerNode({
        queryId = 0n,
        releaseHash,
        termsHash,
        operatorKey,
        hot,
        endpoint,
        offers,
    }: QueryOptions & {
        releaseHash: bigint;
        termsHash: bigint;
        /** Ed25519 public key. */
        operatorKey: bigint;
        hot: NodeHot;
        endpoint: string;
        offers: NewOffer[];
    }): Cell {
        return cellOf(
            binding.storeRegisterNode({
                $$type: 'RegisterNode',
                queryId,
                releaseHash,
                termsHash,
                operatorKey,
                hot: encodeNodeHot(hot),
                profile: encodeProfile({ endpoint, offers }),
            }),
        );
    },

    /** From the governor. The proposal's cell is needed again for `execute`. */
    propose({ queryId = 0n, proposal }: QueryOptions & { proposal: ProposalParts | Cell }): Cell {
        return cellOf(
            binding.storePropose({ $$type: 'Propose', queryId, proposal: encodeProposal(proposal) }),
        );
    },

    /** From anyone, after the timelock and within 30 days. */
    execute({
        queryId = 0n,
        id,
        proposal,
    }: QueryOptions & { id: number; proposal: ProposalParts | Cell }): Cell {
        return cellOf(
            binding.storeExecute({
                $$type: 'Execute',
                queryId,
                id: BigInt(id),
                proposal: encodeProposal(proposal),
            }),
        );
    },

    /** From the governor, or from anyone 30 days after it could have been executed. */
    cancel({ queryId = 0n, id }: QueryOptions & { id: number }): Cell {
        return cellOf(binding.storeCancel({ $$type: 'Cancel', queryId, id: BigInt(id) }));
    },

    transferGovernance({ queryId = 0n, newGovernor }: QueryOptions & { newGovernor: Address }): Cell {
        return cellOf(
            binding.storeTransferGovernance({ $$type: 'TransferGovernance', queryId, newGovernor }),
        );
    },

    acceptGovernance({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeAcceptGovernance({ $$type: 'AcceptGovernance', queryId }));
    },

    /** From the guardian. Seconds, at most 7 days. */
    pause({ queryId = 0n, duration }: QueryOptions & { duration: number }): Cell {
        return cellOf(binding.storePause({ $$type: 'Pause', queryId, duration: BigInt(duration) }));
    },

    /** From the guardian or the governor. */
    unpause({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeUnpause({ $$type: 'Unpause', queryId }));
    },
};
