import {
    type Address,
    beginCell,
    type Cell,
    type Contract,
    type ContractProvider,
    type Sender,
    SendMode,
} from '@ton/core';
import { codes } from '../build/artifacts';
import * as binding from '../build/Node/Node_Node';
import type { JobIdentity } from './Job';
import { basechainAddress, cellOf, lazyCode, type QueryOptions, snakeCell } from './lib';
import { courtBodies, type NodeCourt, readCourt } from './node-court';
import { decodeNodeCold, type NodeCold } from './node-details';
import { type NewOffer, offersDictionary } from './offers';
import { type SignedVoucher, voucherFields } from './vault-bodies';

/** State of a Node. Amounts in nanoTON. */
export interface NodeData {
    version: number;
    registry: Address;
    index: number;
    owner: Address;
    operator: Address;
    payout: Address;
    /** X25519 public key. */
    encryptionKey: bigint;
    stake: bigint;
    /** Locked by claims, and as juror stake. */
    locked: bigint;
    /** Kept for accusations. */
    reserve: bigint;
    unbonding: bigint;
    lockCount: number;
    claimSeq: bigint;
    exiting: boolean;
}

export interface NodeLock {
    amount: bigint;
    claimSeq: bigint;
    /** Unix time after which anyone releases the lock. */
    hardEnd: number;
}

/** What a node bids for a job: exactly this spec, this collateral, at least this price. */
export interface Bid {
    specHash: bigint;
    collateral: bigint;
    minPrice: bigint;
}

const bootstrapCode = lazyCode(codes.NodeBootstrap);

export class Node implements Contract {
    static readonly bootstrapCode = bootstrapCode;
    static readonly code = lazyCode(codes.Node);

    constructor(readonly address: Address) {}

    /** Born by the bootstrap of a Registry: the address does not depend on the Node's code. */
    static fromIndex(registry: Address, index: number): Node {
        const data = beginCell().storeAddress(registry).storeUint(index, 32).endCell();
        return new Node(basechainAddress({ code: bootstrapCode(), data }));
    }

    static fromAddress(address: Address): Node {
        return new Node(address);
    }

    async sendMessage(provider: ContractProvider, via: Sender, value: bigint, body: Cell): Promise<void> {
        await provider.internal(via, { value, body, sendMode: SendMode.PAY_GAS_SEPARATELY });
    }

    async getNode(provider: ContractProvider): Promise<NodeData> {
        const { stack } = await provider.get('node', []);
        const { $$type, version, index, lockCount, ...view } = binding.loadGetterTupleNodeView(stack);
        return { ...view, version: Number(version), index: Number(index), lockCount: Number(lockCount) };
    }

    /** Counters, keys, profile, unbonding entries and held terms. */
    async getDetails(provider: ContractProvider): Promise<NodeCold & { locks: Cell | null }> {
        const { stack } = await provider.get('details', []);
        const { cold, locks } = binding.loadGetterTupleNodeDetails(stack);
        return { ...decodeNodeCold(cold), locks };
    }

    /** Accusations and juror duty. */
    async getCourt(provider: ContractProvider): Promise<NodeCourt> {
        const { stack } = await provider.get('court', []);
        return readCourt(stack);
    }

    /** The lock that a contract holds, if any. */
    async getLock(provider: ContractProvider, holder: Address): Promise<NodeLock | undefined> {
        const { stack } = await provider.get('lock_of', [
            { type: 'slice', cell: beginCell().storeAddress(holder).endCell() },
        ]);
        const { amount, claimSeq, hardEnd } = binding.loadGetterTupleLockView(stack);
        return hardEnd === 0n ? undefined : { amount, claimSeq, hardEnd: Number(hardEnd) };
    }
}

/** Bodies of the messages that a Node takes from wallets. */
export const nodeBodies = {
    ...courtBodies,

    addStake({ queryId = 0n, amount }: QueryOptions & { amount: bigint }): Cell {
        return cellOf(binding.storeAddStake({ $$type: 'AddStake', queryId, amount }));
    },

    unbond({ queryId = 0n, amount }: QueryOptions & { amount: bigint }): Cell {
        return cellOf(binding.storeUnbond({ $$type: 'Unbond', queryId, amount }));
    },

    withdrawUnbonded({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeWithdrawUnbonded({ $$type: 'WithdrawUnbonded', queryId }));
    },

    /** Only what is given changes; a null offer is removed. */
    updateProfile(
        message: QueryOptions & {
            payout?: Address;
            endpoint?: string;
            offers?: Iterable<[number, NewOffer | null]>;
        },
    ): Cell {
        const { queryId = 0n, payout = null, endpoint, offers = [] } = message;
        return cellOf(
            binding.storeUpdateProfile({
                $$type: 'UpdateProfile',
                queryId,
                payout,
                endpoint: endpoint === undefined ? null : snakeCell(endpoint),
                offers: offersDictionary(offers),
            }),
        );
    },

    rotateKeys(
        message: QueryOptions & { operator: Address; operatorKey: bigint; encryptionKey: bigint },
    ): Cell {
        return cellOf(binding.storeRotateKeys({ $$type: 'RotateKeys', queryId: 0n, ...message }));
    },

    transferOwnership({ queryId = 0n, newOwner }: QueryOptions & { newOwner: Address }): Cell {
        return cellOf(binding.storeTransferOwnership({ $$type: 'TransferOwnership', queryId, newOwner }));
    },

    acceptOwnership({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeAcceptOwnership({ $$type: 'AcceptOwnership', queryId }));
    },

    adoptTerms({ queryId = 0n, terms }: QueryOptions & { terms: Cell }): Cell {
        return cellOf(binding.storeAdoptTerms({ $$type: 'AdoptTerms', queryId, terms }));
    },

    dropTerms({ queryId = 0n, termsHash }: QueryOptions & { termsHash: bigint }): Cell {
        return cellOf(binding.storeDropTerms({ $$type: 'DropTerms', queryId, termsHash }));
    },

    requestUpgrade({ queryId = 0n, releaseHash }: QueryOptions & { releaseHash: bigint }): Cell {
        return cellOf(binding.storeRequestUpgrade({ $$type: 'RequestUpgrade', queryId, releaseHash }));
    },

    /** `job`'s registry must be the node's own. */
    claim({ queryId = 0n, job, bid }: QueryOptions & { job: JobIdentity; bid: Bid }): Cell {
        return cellOf(
            binding.storeClaim({
                $$type: 'Claim',
                queryId,
                termsHash: job.termsHash,
                client: job.client,
                nonce: job.nonce,
                openBefore: BigInt(job.openBefore),
                bid: cellOf(binding.storeBid({ $$type: 'Bid', ...bid })),
            }),
        );
    },

    decline({ queryId = 0n, job, claim }: QueryOptions & { job: Address; claim: number }): Cell {
        return cellOf(binding.storeDecline({ $$type: 'Decline', queryId, job, claim: BigInt(claim) }));
    },

    /** Ends an allocation to this node; redeems the voucher first, if there is one. */
    releaseAllocation(
        message: QueryOptions & { vault: Address; slot: number; generation: bigint } & Partial<
                Pick<SignedVoucher, 'cumulative' | 'signature'>
            >,
    ): Cell {
        const { queryId = 0n, vault, ...voucher } = message;
        return cellOf(
            binding.storeReleaseAllocation({
                $$type: 'ReleaseAllocation',
                queryId,
                vault,
                ...voucherFields(voucher),
            }),
        );
    },

    releaseExpiredLock({ queryId = 0n, holder }: QueryOptions & { holder: Address }): Cell {
        return cellOf(binding.storeReleaseExpiredLock({ $$type: 'ReleaseExpiredLock', queryId, holder }));
    },
};
