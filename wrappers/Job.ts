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
import * as binding from '../build/Job/Job_Job';
import { decodeNodeHot, type NodeHot } from './hot';
import { decodeJobSpec, type JobSpec } from './job-spec';
import { basechainAddress, cellOf, lazyCode, type QueryOptions } from './lib';

/** What a Job's address is made of. */
export interface JobIdentity {
    registry: Address;
    termsHash: bigint;
    client: Address;
    /** Chosen by the client; unsigned 64 bits. */
    nonce: bigint;
    /** Unix time; the job must be opened before, and can be destroyed from then on. */
    openBefore: number;
}

export const jobStatuses = [
    'open',
    'claimed',
    'submitted',
    'paid',
    'refunded',
    'expired',
    'disputed',
] as const;
export type JobStatus = (typeof jobStatuses)[number] | 'unopened';

/** State of a Job. Amounts in nanoTON, times in unix seconds. */
export interface JobData {
    status: JobStatus;
    /** Claims so far; the number of the present one. */
    claims: number;
    /** The claimer has the content key. */
    keyGiven: boolean;
    claimBy: number;
    claimedAt: number;
    /** Of the key, the execution, the review or the dispute, by state. */
    deadline: number;
    escrow: bigint;
    /** Fixed by the claim. */
    price: bigint;
    nodeIndex: number;
    resultRoot: bigint;
    specHash: bigint;
    spec?: JobSpec;
    claimer?: NodeHot;
}

/** Outcomes of a claim, as a Node counts them. */
export const claimOutcomes = {
    paid: Number(binding.CLAIM_PAID),
    expired: Number(binding.CLAIM_EXPIRED),
    declined: Number(binding.CLAIM_DECLINED),
    noKey: Number(binding.CLAIM_NO_KEY),
    convicted: Number(binding.CLAIM_CONVICTED),
} as const;

const code = lazyCode(codes.Job);

export class Job implements Contract {
    static readonly code = code;

    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    static fromIdentity(identity: JobIdentity): Job {
        const data = beginCell()
            .storeAddress(identity.registry)
            .storeUint(identity.termsHash, 256)
            .storeAddress(identity.client)
            .storeUint(identity.nonce, 64)
            .storeUint(identity.openBefore, 32)
            .storeBit(false)
            .endCell();
        const init = { code: code(), data };
        return new Job(basechainAddress(init), init);
    }

    static fromAddress(address: Address): Job {
        return new Job(address);
    }

    async sendMessage(provider: ContractProvider, via: Sender, value: bigint, body: Cell): Promise<void> {
        await provider.internal(via, { value, body, sendMode: SendMode.PAY_GAS_SEPARATELY });
    }

    async getJob(provider: ContractProvider): Promise<JobData> {
        const { stack } = await provider.get('job', []);
        const view = binding.loadGetterTupleJobView(stack);
        return {
            status: jobStatuses[Number(view.status)] ?? 'unopened',
            claims: Number(view.claims),
            keyGiven: view.keyGiven,
            claimBy: Number(view.claimBy),
            claimedAt: Number(view.claimedAt),
            deadline: Number(view.deadline),
            escrow: view.escrow,
            price: view.price,
            nodeIndex: Number(view.index),
            resultRoot: view.resultRoot,
            specHash: view.specHash,
            spec: view.spec ? decodeJobSpec(view.spec) : undefined,
            claimer: view.hot ? decodeNodeHot(view.hot) : undefined,
        };
    }

    /** Price in nanoTON of a claim at a unix time. Throws when the job is not open yet. */
    async getPriceAt(provider: ContractProvider, at: number): Promise<bigint> {
        const { stack } = await provider.get('price_at', [{ type: 'int', value: BigInt(at) }]);
        return stack.readBigNumber();
    }
}

/** Bodies of the messages that a Job takes from wallets. */
export const jobBodies = {
    post(message: QueryOptions & { terms: Cell; spec: Cell; input: Cell; sealedKey?: Cell }): Cell {
        const { queryId = 0n, terms, spec, input, sealedKey = null } = message;
        return cellOf(binding.storePostJob({ $$type: 'PostJob', queryId, terms, spec, input, sealedKey }));
    },

    discloseKey(message: QueryOptions & { claim: number; encryptionKey: bigint; sealedKey: Cell }): Cell {
        const { queryId = 0n, claim, encryptionKey, sealedKey } = message;
        return cellOf(
            binding.storeDiscloseKey({
                $$type: 'DiscloseKey',
                queryId,
                claim: BigInt(claim),
                encryptionKey,
                sealedKey,
            }),
        );
    },

    submitResult(
        message: QueryOptions & {
            claim: number;
            resultTop: bigint;
            promptTokens: number;
            completionTokens: number;
            result: Cell;
            sealedKey: Cell;
        },
    ): Cell {
        const { queryId = 0n, claim, resultTop, promptTokens, completionTokens, result, sealedKey } = message;
        return cellOf(
            binding.storeSubmitResult({
                $$type: 'SubmitResult',
                queryId,
                claim: BigInt(claim),
                resultTop,
                promptTokens: BigInt(promptTokens),
                completionTokens: BigInt(completionTokens),
                result,
                sealedKey,
            }),
        );
    },

    acceptResult(message: QueryOptions & { claim: number; resultRoot: bigint }): Cell {
        const { queryId = 0n, claim, resultRoot } = message;
        return cellOf(
            binding.storeAcceptResult({ $$type: 'AcceptResult', queryId, claim: BigInt(claim), resultRoot }),
        );
    },

    finalize({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeFinalize({ $$type: 'Finalize', queryId }));
    },

    expire({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeExpire({ $$type: 'Expire', queryId }));
    },

    cancel({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeCancelJob({ $$type: 'CancelJob', queryId }));
    },

    announceAgain({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeAnnounceAgain({ $$type: 'AnnounceAgain', queryId }));
    },

    destroy({ queryId = 0n }: QueryOptions = {}): Cell {
        return cellOf(binding.storeDestroy({ $$type: 'Destroy', queryId }));
    },
};
