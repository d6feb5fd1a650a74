import { toNano } from '@ton/core';
import { createDevnet, type Devnet, type NetworkPrices, networkConfig, PRICES_2024 } from 'cocoon-devnet';
import {
    type Cocoon,
    createCocoon,
    type DeploymentConfig,
    encryptionKeyPair,
    hashToInteger,
    type NodeInfo,
} from '../../src';
import { testWallet } from './devnet-chain';

export const MODEL = 0xc0c0_0001n;
const DAY = 86_400;

/** A local network with the protocol on it, real wallets over HTTP. */
export type TestNetwork = {
    readonly devnet: Devnet;
    readonly url: string;
    readonly config: DeploymentConfig;
    readonly governor: Cocoon;
    /** Lets time pass, with a block at its end. */
    advance(seconds: number): Promise<void>;
    /** Connects another funded wallet. */
    connect(number: number): Promise<Cocoon>;
};

/** Parameters of a private network. */
export function testConfig(governor: Cocoon): DeploymentConfig {
    const { address } = governor.sender;
    return {
        networkId: -217,
        guardian: address,
        timelock: 60,
        marketShards: 2,
        jobParams: {
            treasury: address,
            feeBps: 500,
            declineBps: 1_000,
            timeoutSlashBps: 10_000,
            keeperTip: toNano('0.05'),
            postFee: toNano('0.02'),
            noKeyFee: toNano('0.05'),
            maxCollateral: toNano('100'),
            minWindow: 1,
            maxWindow: 7 * DAY,
            maxItems: 64,
            maxItemBytes: 16_384,
        },
        stakeParams: {
            minStake: toNano('10'),
            reserve: toNano('10'),
            unbondingPeriod: 11 * DAY,
            evidenceWindow: 3 * DAY,
            longestDispute: 7 * DAY,
            lockGrace: DAY,
        },
        models: new Map([[MODEL, { name: 'tiny', manifestUri: 'https://models.example/tiny.json' }]]),
    };
}

/** Starts a network and deploys the protocol. */
export async function startNetwork(
    prices: NetworkPrices = PRICES_2024,
    changes: Partial<DeploymentConfig> = {},
): Promise<TestNetwork> {
    const devnet = await createDevnet({ config: networkConfig(prices) });
    const { url } = await devnet.listen();
    const client = async (number: number, registry: DeploymentConfig['guardian'] | null) => {
        const wallet = testWallet(number);
        await devnet.fund(wallet.contract.address, toNano(1_000));
        return createCocoon({ network: 'local', endpoint: url, registry, wallet, intervalMs: 20 });
    };
    const deployer = await client(1, null);
    const config = { ...testConfig(deployer), ...changes };
    const { registry } = await deployer.network.deployProtocol({ config });
    return {
        devnet,
        url,
        config,
        governor: createCocoon({ endpoint: url, registry, sender: deployer.sender, intervalMs: 20 }),
        advance: async (seconds) => {
            devnet.increaseTime(seconds);
            await devnet.mine();
        },
        connect: (number) => client(number, registry),
    };
}

/** A registered node with its operator, who is its owner too. */
export type TestNode = {
    readonly operator: Cocoon;
    readonly index: number;
    readonly secretKey: Uint8Array;
    info(): Promise<NodeInfo>;
};

/** Registers a node with 200 TON of stake that serves MODEL. */
export async function startNode(
    network: TestNetwork,
    number: number,
    completionPrice = 40_000_000n,
): Promise<TestNode> {
    const operator = await network.connect(number);
    const keys = encryptionKeyPair(new Uint8Array(32).fill(number));
    const { index } = await operator.nodes.registerNode({
        stake: toNano(200),
        operator: operator.sender.address,
        operatorKey: BigInt(number),
        encryptionKey: hashToInteger(keys.publicKey),
        endpoint: 'https://node.example',
        offers: [
            {
                modelId: MODEL,
                promptPrice: 10_000_000n,
                cachedPromptPrice: 1_000_000n,
                completionPrice,
                contextLength: 8_192,
                slots: 4,
            },
        ],
    });
    return {
        operator,
        index,
        secretKey: keys.secretKey,
        info: () => operator.nodes.getNode({ node: index }),
    };
}
