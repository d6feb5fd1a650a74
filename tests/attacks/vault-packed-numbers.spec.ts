import '@ton/test-utils';
import { toNano } from '@ton/core';
import { internal } from '@ton/sandbox';
import { type NewAllocation, vaultBodies } from 'cocoon-wrappers';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { expectAllDone, expectRefused, paidBetween, send } from '../helpers/trace';
import {
    ALL_SLOTS,
    allocation,
    allocationAt,
    draftVault,
    filledVault,
    finishRelease,
    type OpenedVault,
    openVault,
    sendRedeem,
} from '../helpers/vault';

// feesOwed and reserved are one number to the code, claimed and allocated another, nextGeneration and count a third: a carry
// or a borrow from one into the other would make money.

const U64 = 2n ** 64n;

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

/** More nanoTON than there will ever be, still within 63 bits. */
const SUPPLY = 6n * 10n ** 18n;

/** A vault with all the money of the network. */
async function rich(allocations: readonly NewAllocation[]): Promise<OpenedVault> {
    const draft = draftVault(scene);
    const { address, init } = draft.vault;
    const body = vaultBodies.open({ terms: scene.protocol.termsCell, allocations });
    const message = { from: scene.client.address, to: address, value: SUPPLY, body, stateInit: init };
    await scene.blockchain.sendMessage(internal(message));
    return draft;
}

const increase = ({ vault }: OpenedVault, slot: number, generation: bigint, amount: bigint) =>
    send(scene.client, vault.address, vaultBodies.increaseAllocation({ slot, generation, amount }));

it('all the money of the network can be allocated and redeemed to the last nanoTON', async () => {
    const amount = SUPPLY - toNano('10');
    const opened = await rich([allocation(scene, { amount })]);
    const result = await sendRedeem(scene, opened, amount);
    expectAllDone(result);
    const fee = (amount * 500n) / 10_000n;
    const { treasury } = scene.protocol;
    expect(paidBetween(result, opened.vault.address, treasury.address)).toBeGreaterThan(
        fee - toNano('0.001'),
    );
    expect(await allocationAt(opened)).toMatchObject({ claimed: amount, allocated: amount });
    expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, feesOwed: 0n });
});

it.each([
    ['the rest of 64 bits', U64 - 1n - SUPPLY / 2n],
    ['one more than 64 bits', U64 - SUPPLY / 2n],
    ['the largest number', U64 - 1n],
])('an increase by %s does not carry into what was claimed', async (_, amount) => {
    const opened = await rich([allocation(scene, { amount: SUPPLY / 2n })]);
    await sendRedeem(scene, opened, 7n);
    const before = await opened.vault.getVault();
    expectRefused(await increase(opened, 0, 1n, amount), opened.vault.address, ERR.ERR_FREE_BALANCE);
    expect(await allocationAt(opened)).toMatchObject({ claimed: 7n, allocated: SUPPLY / 2n });
    expect((await opened.vault.getVault())!.reserved).toBe(before!.reserved);
});

it.each([1, 2, 3, 31])('%i allocations more whose sum comes round to nothing are refused', async (n) => {
    const opened = await rich([allocation(scene, { amount: SUPPLY / 2n })]);
    const slots = ALL_SLOTS.slice(1, n + 1);
    const amounts = slots.map((slot) => allocation(scene, { slot, amount: U64 - 1n }));
    // The sum with what is reserved is a small number in 64 bits.
    const last = allocation(scene, { slot: 127, amount: BigInt(n) });
    const body = vaultBodies.allocate({ allocations: [...amounts, last] });
    const result = await send(scene.client, opened.vault.address, body);
    expectRefused(result, opened.vault.address, ERR.ERR_FREE_BALANCE);
    expect(await opened.vault.getVault()).toMatchObject({ count: 1, feesOwed: 0n, reserved: SUPPLY / 2n });
});

it('a fee that comes while nothing else is reserved does not borrow from the fees before', async () => {
    const opened = await openVault(scene, [allocation(scene, { amount: toNano('1') })]);
    await sendRedeem(scene, opened, toNano('0.5'));
    await sendRedeem(scene, opened, toNano('1'));
    expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, feesOwed: toNano('0.05') });
});

it('the count follows 128 allocations up and down without touching the generations', async () => {
    const opened = await filledVault(scene, ALL_SLOTS, { amount: 3n });
    expect(await opened.vault.getVault()).toMatchObject({ count: 128, nextGeneration: 129n });
    for (let from = 0; from < 128; from += 32) {
        const slots = ALL_SLOTS.slice(from, from + 32);
        await finishRelease(scene, opened, slots);
        expect(await opened.vault.getVault()).toMatchObject({ count: 96 - from, nextGeneration: 129n });
    }
    expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, feesOwed: 0n });
});

it('the first slot and the last, of the first generation and the last number, sign differently', async () => {
    const opened = await openVault(scene, [allocation(scene), allocation(scene, { slot: 127 })]);
    // slot ‖ generation ‖ cumulative moved by a bit or a byte would be another allocation's voucher.
    for (const shifted of [
        { slot: 127, generation: 1n },
        { slot: 0, generation: 2n },
        { slot: 1, generation: 0n },
    ]) {
        const result = await sendRedeem(scene, opened, 5n, shifted);
        expectRefused(result, opened.vault.address, ERR.ERR_ALLOCATION_UNKNOWN);
    }
});
