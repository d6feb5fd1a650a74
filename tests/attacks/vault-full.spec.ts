import '@ton/test-utils';
import { toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { nodeBodies, vaultBodies } from 'cocoon-wrappers';
import { feesUnder, vaultStorage } from '../gas/formulas';
import { advance } from '../helpers/blockchain';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectAllDone, paidBetween, send } from '../helpers/trace';
import { ALL_SLOTS, filledVault, type OpenedVault, sendRedeem, voucher } from '../helpers/vault';

// A client that makes its vault as large as it gets, and takes out all that is free, so that redemptions run out of gas or
// the vault out of money.

const fees = feesUnder(1n);
const EACH = toNano('30');
/** Its fee alone makes the fees leave. */
const WITH_FEE = toNano('20');

/** Both sides of every fork, and siblings that leave one behind. */
const SOME = [0, 1, 3, 7, 15, 31, 63, 64, 65, 96, 112, 120, 124, 126, 127];

let scene: Scene;
let opened: OpenedVault;

beforeEach(async () => {
    scene = await createScene({ value: toNano('1000') });
    opened = await filledVault(scene, ALL_SLOTS, { amount: EACH });
    await send(scene.client, opened.vault.address, vaultBodies.withdraw());
});

const to = () => opened.vault.address;
const last = (slot: number, cumulative = WITH_FEE) =>
    voucher(scene, opened, cumulative, { slot, generation: BigInt(slot + 1) });

/** The payee has the whole of it, whatever the message cost, and the vault still covers what it owes. */
async function expectPaidWhole(result: SendMessageResult, amount: bigint): Promise<void> {
    expectAllDone(result);
    const paid = paidBetween(result, to(), operatorOf(scene).payout.address);
    expect(paid).toBeGreaterThanOrEqual((amount * 95n) / 100n);
    await expectSolvent();
}

async function expectSolvent(): Promise<void> {
    const { balance } = await scene.blockchain.getContract(to());
    const { reserved, feesOwed, count } = (await opened.vault.getVault())!;
    expect(balance).toBeGreaterThanOrEqual(reserved + feesOwed + vaultStorage(1n, count));
}

describe('in a full vault with nothing free', () => {
    it('slots at every depth are redeemed with the least value, while fees leave', async () => {
        for (const slot of SOME) {
            const what = { slot, generation: BigInt(slot + 1), value: fees.redeem };
            await expectPaidWhole(await sendRedeem(scene, opened, WITH_FEE, what), WITH_FEE);
        }
        expect((await opened.vault.getVault())!.reserved).toBe(128n * EACH - BigInt(SOME.length) * WITH_FEE);
    });

    it('slots at every depth are released by their payee with the least value', async () => {
        const { payout } = operatorOf(scene);
        for (const slot of SOME) {
            const body = vaultBodies.releaseNow(last(slot));
            await expectPaidWhole(await send(payout, to(), body, fees.release), WITH_FEE);
        }
        const count = 128 - SOME.length;
        const reserved = BigInt(count) * EACH;
        expect(await opened.vault.getVault()).toMatchObject({ count, reserved, feesOwed: 0n });
    });

    it('the node releases with the least value', async () => {
        const { node, operator } = operatorOf(scene);
        for (const slot of [0, 3, 63, 64, 127]) {
            const body = nodeBodies.releaseAllocation({ vault: to(), ...last(slot) });
            const result = await send(operator, node.address, body, fees.releaseAllocation);
            await expectPaidWhole(result, WITH_FEE);
        }
    });

    it('the client has all of it back, 32 slots at a time, with the least value', async () => {
        await sendRedeem(scene, opened, toNano('1'));
        for (const slots of fours()) {
            const body = vaultBodies.requestRelease({ slots });
            expectAllDone(await send(scene.client, to(), body, fees.requestRelease(slots.length)));
            await expectSolvent();
        }
        advance(scene.blockchain, DAY);
        for (const slots of fours()) {
            const body = vaultBodies.finishRelease({ slots });
            expectAllDone(await send(scene.keeper, to(), body, fees.finishRelease(slots.length)));
            await expectSolvent();
        }
        const result = await send(scene.client, to(), vaultBodies.withdraw(), fees.withdraw);
        expect(paidBetween(result, to(), scene.client.address)).toBeGreaterThan(127n * EACH);
    });
});

/** Every fourth slot, so that no two of a message have a fork of their own. */
function fours(): number[][] {
    return [0, 1, 2, 3].map((rest) => ALL_SLOTS.filter((slot) => slot % 4 === rest));
}
