import type { Address } from '@ton/core';
import { beginCell, type Cell, SendMode, type StateInit, toNano } from '@ton/core';
import {
    Blockchain,
    type BlockchainTransaction,
    createShardAccount,
    type SandboxContract,
    type SendMessageResult,
    type TreasuryContract,
} from '@ton/sandbox';
import {
    type Bid,
    cellHash,
    encodeJobSpec,
    Job,
    type JobIdentity,
    type JobSpec,
    jobBodies,
    Market,
    Node,
    nodeBodies,
} from 'cocoon-wrappers';
import { MODEL_ID, type Protocol, registration, tryDeployProtocol } from '../../tests/helpers/protocol';

const GENESIS = 1_800_000_000;
export const WINDOW = 3_600;
const STAKE = toNano('500');
/** For any message without stake or escrow; the excess returns. */
const AMPLE = toNano('2');
const SEALED = bytesCell(80);
/** Inline ciphertext of a short prompt or answer. */
const KILOBYTE = bytesCell(1_024);

export type Wallet = SandboxContract<TreasuryContract>;

/** A network with the protocol, one registered node and its people, made anew for every operation. */
export interface World {
    blockchain: Blockchain;
    protocol: Protocol;
    client: Wallet;
    keeper: Wallet;
    owner: Wallet;
    operator: Wallet;
    node: SandboxContract<Node>;
}

/** @param config of the network, with its prices */
export async function createWorld(config: Cell): Promise<World> {
    const blockchain = await Blockchain.create({ config });
    blockchain.now = GENESIS;
    const [client, keeper, owner, operator] = await Promise.all(
        ['client', 'keeper', 'owner', 'operator'].map((name) => blockchain.treasury(name)),
    );
    if (!client || !keeper || !owner || !operator) throw new Error('Wallets are missing.');
    const { protocol } = await tryDeployProtocol(blockchain);
    const node = blockchain.openContract(Node.fromIndex(protocol.registry.address, 0));
    const world = { blockchain, protocol, client, keeper, owner, operator, node };
    await succeed(register(world));
    return world;
}

export function wait({ blockchain }: World, seconds: number): void {
    blockchain.now = (blockchain.now ?? GENESIS) + seconds;
}

export async function register(world: World): Promise<SendMessageResult> {
    const { protocol, owner, operator } = world;
    const payout = (await world.blockchain.treasury('payout')).address;
    const body = registration(protocol, { owner, operator: operator.address, payout });
    return send(owner, protocol.registry.address, body, STAKE);
}

export function send(
    from: Wallet,
    to: Address,
    body: Cell,
    value = AMPLE,
    init?: StateInit,
): Promise<SendMessageResult> {
    return from.send({ to, value, body, init, sendMode: SendMode.PAY_GAS_SEPARATELY });
}

/** A trace in which no contract failed; a cost is only worth its name then. */
export async function succeed(pending: Promise<SendMessageResult>): Promise<SendMessageResult> {
    const result = await pending;
    for (const transaction of result.transactions.slice(1)) {
        if (!succeeded(transaction))
            throw new Error(`A transaction failed: ${JSON.stringify(outcomeOf(transaction))}`);
    }
    return result;
}

/** What is burnt goes to account 0, which has no contract that could fail. */
function succeeded({ address, description }: BlockchainTransaction): boolean {
    return address === 0n || (description.type === 'generic' && !description.aborted);
}

function outcomeOf({ description, inMessage }: BlockchainTransaction): unknown {
    if (description.type !== 'generic') return description.type;
    const { computePhase, actionPhase } = description;
    return {
        message: inMessage?.body.toString(),
        value: inMessage?.info.type === 'internal' ? inMessage.info.value.coins.toString() : undefined,
        exitCode: computePhase.type === 'vm' ? computePhase.exitCode : computePhase.reason,
        actionCode: actionPhase?.resultCode,
    };
}

export interface Posting {
    job: SandboxContract<Job>;
    identity: JobIdentity;
    spec: JobSpec;
    bid: Bid;
}

/** A job as a client would post it; `direct` for node 0. */
export function draft(world: World, direct: boolean): Posting {
    const spec: JobSpec = {
        modelId: MODEL_ID,
        inputTop: 0x1234n,
        resultKey: 0xabcdn,
        items: 1,
        direct: direct ? 0 : undefined,
        startPrice: toNano('1'),
        maxPrice: toNano('2'),
        rampSeconds: 600,
        collateral: toNano('10'),
        claimWindow: WINDOW,
        keyWindow: WINDOW,
        executionWindow: WINDOW,
        reviewWindow: WINDOW,
        minStake: toNano('100'),
    };
    const identity = {
        registry: world.protocol.registry.address,
        termsHash: world.protocol.termsHash,
        client: world.client.address,
        nonce: 1n,
        openBefore: (world.blockchain.now ?? GENESIS) + WINDOW,
    };
    const bid = {
        specHash: cellHash(encodeJobSpec(spec)),
        collateral: spec.collateral,
        minPrice: spec.startPrice,
    };
    return { job: world.blockchain.openContract(Job.fromIdentity(identity)), identity, spec, bid };
}

export function marketOf({ protocol }: World, { job }: Posting): Market {
    const { registry, termsHash, terms } = protocol;
    const shard = Market.shardOf(job.address, terms.marketShards);
    return Market.fromIdentity({ registry: registry.address, termsHash, modelId: MODEL_ID, shard });
}

export function post(world: World, posting: Posting): Promise<SendMessageResult> {
    const body = jobBodies.post({
        terms: world.protocol.termsCell,
        spec: encodeJobSpec(posting.spec),
        input: KILOBYTE,
        sealedKey: posting.spec.direct === undefined ? undefined : SEALED,
    });
    const { address, init } = posting.job;
    return send(world.client, address, body, posting.spec.maxPrice + AMPLE, init);
}

export function claim({ operator, node }: World, { identity, bid }: Posting): Promise<SendMessageResult> {
    return send(operator, node.address, nodeBodies.claim({ job: identity, bid }));
}

export async function disclose({ client, node }: World, { job }: Posting): Promise<SendMessageResult> {
    const { encryptionKey } = await node.getNode();
    return send(client, job.address, jobBodies.discloseKey({ claim: 1, encryptionKey, sealedKey: SEALED }));
}

export function submit({ operator }: World, { job }: Posting): Promise<SendMessageResult> {
    const body = jobBodies.submitResult({
        claim: 1,
        resultTop: 0x7e5017n,
        promptTokens: 900,
        completionTokens: 250,
        result: KILOBYTE,
        sealedKey: SEALED,
    });
    return send(operator, job.address, body);
}

export async function accept({ client }: World, { job }: Posting): Promise<SendMessageResult> {
    const { resultRoot } = await job.getJob();
    return send(client, job.address, jobBodies.acceptResult({ claim: 1, resultRoot }));
}

/** Makes a Registry believe that it has registered `count` nodes. */
export async function pretendNodes({ blockchain, protocol }: World, count: number): Promise<void> {
    const { address } = protocol.registry;
    const { accountState, balance } = await blockchain.getContract(address);
    if (accountState?.type !== 'active') throw new Error('The Registry is not active.');
    const { code, data } = accountState.state;
    if (!code || !data) throw new Error('The Registry has no code or data.');
    const identity = data.beginParse();
    const state = identity.loadRef().beginParse();
    state.skip(32);
    const changed = beginCell().storeUint(count, 32).storeSlice(state).endCell();
    await blockchain.setShardAccount(
        address,
        createShardAccount({
            address,
            code,
            data: beginCell().storeSlice(identity).storeRef(changed).endCell(),
            balance,
        }),
    );
}

function bytesCell(bytes: number): Cell {
    return beginCell().storeStringTail('x'.repeat(bytes)).endCell();
}
