import { Address } from '@ton/core';
import type { ChainPrices, OutgoingMessage, WalletSender } from 'cocoon-sdk';
import { Outgoing } from '../../src/chain/outgoing';
import { OutboxPendingStore } from '../../src/chain/pending-store';
import type { TraceReader } from '../../src/chain/trace-reader';
import { Metrics } from '../../src/observability';
import { Redeemer, Redemption } from '../../src/sessions';
import { temporaryDirectory } from '../helpers/temporary';
import { readReply } from './client';
import { scriptedEngine, tokens } from './engine';
import { CHAT, TestNode, type TestNodeOptions } from './node';

const directory = temporaryDirectory();
const START = 1_750_000_000_000;
const KEY = { vault: `0:${'03'.repeat(32)}`, slot: 3, generation: 5n };
const RICH = { minAmount: '1000 TON', leastAmount: '10' };
const WALLET = new Address(0, Buffer.alloc(32, 77));

type Send = ConstructorParameters<typeof Redeemer>[0]['send'];
let time: number;
let node: TestNode;
let redeemer: Redeemer;
let sent: string[];
/** What the chain does with what is sent. */
let chain: Send;

const record = () => node.node.ledger.find(KEY)!.record;

/** The chain pays the voucher. */
const pays: Send = async (_, { record: { cumulative } }) => {
    node.change({ claimed: cumulative });
    return true;
};

function start(redeem: object, more: object = {}, options: Partial<TestNodeOptions> = {}): void {
    time = START;
    sent = [];
    chain = pays;
    const now = () => time;
    node = TestNode.start({ directory, now, sessions: { redeem, ...more }, ...options });
    redeemer = redeemerWith((kind, allocation) => {
        sent.push(kind);
        return chain(kind, allocation);
    });
}

function redeemerWith(send: Send): Redeemer {
    return new Redeemer({ env: node.env, ledger: node.node.ledger, vaults: node.node.vaults, send });
}

async function earn(sequence: bigint, cumulative: bigint): Promise<number> {
    return (await (await node.client()).request(CHAT, { sequence, cumulative })).status;
}

afterEach(() => node.close());

test('redeems once a minimum has gathered', async () => {
    start({ minAmount: '1000', leastAmount: '10' });
    await earn(1n, 999n);
    await redeemer.look();
    expect(sent).toEqual([]);
    await earn(2n, 1_000n);
    await redeemer.look();
    await redeemer.look();
    expect(sent).toEqual(['redeem']);
    expect(record()).toMatchObject({ claimed: 1_000n, unredeemedAt: null });
    expect(redeemer.unredeemed()).toBe(0n);
});

test('redeems what has waited long enough, but never less than its fees', async () => {
    start({ minAmount: '1000', leastAmount: '100', maxAgeSeconds: 3_600 });
    await earn(1n, 99n);
    time += 7_200_000;
    await redeemer.look();
    expect(sent).toEqual([]);
    await earn(2n, 100n);
    time += 3_599_000 - 7_200_000;
    await redeemer.look();
    expect(sent).toEqual([]);
    time += 1_000;
    await redeemer.look();
    expect(sent).toEqual(['redeem']);
});

test('redeems at half of the cap; at the cap nothing new is served until the chain has paid', async () => {
    start(RICH, { maxUnredeemed: '200' });
    chain = async () => false;
    expect(await earn(1n, 99n)).toBe(200);
    await redeemer.look();
    expect(sent).toEqual([]);
    expect(await earn(2n, 190n)).toBe(200);
    await redeemer.look();
    expect(sent).toEqual(['redeem']);
    for (let sequence = 3n; sequence <= 8n; sequence++) await earn(sequence, 300n);
    expect(await earn(9n, 300n)).toBe(503);
    chain = pays;
    time += 10_000;
    await redeemer.look();
    expect(record().claimed).toBe(300n);
    expect(await earn(9n, 500n)).toBe(200);
});

test('at the end it redeems what is worth it, after a look under way, and waits no longer than it may', async () => {
    start(RICH);
    await earn(1n, 65n);
    const look = redeemer.look();
    await redeemer.drain(new AbortController().signal);
    await look;
    expect(sent).toEqual(['redeem']);
    await earn(2n, 130n);
    chain = () => new Promise(() => {});
    const force = new AbortController();
    const drain = redeemer.drain(force.signal);
    while (sent.length < 2) await new Promise((resolve) => setImmediate(resolve));
    force.abort();
    await drain;
    expect(record().claimed).toBe(65n);
});

test('what failed is tried again, later each time, and not counted as redeemed before the chain says so', async () => {
    start({ minAmount: '50', leastAmount: '10' });
    chain = async () => false;
    await earn(1n, 65n);
    for (const wait of [10_000, 20_000, 40_000]) {
        await redeemer.look();
        const before = sent.length;
        time += wait - 1;
        await redeemer.look();
        expect(sent).toHaveLength(before);
        time += 1;
    }
    expect(sent).toHaveLength(3);
    expect(record().claimed).toBe(0n);
    // Executed, but the endpoint lags: the chain's word counts, and comes without a second message.
    chain = async () => true;
    await redeemer.look();
    expect(sent).toHaveLength(4);
    expect(record().claimed).toBe(0n);
    node.change({ claimed: 65n });
    await node.node.vaults.refresh(KEY.vault);
    await redeemer.look();
    expect(sent).toHaveLength(4);
    expect(record().claimed).toBe(65n);
});

test('an endpoint that lags ends no allocation; one that is gone for a minute has ended', async () => {
    start({ minAmount: '50', leastAmount: '10' });
    await earn(1n, 65n);
    const { facts } = node;
    node.facts = undefined;
    await node.node.vaults.refresh(KEY.vault).catch(() => undefined);
    await redeemer.look();
    expect(record().state).toBe('open');
    node.facts = facts;
    time += 30_000;
    await node.node.vaults.refresh(KEY.vault);
    await redeemer.look();
    expect(record().claimed).toBe(65n);
    await earn(2n, 130n);
    node.facts = undefined;
    await node.node.vaults.refresh(KEY.vault).catch(() => undefined);
    await redeemer.look();
    time += 59_999;
    await redeemer.look();
    expect(record().state).toBe('open');
    time += 1;
    await redeemer.look();
    expect(record().state).toBe('closed');
});

test('a release that the client asks for ends what runs, then the node releases on chain', async () => {
    let released = () => {};
    const onRelease = new Promise<void>((resolve) => {
        released = resolve;
    });
    const engine = scriptedEngine({ steps: [tokens(5), () => new Promise(() => {})] });
    start(RICH, {}, { engine, onRelease: () => released() });
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, { sequence: 1n, cumulative: 100n });
    const reply = readReply(await client.post('requests', sealed), sealed);
    expect(await client.control('release', time / 1000)).toMatchObject({ status: 202 });
    await onRelease;
    const { frames } = await reply;
    expect(frames.map(({ type }) => type)).toEqual(['delta', 'receipt', 'failure']);
    expect(frames.at(-1)).toMatchObject({ failure: { code: 'draining' } });
    chain = async () => false;
    await redeemer.look();
    expect(record()).toMatchObject({ state: 'releasing', claimed: 0n });
    time += 10_000;
    chain = async () => true;
    await redeemer.look();
    expect(sent).toEqual(['release', 'release']);
    expect(record()).toMatchObject({ state: 'closed', claimed: 100n });
});

/** A wallet that does as scripted, behind the real queue of messages. */
function wallet(outcome: () => 'executed' | 'refused' | 'unknown') {
    const store = new OutboxPendingStore(node.journal);
    const batches: (readonly OutgoingMessage[])[] = [];
    let seqno = 0;
    let result = outcome();
    const raw = WALLET.toRawString();
    const sender = {
        address: WALLET,
        async sendMessages(messages: readonly OutgoingMessage[]) {
            result = outcome();
            batches.push(messages);
            const boc = Buffer.from('message').toString('base64');
            const externalHash = (++seqno).toString(16).padStart(64, '0');
            await store.set(raw, { seqno, validUntil: 1, afterLt: '0', boc, externalHash });
            if (result === 'unknown') throw new Error('no answer');
            await store.set(raw, undefined);
        },
        // The chain proves that what was unknown has never been executed.
        recover: async () => null,
    } as unknown as WalletSender;
    const trace = (refused: boolean) => ({
        root: {
            children: batches.at(-1)!.map(({ to, body }) => ({
                address: to,
                tx: { inMessage: { body } },
                aborted: refused,
                computeSkipped: null,
                computeExit: refused ? 999 : 0,
                children: [],
            })),
        },
    });
    const outgoing = new Outgoing({
        journal: node.journal,
        store,
        sender,
        traces: { read: async () => trace(result === 'refused') } as unknown as TraceReader,
        logger: node.env.logger,
        metrics: new Metrics(),
        maxMessages: 64,
        signal: new AbortController().signal,
    });
    const prices: ChainPrices = {
        gas: { flatLimit: 100n, flatPrice: 40_000n, price: 26_214_400n },
        forward: { lump: 400_000n, bit: 26_214_400n, cell: 2_621_440_000n },
        storage: { bit: 1n, cell: 500n },
    };
    const own = { view: { prices }, outgoing, node: { address: new Address(0, node.account), index: 0 } };
    const redemption = new Redemption(node.env, own as never);
    return { batches, redeemer: redeemerWith((kind, allocation) => redemption.send(kind, allocation)) };
}

test('vouchers of many vaults leave in one message of the wallet', async () => {
    start({ minAmount: '50', leastAmount: '10' });
    for (let index = 1; index <= 20; index++) {
        const client = await node.client({ vault: new Uint8Array(32).fill(index) });
        expect((await client.request(CHAT, { sequence: 1n, cumulative: 65n })).status).toBe(200);
    }
    const { batches, redeemer: real } = wallet(() => 'executed');
    await real.look();
    expect(batches.map(({ length }) => length)).toEqual([20]);
    expect(new Set(batches[0]!.map(({ to }) => to.toString())).size).toBe(20);
});

test.each(['refused', 'unknown'] as const)('a message that is %s is sent again', async (first) => {
    start({ minAmount: '50', leastAmount: '10' });
    await earn(1n, 65n);
    let outcome: 'executed' | 'refused' | 'unknown' = first;
    const { batches, redeemer: real } = wallet(() => outcome);
    await real.look();
    expect(batches).toHaveLength(1);
    expect(record().claimed).toBe(0n);
    outcome = 'executed';
    time += 10_000;
    await real.look();
    expect(batches).toHaveLength(2);
    expect(batches[1]![0]!.body!.equals(batches[0]![0]!.body!)).toBe(true);
    // The wallet has sent it and the vault has run, yet the node believes what it reads.
    expect(record().claimed).toBe(0n);
    node.change({ claimed: 65n });
    await node.node.vaults.refresh(KEY.vault);
    await real.look();
    expect(record().claimed).toBe(65n);
});
