import type { Address } from '@ton/core';
import { toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { createDevnet, type Devnet, type DevnetOptions } from 'cocoon-devnet';
import {
    type Cocoon,
    createCocoon,
    type DisputeParams,
    type JobParams,
    type NewModel,
    type NewOffer,
    type StakeParams,
    type Wallet,
} from 'cocoon-sdk';
import { walletContract, x25519PublicKey } from '../../src/config';

const DAY = 86_400;
/** Any id but those of the public networks: windows of seconds instead of hours. */
export const NETWORK_ID = -217;

export interface LocalNetworkOptions extends DevnetOptions {
    jobParams?: Partial<JobParams>;
    stakeParams?: Partial<StakeParams>;
    /** Without them nothing can be disputed. */
    disputeParams?: DisputeParams;
    marketShards?: number;
    /** Seconds. */
    releaseDelay?: number;
    /** The catalogue. */
    models?: ReadonlyMap<bigint, NewModel>;
    /** Milliseconds between two looks at the chain of the clients here. */
    intervalMs?: number;
}

/** Seeds of one operator's keys; what the worker's environment gets as secrets. */
export interface OperatorKeys {
    wallet: Buffer;
    operator: Buffer;
    encryption: Buffer;
}

export interface RegisteredNode {
    index: number;
    address: Address;
    /** Operator wallet. */
    operator: Address;
    owner: Wallet;
    payout: Address;
    keys: OperatorKeys;
    /** The secrets as environment variables of a worker. */
    environment: Record<string, string>;
}

/** A local TON network in this process with the protocol deployed: what workers, clients and owners need. */
export class LocalNetwork {
    private constructor(
        readonly devnet: Devnet,
        readonly url: string,
        readonly registry: Address,
        readonly treasury: Address,
        private readonly intervalMs: number,
    ) {}

    static async start(options: LocalNetworkOptions = {}): Promise<LocalNetwork> {
        const {
            jobParams,
            stakeParams,
            disputeParams,
            marketShards = 1,
            releaseDelay,
            models,
            intervalMs = 20,
            ...devnetOptions
        } = options;
        const devnet = await createDevnet(devnetOptions);
        const { url } = await devnet.listen();
        const governor = testWallet(1);
        const treasury = testWallet(2).contract.address;
        await devnet.fund(governor.contract.address, toNano('100'));
        const cocoon = createCocoon({ endpoint: url, registry: null, wallet: governor, intervalMs });
        const { registry } = await cocoon.network.deployProtocol({
            config: {
                networkId: NETWORK_ID,
                guardian: governor.contract.address,
                timelock: 60,
                marketShards,
                releaseDelay,
                models,
                disputeParams,
                jobParams: { ...JOB_PARAMS, treasury, ...jobParams },
                stakeParams: { ...STAKE_PARAMS, ...stakeParams },
            },
        });
        return new LocalNetwork(devnet, url, registry, treasury, intervalMs);
    }

    /** A funded client with a wallet of its own. */
    async client(number: number, funds = toNano('10000')): Promise<Cocoon> {
        const wallet = testWallet(1000 + number);
        await this.devnet.fund(wallet.contract.address, funds);
        return this.connect(wallet);
    }

    connect(wallet: Wallet): Cocoon {
        return createCocoon({
            network: { networkId: NETWORK_ID, endpoints: [this.url], registry: this.registry },
            wallet,
            intervalMs: this.intervalMs,
        });
    }

    /** Registers a node for the operator keys of this number. */
    async registerNode(
        number: number,
        options: {
            modelIds: string[];
            stake?: bigint;
            funds?: bigint;
            /** Where the node serves sessions. */
            endpoint?: string;
            offer?: Partial<NewOffer>;
        },
    ): Promise<RegisteredNode> {
        const keys: OperatorKeys = {
            wallet: seedOf(2000 + number),
            operator: seedOf(3000 + number),
            encryption: seedOf(4000 + number),
        };
        const { publicKey } = keyPairFromSeed(keys.wallet);
        const operator = walletContract(publicKey, 'v5r1', NETWORK_ID).address;
        const payout = testWallet(5000 + number).contract.address;
        const owner = testWallet(6000 + number);
        await this.devnet.fund(operator, options.funds ?? toNano('50'));
        await this.devnet.fund(owner.contract.address, toNano('10000'));
        const { index, address } = await this.connect(owner).nodes.registerNode({
            stake: options.stake ?? toNano('2000'),
            operator,
            payout,
            operatorKey: toInteger(keyPairFromSeed(keys.operator).publicKey),
            encryptionKey: toInteger(x25519PublicKey(keys.encryption)),
            endpoint: options.endpoint,
            offers: options.modelIds.map((modelId) => ({
                modelId: BigInt(`0x${modelId}`),
                promptPrice: 1n,
                cachedPromptPrice: 1n,
                completionPrice: 1n,
                contextLength: 1024,
                slots: 1,
                ...options.offer,
            })),
        });
        const environment = {
            COCOON_WORKER_SECRETS_WALLET_SEED: keys.wallet.toString('hex'),
            COCOON_WORKER_SECRETS_OPERATOR_KEY: keys.operator.toString('hex'),
            COCOON_WORKER_SECRETS_ENCRYPTION_KEY: keys.encryption.toString('hex'),
        };
        return { index, address, operator, owner, payout, keys, environment };
    }

    close(): Promise<void> {
        return this.devnet.close();
    }
}

export function testWallet(number: number): Wallet {
    const { publicKey, secretKey } = keyPairFromSeed(seedOf(number));
    return { contract: WalletContractV5R1.create({ publicKey, workchain: 0 }), secretKey };
}

function seedOf(number: number): Buffer {
    const seed = Buffer.alloc(32, 7);
    seed.writeUInt32BE(number);
    return seed;
}

function toInteger(key: Uint8Array): bigint {
    return BigInt(`0x${Buffer.from(key).toString('hex')}`);
}

const JOB_PARAMS: Omit<JobParams, 'treasury'> = {
    feeBps: 500,
    declineBps: 1_000,
    timeoutSlashBps: 10_000,
    keeperTip: toNano('0.05'),
    postFee: toNano('0.02'),
    noKeyFee: toNano('0.05'),
    maxCollateral: toNano('1000'),
    minWindow: 1,
    maxWindow: 7 * DAY,
    maxItems: 4_096,
    maxItemBytes: 16_384,
};

const STAKE_PARAMS: StakeParams = {
    minStake: toNano('100'),
    reserve: toNano('100'),
    unbondingPeriod: 14 * DAY,
    evidenceWindow: 3 * DAY,
    longestDispute: 7 * DAY,
    lockGrace: DAY,
};
