import { createHash } from 'node:crypto';
import { Address, beginCell, type Cell, contractAddress, toNano } from '@ton/core';
import {
    cellHash,
    codeId,
    Dispute,
    type DisputeIdentity,
    deployMarketBody,
    encodeJobEvidence,
    encodeJobSubject,
    encodeRelease,
    encodeTerms,
    Job,
    type JobIdentity,
    Market,
    Node,
    nodeBodies,
    Registry,
    registryBodies,
    type Terms,
    Vault,
    vaultBodies,
} from 'cocoon-wrappers';
import { OFFER } from '../helpers/protocol';
import { DAY, DISPUTES, defaultTerms, HOUR } from '../helpers/terms';
import { type VaultNetwork, voucherKeys } from '../vault/invariants/network';
import { Chain, type Flight, fromContract, fromWallet, type Snapshot } from './chain';
import { nativeKey } from './keys';
import type { HotNote, Order, ReleaseNote, Suit } from './notes';

export const NODES = 8;
export const STAKE = toNano('300');
/** Of every founding node but the first. */
export const JUROR_STAKE = toNano('100');
export const TIMELOCK = HOUR;
/** Announced in Markets that exist; any other model's do not. */
export const SERVED_MODEL = OFFER.modelId;
const MARKET_SHARDS = 2;
const DEPOSIT = toNano('100');

/** Code of contracts in the place of what is built. */
export interface Codes {
    job?: Cell;
    node?: Cell;
    dispute?: Cell;
    vault?: Cell;
}

type StateInit = { code: Cell; data: Cell };

/** A network as every sequence finds it. */
export interface Network {
    chain: Chain;
    base: Snapshot;
    registry: Address;
    /** Those that founding nodes hold. */
    termsHash: bigint;
    /** These, and others that may come. */
    allTerms: Map<bigint, { terms: Terms; cell: Cell }>;
    release: ReleaseNote;
    nodeCode: Cell;
    bornAt: number;
    jurorsSince: number;
    vaults: VaultNetwork[];
    /** By terms, model and shard, remembered. */
    markets: Map<string, Market>;
    jobInit(order: Pick<Order, 'identity'>): StateInit;
    jobAddress(identity: JobIdentity): Address;
    disputeInit(identity: DisputeIdentity): StateInit;
    jobSuit(order: Order, claim: number, root: bigint, openBefore: number): Suit;
}

/** Account of a wallet, which is nobody's contract: what it receives stays. */
export function wallet(name: string, workchain = 0): Address {
    return new Address(workchain, createHash('sha256').update(`wallet of ${name}`).digest());
}

export const governor = wallet('governor');
export const guardian = wallet('guardian');
export const clients = [wallet('client 0'), wallet('client 1'), wallet('client 2')] as const;
export const owner = (index: number) => wallet(`owner ${index}`);
export const operatorKeyOf = (index: number) => nativeKey(`operator key ${index}`);
/** Keys and wallets of a node at its birth. */
export const hotOf = (index: number): HotNote => ({
    operator: wallet(`operator ${index}`),
    payout: wallet(`payout ${index}`),
    encryptionKey: 0x25519_00n + BigInt(index),
});

/** Terms of the beginning, and some that a governor may propose later. */
function drawTerms(codes: Required<Codes>): Terms[] {
    const common = { marketShards: MARKET_SHARDS, job: codeId(codes.job) };
    const treasury = wallet('treasury');
    const kinds = {
        ...defaultTerms().kinds,
        dispute: codeId(codes.dispute),
        vault: codeId(codes.vault),
        disputes: { ...DISPUTES, seatRate: 30_000n },
    };
    const later = { ...kinds.disputes, jurorBond: toNano('30'), minorityBps: 2_000, receiptMultiple: 7 };
    return [
        defaultTerms({ ...common, kinds, jobParams: { treasury } }),
        defaultTerms({
            ...common,
            kinds: { ...kinds, disputes: { ...later, accuserBond: toNano('3'), revealWindow: HOUR } },
            jobParams: { treasury, feeBps: 300, keeperTip: toNano('0.07') },
            stakeParams: { reserve: toNano('120'), unbondingPeriod: 16 * DAY, longestDispute: 8 * DAY },
        }),
        defaultTerms({
            ...common,
            minNodeVersion: 2,
            kinds: { ...kinds, disputes: { ...DISPUTES, jurors: 7, seatRate: 90_000n } },
            jobParams: { treasury, timeoutSlashBps: 5_000, postFee: 0n },
        }),
    ];
}

/** Deploys a Registry, registers nodes with juror stakes, opens Vaults and the Markets of one model. */
export async function createNetwork(changed: Codes = {}): Promise<Network> {
    const chain = await Chain.create();
    const codes = {
        job: Job.code(),
        node: Node.code(),
        dispute: Dispute.code(),
        vault: Vault.code(),
        ...changed,
    };
    const allTerms = new Map(
        drawTerms(codes).map((terms) => {
            const cell = encodeTerms(terms);
            return [cellHash(cell), { terms, cell }];
        }),
    );
    const [[termsHash, { cell: termsCell }]] = [...allTerms] as [[bigint, { terms: Terms; cell: Cell }]];
    const releaseCell = encodeRelease({ version: 1, code: codes.node, migrator: null });
    const bootstrap = Node.bootstrapCode();
    const registry = Registry.fromConfig({ governor, salt: 1n, bootstrap });
    const disputeInit = (identity: DisputeIdentity) => initOf(Dispute.fromIdentity(identity), codes.dispute);
    const network: Network = {
        chain,
        base: chain.snapshot(),
        registry: registry.address,
        termsHash,
        allTerms,
        release: { hash: cellHash(releaseCell), version: 1, migration: 'none' },
        nodeCode: codes.node,
        bornAt: chain.now,
        jurorsSince: chain.now,
        vaults: [],
        markets: new Map(),
        jobInit: ({ identity }) => initOf(Job.fromIdentity(identity), codes.job),
        jobAddress: (identity) => contractAddress(0, initOf(Job.fromIdentity(identity), codes.job)),
        disputeInit,
        jobSuit: (order, claim, root, openBefore) => jobSuit(order, claim, root, openBefore, disputeInit),
    };
    const init = registryBodies.init({
        guardian,
        timelock: TIMELOCK,
        terms: termsCell,
        release: releaseCell,
        bootstrap,
    });
    const from = governor;
    await settle(chain, {
        from,
        to: registry.address,
        value: toNano('10'),
        body: init,
        init: registry.init as StateInit,
    });
    for (let index = 0; index < NODES; index++) await addNode(network, index);
    for (let shard = 0; shard < MARKET_SHARDS; shard++) {
        const identity = { registry: registry.address, termsHash, modelId: SERVED_MODEL, shard };
        const market = Market.fromIdentity(identity);
        const deployed = { to: market.address, init: market.init as StateInit, body: deployMarketBody() };
        await settle(chain, { from, value: toNano('1'), ...deployed });
    }
    for (const client of [0, 1]) network.vaults.push(await openVault(network, codes.vault, client));
    chain.now += DAY;
    network.base = chain.snapshot();
    return network;
}

async function addNode({ chain, registry, termsHash, release }: Network, index: number): Promise<void> {
    const operatorKey = operatorKeyOf(index).id;
    const body = registrationBody(termsHash, release.hash, hotOf(index), operatorKey);
    await settle(chain, { from: owner(index), to: registry, value: STAKE, body });
    if (index === 0) return;
    const to = Node.fromIndex(registry, index).address;
    const juror = nodeBodies.setJurorStake({ amount: JUROR_STAKE });
    await settle(chain, { from: owner(index), to, value: toNano('1'), body: juror });
}

async function openVault(
    { chain, registry, termsHash, allTerms }: Network,
    code: Cell,
    index: number,
): Promise<VaultNetwork> {
    const { terms, cell } = allTerms.get(termsHash) as { terms: Terms; cell: Cell };
    const client = clients[index] as Address;
    const openBefore = chain.now + 30 * DAY;
    const identity = { registry, termsHash, client, nonce: 1n, openBefore };
    const init = initOf(Vault.fromIdentity(identity), code);
    const vault = contractAddress(0, init);
    const body = vaultBodies.open({ terms: cell });
    await settle(chain, { from: client, to: vault, value: DEPOSIT, body, init });
    const parties = {
        client,
        node: Node.fromIndex(registry, index).address,
        payee: hotOf(index).payout,
        treasury: terms.jobParams.treasury,
        stranger: wallet('stranger'),
    };
    return { chain, base: chain.snapshot(), terms, vault, openBefore, parties, ...voucherKeys() };
}

function jobSuit(
    order: Order,
    claim: number,
    root: bigint,
    openBefore: number,
    disputeInit: Network['disputeInit'],
): Suit {
    const { identity, address: job, terms, spec } = order;
    const accuser = identity.client;
    const subject = encodeJobSubject({ accuser, job, claim });
    const { registry, termsHash } = identity;
    const suited = { registry, termsHash, subject: cellHash(subject), openBefore };
    return {
        kind: 'job',
        identity: suited,
        terms,
        address: contractAddress(0, disputeInit(suited)),
        accuser,
        accused: job,
        subject,
        evidence: encodeJobEvidence(root),
        modelId: spec.modelId,
        claim,
        root,
    };
}

/** As wrappers make it, with a code that may be another than the one that is built. */
function initOf({ init }: { init?: { data?: Cell | null } }, code: Cell): StateInit {
    return { code, data: init?.data ?? beginCell().endCell() };
}

export function registrationBody(
    termsHash: bigint,
    releaseHash: bigint,
    hot: HotNote,
    operatorKey: bigint,
): Cell {
    const keys = { operatorKey, hot, endpoint: 'https://node.example', offers: [OFFER] };
    return registryBodies.registerNode({ releaseHash, termsHash, ...keys });
}

/** Delivers a message and all that follows from it, in order. Everything must succeed. */
async function settle(chain: Chain, sent: Omit<Parameters<typeof fromWallet>[0], 'note'>): Promise<void> {
    const note = { kind: 'nothing' } as const;
    const queue: Flight[] = [fromWallet({ ...sent, note })];
    for (let flight = queue.shift(); flight; flight = queue.shift()) {
        const { transaction } = await chain.execute(flight);
        if (!transaction.computed || transaction.actionCode !== 0) {
            throw new Error(`Setting up the network failed at ${flight.to.toString()}.`);
        }
        for (const message of transaction.out) {
            if (!message.to.equals(sent.from)) queue.push(fromContract(message, note));
        }
    }
}
