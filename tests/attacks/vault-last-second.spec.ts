import '@ton/test-utils';
import { toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { vaultBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { expectRefused, paidBetween, send } from '../helpers/trace';
import {
    allocate,
    allocation,
    allocationAt,
    type OpenedVault,
    openVault,
    sendRedeem,
} from '../helpers/vault';

// The end of a release is a right of the others, not the end of the node's own: until somebody finishes, vouchers count.

let scene: Scene;
let opened: OpenedVault;

beforeEach(async () => {
    scene = await createScene();
    opened = await openVault(
        scene,
        [0, 1, 2].map((slot) => allocation(scene, { slot })),
    );
});

const to = () => opened.vault.address;
const request = (...slots: number[]) => send(scene.client, to(), vaultBodies.requestRelease({ slots }));
const finish = (...slots: number[]) => send(scene.keeper, to(), vaultBodies.finishRelease({ slots }));
const free = async () => (await opened.vault.getVault())!.free;
const delay = () => scene.protocol.terms.kinds.releaseDelay;
const payee = () => operatorOf(scene).payout;

function expectPaid(result: SendMessageResult, amount: bigint): void {
    const paid = paidBetween(result, to(), payee().address, opcodes.VaultPayout);
    expect(paid).toBeGreaterThanOrEqual(amount);
    expect(paid).toBeLessThan(amount + toNano('0.1'));
}

describe('in the second in which a release is due', () => {
    beforeEach(async () => {
        await request(0);
        advance(scene.blockchain, delay());
    });

    it('a voucher before the end is paid, and the client has the rest', async () => {
        expectPaid(await sendRedeem(scene, opened, toNano('6')), toNano('5.7'));
        const before = await free();
        await finish(0);
        const freed = (await free()) - before;
        expect(freed).toBeGreaterThan(toNano('4'));
        expect(freed).toBeLessThan(toNano('4.02')); // with the storage of an allocation
    });

    it('a voucher behind the end is worth nothing, and its value returns', async () => {
        await finish(0);
        const late = await sendRedeem(scene, opened, toNano('6'));
        expectRefused(late, to(), ERR.ERR_ALLOCATION_UNKNOWN);
        expect(paidBetween(late, to(), scene.keeper.address)).toBeGreaterThan(toNano('0.09'));
    });

    it('a client cannot take both: what it allocates anew is of another generation', async () => {
        await finish(0);
        await allocate(scene, opened, [allocation(scene)]);
        expectRefused(await sendRedeem(scene, opened, toNano('6')), to(), ERR.ERR_ALLOCATION_UNKNOWN);
        expectRefused(await finish(0), to(), ERR.ERR_NOT_RELEASING); // a second one that was on its way
        expect((await allocationAt(opened)).generation).toBe(4n);
    });

    it('a node that ends it first makes a batch of the others fail once, and no more', async () => {
        await request(1, 2);
        advance(scene.blockchain, delay());
        await send(payee(), to(), vaultBodies.releaseNow({ slot: 0, generation: 1n }));
        expectRefused(await finish(0, 1, 2), to(), ERR.ERR_ALLOCATION_UNKNOWN);
        await finish(1, 2);
        expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, count: 0 });
    });
});

it('a request that names what a node has just released fails as a whole: the others are asked for anew', async () => {
    await send(payee(), to(), vaultBodies.releaseNow({ slot: 1, generation: 2n }));
    expectRefused(await request(0, 1, 2), to(), ERR.ERR_ALLOCATION_UNKNOWN);
    await request(0, 2);
    expect((await allocationAt(opened, 2)).releaseAt).toBe(now(scene.blockchain) + delay());
});

it('nobody but the client can start the clock, nobody at all can turn it', async () => {
    for (const wallet of [scene.stranger, payee()]) {
        const result = await send(wallet, to(), vaultBodies.requestRelease({ slots: [0] }));
        expectRefused(result, to(), ERR.ERR_ACCESS);
    }
    await request(0);
    const { releaseAt } = await allocationAt(opened);
    advance(scene.blockchain, 60);
    expectRefused(await request(0), to(), ERR.ERR_RELEASING);
    const more = vaultBodies.increaseAllocation({ slot: 0, generation: 1n, amount: 1n });
    expectRefused(await send(scene.client, to(), more), to(), ERR.ERR_RELEASING);
    await sendRedeem(scene, opened, 5n);
    expect((await allocationAt(opened)).releaseAt).toBe(releaseAt);
});

it('a voucher redeemed by a stranger costs the node nothing: its own release still goes through', async () => {
    await sendRedeem(scene, opened, toNano('3'), { from: scene.stranger });
    expectRefused(await sendRedeem(scene, opened, toNano('3')), to(), ERR.ERR_NOTHING_NEW);
    expectPaid(await sendRedeem(scene, opened, toNano('4')), toNano('0.95'));
});
