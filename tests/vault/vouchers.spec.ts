import '@ton/test-utils';
import { beginCell, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { Vault, vaultBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectRefused, forge, messagesBetween, paidBetween, send } from '../helpers/trace';
import {
    allocate,
    allocation,
    allocationAt,
    draftVault,
    finishRelease,
    keyOf,
    type OpenedVault,
    openVault,
    REDEEM_VALUE,
    sendRedeem,
    voucher,
} from '../helpers/vault';

let scene: Scene;
let opened: OpenedVault;

beforeEach(async () => {
    scene = await createScene();
    opened = await openVault(scene, [allocation(scene)]);
});

const vaultAddress = () => opened.vault.address;
const payee = () => operatorOf(scene).payout.address;
const refused = (result: SendMessageResult, code: number) => expectRefused(result, vaultAddress(), code);

/** What the payee got beyond what was left of the redeemer's value: fees are less than that value. */
function expectPaid(result: SendMessageResult, delta: bigint): void {
    const paid = paidBetween(result, vaultAddress(), payee(), opcodes.VaultPayout);
    const whole = delta - (delta * 500n) / 10_000n;
    expect(paid).toBeGreaterThanOrEqual(whole);
    expect(paid).toBeLessThan(whole + REDEEM_VALUE);
}

describe('a voucher', () => {
    it('pays the payee the difference to what was redeemed before, less the protocol fee', async () => {
        expectPaid(await sendRedeem(scene, opened, toNano('1')), toNano('1'));
        expectPaid(await sendRedeem(scene, opened, toNano('1.5')), toNano('0.5'));
        expect(await allocationAt(opened)).toMatchObject({ claimed: toNano('1.5'), allocated: toNano('10') });
        expect(await opened.vault.getVault()).toMatchObject({
            reserved: toNano('8.5'),
            feesOwed: toNano('0.075'),
        });
    });

    it('names itself in the payment', async () => {
        const [message] = messagesBetween(await sendRedeem(scene, opened, 77n), vaultAddress(), payee());
        const body = message!.body.beginParse().skip(32);
        expect([body.loadUint(64), body.loadUint(8), body.loadUint(64), body.loadUint(64)]).toEqual([
            6, 0, 1, 77,
        ]);
    });

    it('is paid in full by what is allocated, to the last nanoTON', async () => {
        expectPaid(await sendRedeem(scene, opened, toNano('10')), toNano('10'));
        expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, count: 1 });
    });

    it('may come from anybody, also from the masterchain: the payee is in the allocation', async () => {
        const from = (await scene.blockchain.treasury('above', { workchain: -1 })).address;
        const body = vaultBodies.redeem(voucher(scene, opened, toNano('1')));
        expectPaid(await forge(scene, from, vaultAddress(), body, { value: REDEEM_VALUE }), toNano('1'));
    });

    it('of one nanoTON pays no fee, of 19 neither, of 20 one', async () => {
        for (const [cumulative, fees] of [
            [1n, 0n],
            [20n, 0n],
            [40n, 1n],
        ] as const) {
            await sendRedeem(scene, opened, cumulative);
            expect((await opened.vault.getVault())!.feesOwed).toBe(fees);
        }
    });

    it('moves no money but that of its trace', async () => {
        await expectConserved(scene.blockchain, async () => [
            await sendRedeem(scene, opened, toNano('1')),
            await sendRedeem(scene, opened, toNano('1')), // refused
            await sendRedeem(scene, opened, toNano('9')), // fees leave
        ]);
    });
});

describe('refused, and nothing changes:', () => {
    it('above the allocation by one, never clamped', async () => {
        refused(await sendRedeem(scene, opened, toNano('10') + 1n), ERR.ERR_ABOVE_ALLOCATION);
        expect((await allocationAt(opened)).claimed).toBe(0n);
    });

    it('equal to, or lower than, what was redeemed', async () => {
        await sendRedeem(scene, opened, 500n);
        for (const cumulative of [500n, 499n, 1n, 0n])
            refused(await sendRedeem(scene, opened, cumulative), ERR.ERR_NOTHING_NEW);
    });

    it('for another vault of the same client', async () => {
        const other = draftVault(scene, { nonce: 2n }).vault.address;
        refused(await sendRedeem(scene, opened, 500n, { vault: other }), ERR.ERR_SIGNATURE);
    });

    it('for another network', async () => {
        refused(await sendRedeem(scene, opened, 500n, { networkId: -239 }), ERR.ERR_SIGNATURE);
    });

    it('by another key', async () => {
        refused(await sendRedeem(scene, opened, 500n, { key: keyOf('thief') }), ERR.ERR_SIGNATURE);
    });

    it.each(['slot', 'generation', 'cumulative'] as const)('signed for another %s', async (field) => {
        await allocate(scene, opened, [allocation(scene, { slot: 1 })]);
        const good = voucher(scene, opened, 500n);
        const other = {
            slot: { slot: 1, generation: 2n },
            generation: { generation: 2n },
            cumulative: { cumulative: 501n },
        };
        const body = vaultBodies.redeem({ ...good, ...other[field] });
        const code = field === 'generation' ? ERR.ERR_ALLOCATION_UNKNOWN : ERR.ERR_SIGNATURE;
        refused(await send(scene.keeper, vaultAddress(), body), code);
    });

    it('for a slot without an allocation, within the range and beyond', async () => {
        for (const slot of [1, 127, 128, 255])
            refused(await sendRedeem(scene, opened, 500n, { slot }), ERR.ERR_ALLOCATION_UNKNOWN);
    });

    it('with a signature that is too short', async () => {
        const body = vaultBodies.redeem(voucher(scene, opened, 500n));
        const bits = body.beginParse().loadBits(body.bits.length - 1);
        const result = await send(scene.keeper, vaultAddress(), beginCell().storeBits(bits).endCell());
        expect(result.transactions).toHaveTransaction({ to: vaultAddress(), success: false });
        expect((await allocationAt(opened)).claimed).toBe(0n);
    });
});

describe('an old voucher', () => {
    const old = () => ({ generation: 1n });

    async function reallocated(): Promise<void> {
        await finishRelease(scene, opened, [0]);
        await allocate(scene, opened, [allocation(scene)], toNano('1'));
        expect((await allocationAt(opened)).generation).toBe(2n);
    }

    it('is worth nothing after the release, even if it was never redeemed', async () => {
        await finishRelease(scene, opened, [0]);
        refused(await sendRedeem(scene, opened, toNano('5'), old()), ERR.ERR_ALLOCATION_UNKNOWN);
    });

    it('of an earlier generation of the slot is worth nothing, with the same key and payee', async () => {
        await sendRedeem(scene, opened, toNano('1'));
        await reallocated();
        refused(await sendRedeem(scene, opened, toNano('5'), old()), ERR.ERR_ALLOCATION_UNKNOWN);
    });

    it('does not fit the new generation under its number', async () => {
        await reallocated();
        const signed = voucher(scene, opened, toNano('5'), old());
        const body = vaultBodies.redeem({ ...signed, generation: 2n });
        refused(await send(scene.keeper, vaultAddress(), body), ERR.ERR_SIGNATURE);
    });

    it('never meets a reborn vault: openBefore ends both the address and its openings', async () => {
        await finishRelease(scene, opened, [0]);
        advance(scene.blockchain, opened.identity.openBefore - now(scene.blockchain));
        await send(scene.client, vaultAddress(), vaultBodies.destroy());
        const { init } = Vault.fromIdentity(opened.identity);
        const body = vaultBodies.open({
            terms: scene.protocol.termsCell,
            allocations: [allocation(scene)],
        });
        const again = await scene.client.send({ to: vaultAddress(), init, body, value: toNano('20') });
        refused(again, ERR.ERR_OPEN_BEFORE);
    });

    it('of a vault with another openBefore is for another address', async () => {
        const openBefore = opened.identity.openBefore + DAY;
        expect(draftVault(scene, { openBefore }).vault.address.equals(vaultAddress())).toBe(false);
    });
});

describe('protocol fees', () => {
    it('stay until they are worth a message, then leave whole at their own cost', async () => {
        const treasury = scene.protocol.treasury.address;
        const first = await sendRedeem(scene, opened, toNano('1.9'));
        expect(messagesBetween(first, vaultAddress(), treasury)).toHaveLength(0);
        const second = await sendRedeem(scene, opened, toNano('2'));
        const price = 400_000n; // of a message
        expect(paidBetween(second, vaultAddress(), treasury, opcodes.ProtocolFee)).toBe(
            toNano('0.1') - price,
        );
        expect((await opened.vault.getVault())!.feesOwed).toBe(0n);
    });
});
