import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { vaultBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { ERR } from '../helpers/errors';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { expectRefused, forge, paidBetween, send } from '../helpers/trace';
import { allocation, draftVault, finishRelease, openVault, sendRedeem, voucher } from '../helpers/vault';

// Payee and node of an allocation are what the client wrote: nothing on chain says that they are a node's.

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const release = { slot: 0, generation: 1n };
const keyless = () => vaultBodies.releaseNow(release);

function expectPaidWhole(result: SendMessageResult, vault: Address, payee: Address): void {
    expect(paidBetween(result, vault, payee, opcodes.VaultPayout)).toBeGreaterThanOrEqual(toNano('4.75'));
    expect(result.transactions).not.toHaveTransaction({ inMessageBounced: true });
}

describe('a payee that', () => {
    it('has no contract is paid, and nothing comes back', async () => {
        const payee = new Address(0, Buffer.alloc(32, 0x77));
        const opened = await openVault(scene, [allocation(scene, { payee })]);
        expectPaidWhole(await sendRedeem(scene, opened, toNano('5')), opened.vault.address, payee);
        expect((await scene.blockchain.getContract(payee)).balance).toBeGreaterThan(toNano('4.75'));
    });

    it('throws at the payment is paid all the same', async () => {
        const payee = operatorOf(scene).node.address; // knows no VaultPayout
        const opened = await openVault(scene, [allocation(scene, { payee })]);
        const result = await sendRedeem(scene, opened, toNano('5'));
        expect(result.transactions).toHaveTransaction({ to: payee, success: false });
        expectPaidWhole(result, opened.vault.address, payee);
    });

    it('is the vault itself gives the money back to the client, and the books are right', async () => {
        const { vault } = draftVault(scene);
        const allocations = [allocation(scene, { payee: vault.address, node: vault.address })];
        const opened = await openVault(scene, allocations);
        const before = (await opened.vault.getVault())!;
        await expectConserved(scene.blockchain, async () => [await sendRedeem(scene, opened, toNano('4'))]);
        const after = (await opened.vault.getVault())!;
        expect(before.reserved - after.reserved).toBe(toNano('4'));
        expect(after.free - before.free).toBeGreaterThan(toNano('3.8')); // less the fee, with the keeper's value
        expect(after.free - before.free).toBeLessThan(toNano('3.9'));
        await finishRelease(scene, opened, [0]);
        expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, count: 0 });
    });

    it('is the client can release at once: a node must look for its own address', async () => {
        const opened = await openVault(scene, [allocation(scene, { payee: scene.client.address })]);
        await send(scene.client, opened.vault.address, keyless());
        const late = await sendRedeem(scene, opened, toNano('5'));
        expectRefused(late, opened.vault.address, ERR.ERR_ALLOCATION_UNKNOWN);
    });
});

it('a client that names itself the node can release at once: a node must look for both', async () => {
    const opened = await openVault(scene, [allocation(scene, { node: scene.client.address })]);
    await send(scene.client, opened.vault.address, keyless());
    expect(await opened.vault.getAllocation(0)).toBeNull();
});

it('two allocations of one payee are released one by one, each for its own voucher', async () => {
    const { payout } = operatorOf(scene);
    const both = [0, 1].map((slot) => allocation(scene, { slot }));
    const opened = await openVault(scene, both);
    const crossed = vaultBodies.releaseNow({ ...voucher(scene, opened, toNano('5')), slot: 1 });
    const refused = await send(payout, opened.vault.address, crossed);
    expectRefused(refused, opened.vault.address, ERR.ERR_ALLOCATION_UNKNOWN);
    const forged = vaultBodies.releaseNow({
        ...voucher(scene, opened, toNano('5')),
        slot: 1,
        generation: 2n,
    });
    expectRefused(await send(payout, opened.vault.address, forged), opened.vault.address, ERR.ERR_SIGNATURE);
    expect((await opened.vault.getVault())!.reserved).toBe(toNano('20'));
});

it('a release twice, the second on its way when the first is done, pays once', async () => {
    const { payout } = operatorOf(scene);
    const opened = await openVault(scene, [allocation(scene)]);
    const body = vaultBodies.releaseNow(voucher(scene, opened, toNano('5')));
    expectPaidWhole(await send(payout, opened.vault.address, body), opened.vault.address, payout.address);
    const again = await send(payout, opened.vault.address, body);
    expectRefused(again, opened.vault.address, ERR.ERR_ALLOCATION_UNKNOWN);
});

it('a signature is not needed to end an allocation, so a lower number takes nothing back', async () => {
    const opened = await openVault(scene, [allocation(scene)]);
    await sendRedeem(scene, opened, toNano('5'));
    const { payout } = operatorOf(scene);
    const body = vaultBodies.releaseNow({ ...release, cumulative: 1n, signature: Buffer.alloc(64) });
    const result = await forge(scene, payout.address, opened.vault.address, body);
    expect(paidBetween(result, opened.vault.address, payout.address)).toBeLessThan(toNano('2'));
    expect(await opened.vault.getVault()).toMatchObject({ reserved: 0n, count: 0 });
});
