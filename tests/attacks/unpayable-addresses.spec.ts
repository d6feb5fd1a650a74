import '@ton/test-utils';
import { Address, beginCell, type Cell } from '@ton/core';
import { cellOf, nodeBodies } from 'cocoon-wrappers';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { send } from '../helpers/trace';

// A payout that cannot be sent makes every settlement fail, and holds the client's escrow for ever.

const OTHER = new Address(0, Buffer.alloc(32, 0x44));

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

/** UpdateProfile with any bits for a payout. */
function updatePayout(write: Cell): Cell {
    return beginCell()
        .storeUint(opcodeOf(nodeBodies.updateProfile({ payout: OTHER })), 32)
        .storeUint(0, 64)
        .storeSlice(write.beginParse())
        .storeBit(false)
        .storeBit(false)
        .endCell();
}

function opcodeOf(body: Cell): number {
    return body.beginParse().loadUint(32);
}

const anycast = beginCell()
    .storeUint(0b10, 2)
    .storeBit(true)
    .storeUint(5, 5)
    .storeUint(0b10101, 5)
    .storeInt(0, 8)
    .storeBuffer(OTHER.hash)
    .endCell();

const varAddress = beginCell()
    .storeUint(0b11, 2)
    .storeBit(false)
    .storeUint(256, 9)
    .storeInt(0, 32)
    .storeBuffer(OTHER.hash)
    .endCell();

const masterchain = cellOf((builder) => builder.storeAddress(new Address(-1, OTHER.hash)));

const external = beginCell().storeUint(0b01, 2).storeUint(16, 9).storeUint(7, 16).endCell();

it.each([
    ['an anycast address', anycast],
    ['an address of variable length', varAddress],
    ['an external address', external],
    ['the masterchain', masterchain],
])('a node cannot have its earnings paid to %s', async (_, address) => {
    const { node, owner, payout } = operatorOf(scene);
    const result = await send(owner, node.address, updatePayout(address));
    expect(result.transactions).toHaveTransaction({ to: node.address, success: false });
    expect((await node.getNode()).payout).toEqualAddress(payout.address);
});

it('a node can have its earnings paid to any wallet of the basechain', async () => {
    const { node, owner } = operatorOf(scene);
    const result = await send(owner, node.address, nodeBodies.updateProfile({ payout: OTHER }));
    expect(result.transactions).toHaveTransaction({ to: node.address, success: true });
    expect((await node.getNode()).payout).toEqualAddress(OTHER);
});
