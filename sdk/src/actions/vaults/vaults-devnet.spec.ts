import { Address, toNano } from '@ton/core';
import { keyPairFromSeed, sign } from '@ton/crypto';
import { PRICES_2024, scalePrices } from 'cocoon-devnet';
import { captureError } from '../../../tests/helpers/capture';
import { startNetwork, startNode, type TestNetwork, type TestNode } from '../../../tests/helpers/network';
import { type AllocationOrder, type Cocoon, type VaultAllocation, voucherHash } from '../..';

const keys = keyPairFromSeed(Buffer.alloc(32, 77));
const RELEASE_DELAY = 6 * 3_600;
const DUST = toNano('0.03');

let network: TestNetwork;
let node: TestNode;
let other: TestNode;
let client: Cocoon;

beforeAll(async () => {
    network = await startNetwork(scalePrices(PRICES_2024, 2n));
    node = await startNode(network, 2);
    other = await startNode(network, 3);
    client = await network.connect(4);
});
afterAll(() => network.devnet.close());

async function order(slot: number, to: TestNode, amount: bigint): Promise<AllocationOrder> {
    const { address, payout } = await to.info();
    return { slot, node: address, payee: payout, voucherKey: keys.publicKey, amount };
}

function voucher(vault: VaultAllocation['node'], { slot, generation }: VaultAllocation, cumulative: bigint) {
    const hash = voucherHash({ networkId: network.config.networkId, vault, slot, generation, cumulative });
    return { vault, slot, generation, cumulative, signature: sign(hash, keys.secretKey) };
}

const balance = (of: Cocoon) => network.devnet.balance(of.sender.address);

/** What is expected, less at most the fees of a few messages. */
function expectNear(amount: bigint, expected: bigint): void {
    expect(amount).toBeLessThanOrEqual(expected);
    expect(amount).toBeGreaterThan(expected - toNano('0.2'));
}

it('opens, allocates, redeems, releases and withdraws; nothing is lost but fees', async () => {
    const start = balance(client);
    const opened = await client.vaults.open({
        deposit: toNano(10),
        allocations: [await order(0, node, toNano(2)), await order(127, other, toNano(1))],
    });
    const { address: vault } = opened;
    const [first, second] = opened.allocations;
    expect(opened.allocations.map(({ slot, generation }) => [slot, generation])).toEqual([
        [0, 1n],
        [127, 2n],
    ]);
    expect(first).toMatchObject({ allocated: toNano(2), claimed: 0n, releaseAt: 0 });
    expect(first!.node.equals((await node.info()).address)).toBe(true);
    const state = (await client.vaults.get({ vault }))!;
    expect(state).toMatchObject({
        networkId: network.config.networkId,
        feeBps: 500,
        releaseDelay: RELEASE_DELAY,
        reserved: toNano(3),
        count: 2,
        nextGeneration: 3n,
        identity: { nonce: opened.identity.nonce, openBefore: opened.identity.openBefore },
    });
    expect(state.free).toBeGreaterThanOrEqual(toNano(7));
    expect(state.free - toNano(7)).toBeLessThan(DUST);
    expect(await client.vaults.isGenuine({ vault })).toBe(true);

    const more = await client.vaults.allocate({
        vault,
        allocations: [await order(5, node, toNano(8))],
        deposit: toNano(1),
    });
    expect(more.allocations).toMatchObject([{ slot: 5, generation: 3n, allocated: toNano(8) }]);
    await client.vaults.topUp({ vault, amount: toNano(1) });
    await client.vaults.increaseAllocation({ vault, ...first!, amount: toNano(1) });
    expect((await client.vaults.getAllocation({ vault, slot: 0 }))?.allocated).toBe(toNano(3));

    // One wallet transaction; a voucher that was redeemed before does not stop the others.
    const before = balance(node.operator);
    const redemptions = [
        voucher(vault, first!, toNano(1)),
        voucher(vault, more.allocations[0]!, toNano(4)),
        voucher(vault, first!, toNano('0.5')),
        voucher(vault, second!, toNano(1)),
    ];
    const redeemed = await node.operator.vaults.redeemMany({ redemptions });
    expect(redeemed.traces).toHaveLength(1);
    expect(redeemed.outcomes.map(({ redeemed, error }) => [redeemed, error?.exitName])).toEqual([
        [true, undefined],
        [true, undefined],
        [false, 'ERR_NOTHING_NEW'],
        [true, undefined],
    ]);
    expectNear(balance(node.operator) - before, toNano('4.75'));
    expect(await client.vaults.getAllocation({ vault, slot: 5 })).toMatchObject({ claimed: toNano(4) });

    // The node gives one back at once, and is paid the last voucher with it.
    const last = voucher(vault, more.allocations[0]!, toNano(6));
    await node.operator.nodes.releaseAllocation({ node: node.index, ...last });
    expectNear(balance(node.operator) - before, toNano('6.65'));
    expect(await client.vaults.getAllocation({ vault, slot: 5 })).toBeNull();

    // The others end by the delay.
    await client.vaults.requestRelease({ vault, slots: [0, 127] });
    const early = await captureError(() => client.vaults.finishRelease({ vault, slots: [0] }));
    expect([early.code, early.remedy]).toEqual(['invalid_argument', 'Wait.']);
    await network.advance(RELEASE_DELAY);
    await other.operator.vaults.finishRelease({ vault, slots: [0, 127] });
    expect((await client.vaults.getAllocations({ vault })).size).toBe(0);
    await client.vaults.withdraw({ vault, amount: toNano(1) });
    await client.vaults.withdraw({ vault });
    await client.vaults.destroy({ vault });
    expect(await client.vaults.get({ vault })).toBeNull();
    expect(await client.vaults.isGenuine({ vault })).toBe(false);
    // Nodes got 1 + 6 + 1 TON.
    expect(start - balance(client)).toBeGreaterThan(toNano(8));
    expect(start - balance(client)).toBeLessThan(toNano('8.5'));
    expect((await network.devnet.supply()).conserved).toBe(true);
});

describe('mistakes are named before anything is sent', () => {
    let vault: VaultAllocation['node'];
    let allocation: VaultAllocation;

    beforeAll(async () => {
        const opened = await client.vaults.open({
            deposit: toNano(3),
            allocations: [await order(1, node, toNano(2))],
        });
        vault = opened.address;
        allocation = opened.allocations[0]!;
    });

    /** The sender must not be asked for anything. */
    async function refused(act: (client: Cocoon) => Promise<unknown>): Promise<object> {
        const seqno = network.devnet.transactions(client.sender.address).length;
        const { code, details } = await captureError(() => act(client));
        expect(network.devnet.transactions(client.sender.address)).toHaveLength(seqno);
        return { code, field: details.field };
    }

    const wrong = (field: string) => ({ code: 'invalid_argument', field });

    it('when a vault is opened', async () => {
        const allocations = [await order(1, node, toNano(2))];
        expect(await refused(({ vaults }) => vaults.open({ deposit: toNano(1), allocations }))).toEqual(
            wrong('deposit'),
        );
        expect(await refused(({ vaults }) => vaults.open({ deposit: 0n }))).toEqual(wrong('deposit'));
        const now = network.devnet.now();
        for (const openBefore of [now - 100, now + 31 * 86_400]) {
            expect(await refused(({ vaults }) => vaults.open({ deposit: 1n, openBefore }))).toEqual(
                wrong('openBefore'),
            );
        }
    });

    it('when there is no such vault, or none of ours', async () => {
        const none = client.sender.address;
        expect(await client.vaults.get({ vault: none })).toBeNull();
        expect(await client.vaults.getAllocation({ vault: none, slot: 1 })).toBeNull();
        expect(await client.vaults.isGenuine({ vault: none })).toBe(false);
        expect(await client.vaults.isGenuine({ vault, terms: [] })).toBe(false);
        expect(await refused(({ vaults }) => vaults.topUp({ vault: none, amount: 1n }))).toEqual(
            wrong('vault'),
        );
        expect(await refused(({ vaults }) => vaults.destroy({ vault: none }))).toEqual(wrong('vault'));
    });

    it('a contract with the data of a vault and other code is not genuine', async () => {
        const { data, code } = await client.reader.getAccount(vault);
        const copy = new Address(0, Buffer.alloc(32, 9));
        await network.devnet.setAccount(copy, { code: code!, data: data!, balance: toNano(9) });
        expect(await client.vaults.isGenuine({ vault: copy })).toBe(false);
        expect(await client.vaults.get({ vault: copy })).toBeNull();
    });

    it('when balance, slot or release do not allow it', async () => {
        const free = await order(2, node, toNano(5));
        const cases: [string, (client: Cocoon) => Promise<unknown>][] = [
            ['amount', ({ vaults }) => vaults.allocate({ vault, allocations: [free] })],
            [
                'slot',
                ({ vaults }) => vaults.allocate({ vault, allocations: [{ ...free, slot: 1, amount: 1n }] }),
            ],
            [
                'amount',
                ({ vaults }) => vaults.increaseAllocation({ ...allocation, vault, amount: toNano(5) }),
            ],
            [
                'generation',
                ({ vaults }) => vaults.increaseAllocation({ vault, slot: 1, generation: 9n, amount: 1n }),
            ],
            ['amount', ({ vaults }) => vaults.withdraw({ vault, amount: toNano(2) })],
            ['slots', ({ vaults }) => vaults.requestRelease({ vault, slots: [1, 2] })],
            ['slots', ({ vaults }) => vaults.finishRelease({ vault, slots: [1] })],
            ['vault', ({ vaults }) => vaults.destroy({ vault })],
        ];
        for (const [field, act] of cases) expect(await refused(act)).toEqual(wrong(field));
        await client.vaults.requestRelease({ vault, slots: [1] });
        const releasing: typeof cases = [
            ['slots', ({ vaults }) => vaults.requestRelease({ vault, slots: [1] })],
            ['slot', ({ vaults }) => vaults.increaseAllocation({ ...allocation, vault, amount: 1n })],
        ];
        for (const [field, act] of releasing) expect(await refused(act)).toEqual(wrong(field));
    });

    it('while the network is paused; what is promised is still paid', async () => {
        await network.governor.network.pauseNetwork({ duration: 3_600 });
        const allocations = [await order(3, node, 1n)];
        const paused = { code: 'network_paused', field: undefined };
        expect(await refused(({ vaults }) => vaults.open({ deposit: 1n }))).toEqual(paused);
        expect(await refused(({ vaults }) => vaults.allocate({ vault, allocations }))).toEqual(paused);
        await node.operator.vaults.redeem(voucher(vault, allocation, toNano(1)));
        expect(await client.vaults.getAllocation({ vault, slot: 1 })).toMatchObject({ claimed: toNano(1) });
    });

    it('a voucher that the vault refuses fails with the name of the cause', async () => {
        const over = await captureError(() =>
            node.operator.vaults.redeem(voucher(vault, allocation, toNano(3))),
        );
        expect(over).toMatchObject({ code: 'transaction_failed', exitName: 'ERR_ABOVE_ALLOCATION' });
        const forged = { ...voucher(vault, allocation, toNano(2)), signature: Buffer.alloc(64, 1) };
        const wrongKey = await captureError(() => node.operator.vaults.redeem(forged));
        expect(wrongKey).toMatchObject({ exitName: 'ERR_SIGNATURE' });
    });
});
