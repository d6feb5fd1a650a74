import { createHash } from 'node:crypto';
import { Address, type Cell, contractAddress, toNano } from '@ton/core';
import {
    cellHash,
    deployMarketBody,
    encodeRelease,
    encodeTerms,
    Job,
    type JobIdentity,
    Market,
    Node,
    Registry,
    registryBodies,
    type Terms,
} from 'cocoon-wrappers';
import { OFFER } from '../helpers/protocol';
import { DAY, defaultTerms, HOUR } from '../helpers/terms';
import { Chain, type Flight, fromContract, fromWallet, type Snapshot } from './chain';
import type { HotNote, Order } from './notes';

export const NODES = 4;
export const STAKE = toNano('300');
/** Announced in Markets that exist; any other model's do not. */
export const SERVED_MODEL = OFFER.modelId;
const MARKET_SHARDS = 2;

/** A network as every sequence finds it. */
export interface Network {
    chain: Chain;
    base: Snapshot;
    registry: Address;
    terms: Terms;
    termsCell: Cell;
    termsHash: bigint;
    releaseHash: bigint;
    /** By model and shard, remembered. */
    markets: Map<string, Market>;
    /** The Job code that the terms name. */
    jobCode: Cell;
    jobInit(order: Pick<Order, 'identity'>): { code: Cell; data: Cell };
    jobAddress(identity: JobIdentity): Address;
}

/** Account of a wallet, which is nobody's contract: what it receives stays. */
export function wallet(name: string, workchain = 0): Address {
    return new Address(workchain, createHash('sha256').update(`wallet of ${name}`).digest());
}

export const governor = wallet('governor');
export const guardian = wallet('guardian');
export const owner = (index: number) => wallet(`owner ${index}`);
/** Keys and wallets of a node at its birth. */
export const hotOf = (index: number): HotNote => ({
    operator: wallet(`operator ${index}`),
    payout: wallet(`payout ${index}`),
    encryptionKey: 0x25519_00n + BigInt(index),
});

/** Deploys a Registry, registers the nodes and opens the Markets of one model. `codes` replaces what is built. */
export async function createNetwork(codes: { job?: Cell; node?: Cell } = {}): Promise<Network> {
    const chain = await Chain.create();
    const jobCode = codes.job ?? Job.code();
    const terms = defaultTerms({
        marketShards: MARKET_SHARDS,
        job: { hash: cellHash(jobCode), depth: jobCode.depth() },
        jobParams: { treasury: wallet('treasury') },
    });
    const termsCell = encodeTerms(terms);
    const releaseCell = encodeRelease({ version: 1, code: codes.node ?? Node.code(), migrator: null });
    const bootstrap = Node.bootstrapCode();
    const registry = Registry.fromConfig({ governor, salt: 1n, bootstrap });
    const network: Network = {
        chain,
        base: chain.snapshot(),
        registry: registry.address,
        terms,
        termsCell,
        termsHash: cellHash(termsCell),
        releaseHash: cellHash(releaseCell),
        markets: new Map(),
        jobCode,
        jobInit: ({ identity }) => initOf(identity, jobCode),
        jobAddress: (identity) => contractAddress(0, initOf(identity, jobCode)),
    };
    const init = registryBodies.init({
        guardian,
        timelock: HOUR,
        terms: termsCell,
        release: releaseCell,
        bootstrap,
    });
    const stateInit = registry.init as { code: Cell; data: Cell };
    await settle(chain, {
        from: governor,
        to: registry.address,
        value: toNano('10'),
        body: init,
        init: stateInit,
    });
    for (let index = 0; index < NODES; index++) {
        const body = registrationBody(network, hotOf(index));
        await settle(chain, { from: owner(index), to: registry.address, value: STAKE, body });
    }
    for (let shard = 0; shard < MARKET_SHARDS; shard++) {
        const { address, init } = Market.fromIdentity({
            registry: registry.address,
            termsHash: network.termsHash,
            modelId: SERVED_MODEL,
            shard,
        });
        const market = { to: address, init: init as { code: Cell; data: Cell }, body: deployMarketBody() };
        await settle(chain, { from: governor, value: toNano('1'), ...market });
    }
    chain.now += DAY;
    network.base = chain.snapshot();
    return network;
}

/** As Job.fromIdentity, with a code that may be another than the one that is built. */
function initOf(identity: JobIdentity, code: Cell): { code: Cell; data: Cell } {
    const { init } = Job.fromIdentity(identity);
    return { code, data: init?.data as Cell };
}

export function registrationBody({ releaseHash, termsHash }: Network, hot: HotNote): Cell {
    const keys = { operatorKey: 0xed25519n, hot, endpoint: 'https://node.example', offers: [OFFER] };
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
