import '@ton/test-utils';
import { toNano } from '@ton/core';
import { vaultBodies } from 'cocoon-wrappers';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { AMPLE, expectAllDone, expectRefused, paidBetween, send } from '../helpers/trace';
import { allocation, allocationAt, type OpenedVault, openVault, sendRedeem } from '../helpers/vault';

// A vault out of which its client has taken all that is free, left alone for longer than its storage is paid for. What
// is owed pays then: the last to redeem finds less than all, and a top-up by anyone mends it.

const YEARS = 365 * DAY;

let scene: Scene;
let opened: OpenedVault;

beforeEach(async () => {
    scene = await createScene();
    opened = await openVault(scene, [allocation(scene)]);
    await send(scene.client, opened.vault.address, vaultBodies.withdraw());
});

const to = () => opened.vault.address;
const all = toNano('10');

describe('after fifteen years', () => {
    beforeEach(() => advance(scene.blockchain, 15 * YEARS));

    it('what is there is paid, what is not is refused with its value, until anybody tops the vault up', async () => {
        await sendRedeem(scene, opened, toNano('9'));
        const short = await sendRedeem(scene, opened, all);
        expect(short.transactions).toHaveTransaction({ to: to(), success: false, actionResultCode: 37 });
        expect(paidBetween(short, to(), scene.keeper.address)).toBeGreaterThan(toNano('0.09'));
        expect((await allocationAt(opened)).claimed).toBe(toNano('9'));
        await send(scene.stranger, to(), vaultBodies.topUp(), toNano('0.5'));
        const rest = await sendRedeem(scene, opened, all);
        const { payout } = operatorOf(scene);
        expect(paidBetween(rest, to(), payout.address)).toBeGreaterThanOrEqual(toNano('0.95'));
    });

    it('nothing can be allocated, increased or withdrawn on what is owed', async () => {
        const allocate = vaultBodies.allocate({ allocations: [allocation(scene, { slot: 1, amount: 1n })] });
        expectRefused(await send(scene.client, to(), allocate, 100_000_000n), to(), ERR.ERR_FREE_BALANCE);
        const increase = vaultBodies.increaseAllocation({ slot: 0, generation: 1n, amount: 1n });
        expectRefused(await send(scene.client, to(), increase, 100_000_000n), to(), ERR.ERR_FREE_BALANCE);
        expectRefused(await send(scene.client, to(), vaultBodies.withdraw()), to(), ERR.ERR_FREE_BALANCE);
        expect((await opened.vault.getVault())!.free).toBe(0n);
    });

    it('the client can still release and has the rest', async () => {
        const slots = [0];
        await send(scene.client, to(), vaultBodies.requestRelease({ slots }));
        advance(scene.blockchain, DAY);
        expectAllDone(await send(scene.keeper, to(), vaultBodies.finishRelease({ slots })));
        const result = await send(scene.client, to(), vaultBodies.destroy());
        expect(paidBetween(result, to(), scene.client.address)).toBeGreaterThan(toNano('9'));
    });
});

describe('after so long that fees and payout are not there together', () => {
    beforeEach(() => advance(scene.blockchain, 60 * YEARS));

    it('neither leaves, and a top-up mends it', async () => {
        const short = await sendRedeem(scene, opened, all);
        const { treasury } = scene.protocol;
        expect(short.transactions).toHaveTransaction({ to: to(), success: false, actionResultCode: 37 });
        expect(paidBetween(short, to(), scene.keeper.address)).toBeGreaterThan(toNano('0.09'));
        expect(paidBetween(short, to(), treasury.address)).toBe(0n);
        expect((await allocationAt(opened)).claimed).toBe(0n);
        await send(scene.stranger, to(), vaultBodies.topUp(), toNano('10'));
        const paid = await sendRedeem(scene, opened, all, { value: AMPLE });
        expect(paidBetween(paid, to(), operatorOf(scene).payout.address)).toBeGreaterThanOrEqual(
            toNano('9.5'),
        );
    });
});
