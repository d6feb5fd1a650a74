import { toNano } from '@ton/core';
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
