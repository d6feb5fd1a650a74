import { type Address, type Cell, toNano } from '@ton/core';
import type { Blockchain, SandboxContract, SendMessageResult, TreasuryContract } from '@ton/sandbox';
import {
    cellHash,
    encodeRelease,
    encodeTerms,
    type NewModel,
    type NewOffer,
    Node,
    Registry,
    type Release,
    registryBodies,
    type Terms,
} from 'cocoon-wrappers';
import { defaultTerms, HOUR, type TermsOverrides } from './terms';

export const MODEL_ID = 0xc0c00_1n;

export interface Protocol {
    registry: SandboxContract<Registry>;
    governor: SandboxContract<TreasuryContract>;
    guardian: SandboxContract<TreasuryContract>;
    treasury: SandboxContract<TreasuryContract>;
    terms: Terms;
    termsCell: Cell;
    termsHash: bigint;
    release: Release;
    releaseCell: Cell;
    releaseHash: bigint;
    timelock: number;
}

export interface ProtocolOptions {
    terms?: TermsOverrides;
    /** Seconds, default one hour. */
    timelock?: number;
    release?: Partial<Release>;
    models?: ReadonlyMap<bigint, NewModel>;
    salt?: bigint;
}

/** Deploys a Registry and opens it: governor, guardian and treasury are wallets of these names. */
export async function deployProtocol(
    blockchain: Blockchain,
    options: ProtocolOptions = {},
): Promise<Protocol> {
    const { protocol, result } = await tryDeployProtocol(blockchain, options);
    if ((await blockchain.getContract(protocol.registry.address)).accountState?.type !== 'active')
        throw new Error('The Registry was not deployed.');
    expect(result.transactions).toHaveTransaction({
        to: protocol.registry.address,
        success: true,
        deploy: true,
    });
    return protocol;
}

/** As `deployProtocol`, without expecting that Init is accepted. */
export async function tryDeployProtocol(
    blockchain: Blockchain,
    options: ProtocolOptions = {},
): Promise<{ protocol: Protocol; result: SendMessageResult }> {
    const [governor, guardian, treasury] = await Promise.all([
        blockchain.treasury('governor'),
        blockchain.treasury('guardian'),
        blockchain.treasury('protocol-treasury'),
    ]);
    const terms = defaultTerms({
        ...options.terms,
        jobParams: { treasury: treasury.address, ...options.terms?.jobParams },
    });
    const termsCell = encodeTerms(terms);
    const release: Release = { version: 1, code: Node.code(), migrator: null, ...options.release };
    const releaseCell = encodeRelease(release);
    const timelock = options.timelock ?? HOUR;
    const bootstrap = Node.bootstrapCode();
    const registry = blockchain.openContract(
        Registry.fromConfig({ governor: governor.address, salt: options.salt ?? 0n, bootstrap }),
    );
    const result = await registry.sendMessage(
        governor.getSender(),
        toNano('10'),
        registryBodies.init({
            guardian: guardian.address,
            timelock,
            terms: termsCell,
            release: releaseCell,
            bootstrap,
            models: options.models,
        }),
    );
    const protocol = {
        registry,
        governor,
        guardian,
        treasury,
        terms,
        termsCell,
        termsHash: cellHash(termsCell),
        release,
        releaseCell,
        releaseHash: cellHash(releaseCell),
        timelock,
    };
    return { protocol, result };
}

export interface RegistrationOptions {
    /** Sends RegisterNode and owns the node. */
    owner: SandboxContract<TreasuryContract>;
    operator?: Address;
    payout?: Address;
    operatorKey?: bigint;
    encryptionKey?: bigint;
    endpoint?: string;
    offers?: NewOffer[];
    releaseHash?: bigint;
    termsHash?: bigint;
    value?: bigint;
}

export const OFFER: NewOffer = {
    modelId: MODEL_ID,
    promptPrice: 10_000_000n,
    cachedPromptPrice: 1_000_000n,
    completionPrice: 40_000_000n,
    contextLength: 8_192,
    slots: 4,
};

/** Body of a RegisterNode that is fine unless told otherwise. */
export function registration(protocol: Protocol, options: RegistrationOptions): Cell {
    return registryBodies.registerNode({
        queryId: 7n,
        releaseHash: options.releaseHash ?? protocol.releaseHash,
        termsHash: options.termsHash ?? protocol.termsHash,
        operatorKey: options.operatorKey ?? 0xed25519n,
        hot: {
            operator: options.operator ?? options.owner.address,
            payout: options.payout ?? options.owner.address,
            encryptionKey: options.encryptionKey ?? 0x25519n,
        },
        endpoint: options.endpoint ?? 'https://node.example',
        offers: options.offers ?? [OFFER],
    });
}

/** Sends a registration; `value` defaults to twice the minimum stake and reserve together. */
export function sendRegistration(
    protocol: Protocol,
    options: RegistrationOptions,
): Promise<SendMessageResult> {
    const { minStake, reserve } = protocol.terms.stakeParams;
    return protocol.registry.sendMessage(
        options.owner.getSender(),
        options.value ?? 2n * (minStake + reserve),
        registration(protocol, options),
    );
}

/** Registers a node and opens it. */
export async function registerNode(
    blockchain: Blockchain,
    protocol: Protocol,
    options: RegistrationOptions,
): Promise<{ node: SandboxContract<Node>; index: number; result: SendMessageResult }> {
    const index = (await protocol.registry.getNetwork()).nodeCount;
    const node = blockchain.openContract(Node.fromIndex(protocol.registry.address, index));
    const result = await sendRegistration(protocol, options);
    expect(result.transactions).toHaveTransaction({ to: node.address, success: true });
    return { node, index, result };
}
