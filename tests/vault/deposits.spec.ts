import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import { internal } from '@ton/sandbox';
import { cellHash, encodeTerms, Vault, vaultBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { loadGetterTupleVaultView } from '../../build/Vault/Vault_Vault';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY, defaultTerms } from '../helpers/terms';
import { AMPLE, exitCodeOn, expectRefused, forge, paidBetween, plain, send } from '../helpers/trace';
import {
    allocation,
    DEPOSIT,
    draftVault,
    finishRelease,
    type OpenedVault,
    openVault,
    sendOpen,
    sendRedeem,
} from '../helpers/vault';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const withdraw = (opened: OpenedVault, amount?: bigint, from = scene.client) =>
    send(from, opened.vault.address, vaultBodies.withdraw({ amount }));
const destroy = ({ vault }: OpenedVault, from = scene.client) =>
    send(from, vault.address, vaultBodies.destroy());
const balanceOf = async ({ vault }: OpenedVault) =>
    (await scene.blockchain.getContract(vault.address)).balance;

describe('an opening', () => {
    it('takes what it needs from its terms, and keeps its identity readable', async () => {
        const opened = await openVault(scene, [allocation(scene)]);
        const { terms, treasury } = scene.protocol;
        const view = (await opened.vault.getVault())!;
        expect(view).toMatchObject({
            networkId: terms.networkId,
            feeBps: terms.jobParams.feeBps,
            releaseDelay: terms.kinds.releaseDelay,
            feesOwed: 0n,
            reserved: toNano('10'),
            nextGeneration: 2n,
            count: 1,
        });
        expect(view.treasury.equals(treasury.address)).toBe(true);
        expect(plain(await opened.vault.getIdentity())).toEqual(plain(opened.identity));
    });

    it('keeps all of its value but gas as the deposit: no excess', async () => {
        const opened = draftVault(scene);
        const result = await sendOpen(scene, opened);
        expect(result.transactions).toHaveLength(2); // wallet, vault
        expect(DEPOSIT - (await balanceOf(opened))).toBeLessThan(toNano('0.01'));
    });

    it('brings its own fee, also to a vault that has money already', async () => {
        const opened = draftVault(scene);
        const { address: to, init } = opened.vault;
        await scene.stranger.send({ to, init, value: toNano('50'), bounce: false });
        const value = 5_500_000n; // enough gas to be refused, less than the fee
        const result = await sendOpen(scene, opened, [allocation(scene)], value);
        expectRefused(result, opened.vault.address, ERR.ERR_VALUE);
    });

    it('is only for the client in the identity', async () => {
        const opened = draftVault(scene);
        const result = await sendOpen(scene, opened, [], DEPOSIT, scene.stranger);
        expectRefused(result, opened.vault.address, ERR.ERR_ACCESS);
    });

    it('happens once', async () => {
        const opened = await openVault(scene);
        expectRefused(await sendOpen(scene, opened), opened.vault.address, ERR.ERR_ALREADY_OPEN);
    });

    it('is refused with other terms', async () => {
        const { vault } = draftVault(scene);
        const terms = encodeTerms(defaultTerms({ jobParams: { feeBps: 1 } }));
        expect(cellHash(terms)).not.toBe(scene.protocol.termsHash);
        const result = await vault.sendMessage(
            scene.client.getSender(),
            DEPOSIT,
            vaultBodies.open({ terms }),
        );
        expectRefused(result, vault.address, ERR.ERR_TERMS_HASH);
    });

    it.each([
        ['has passed', 0],
        ['lies more than 30 days ahead', 30 * DAY + 1],
    ])('is refused when openBefore %s', async (_, seconds) => {
        const opened = draftVault(scene, { openBefore: now(scene.blockchain) + seconds });
        expectRefused(await sendOpen(scene, opened), opened.vault.address, ERR.ERR_OPEN_BEFORE);
    });

    it('is refused to a client in the masterchain, whose payments cost more than is kept for them', async () => {
        const client = new Address(-1, Buffer.alloc(32, 9));
        const { vault } = draftVault(scene, { client });
        const body = vaultBodies.open({ terms: scene.protocol.termsCell });
        const { init } = vault;
        const result = await scene.blockchain.sendMessage(
            internal({ from: client, to: vault.address, body, value: DEPOSIT, stateInit: init }),
        );
        expect(exitCodeOn(result, vault.address)).toBe(ERR.ERR_WORKCHAIN);
    });
});

describe('a top-up', () => {
    it('by anyone adds to the free balance', async () => {
        const opened = await openVault(scene);
        const before = (await opened.vault.getVault())!.free;
        await send(scene.stranger, opened.vault.address, vaultBodies.topUp(), toNano('5'));
        const added = (await opened.vault.getVault())!.free - before;
        expect(added).toBeGreaterThan(toNano('4.99'));
        expect(added).toBeLessThan(toNano('5'));
    });

    it('of a vault that was never opened comes back', async () => {
        const { vault } = draftVault(scene);
        await scene.stranger.send({ to: vault.address, init: vault.init, value: AMPLE, bounce: false });
        expectRefused(
            await send(scene.stranger, vault.address, vaultBodies.topUp()),
            vault.address,
            ERR.ERR_NOT_OPEN,
        );
    });
});

describe('a withdrawal', () => {
    it('of an amount pays it, with what is left of the value', async () => {
        const opened = await openVault(scene);
        const result = await withdraw(opened, toNano('7'));
        const paid = paidBetween(result, opened.vault.address, scene.client.address, opcodes.VaultWithdrawal);
        expect(paid - toNano('7')).toBeLessThan(AMPLE);
        expect(paid - toNano('7')).toBeGreaterThan(AMPLE - toNano('0.01'));
    });

    it('of all leaves what is owed and the storage reserve, to the nanoTON', async () => {
        const opened = await openVault(scene, [allocation(scene)]);
        await sendRedeem(scene, opened, toNano('1'));
        await withdraw(opened);
        expect((await opened.vault.getVault())!.free).toBe(0n);
        const kept = (await balanceOf(opened)) - toNano('9') - toNano('0.05');
        expect(kept).toBeGreaterThan(toNano('0.05')); // the reserve
        expect(kept).toBeLessThan(toNano('0.5'));
        expectRefused(await withdraw(opened), opened.vault.address, ERR.ERR_FREE_BALANCE);
    });

    it('of one nanoTON more than is free is refused, of what is free is not', async () => {
        const opened = await openVault(scene, [allocation(scene)]);
        const { free } = (await opened.vault.getVault())!;
        expectRefused(await withdraw(opened, free + 1n), opened.vault.address, ERR.ERR_FREE_BALANCE);
        const result = await withdraw(opened, free);
        expect(result.transactions).not.toHaveTransaction({ success: false });
        expect((await opened.vault.getVault())!.free).toBe(0n);
    });

    it('is only for the client', async () => {
        const opened = await openVault(scene);
        expectRefused(await withdraw(opened, 1n, scene.stranger), opened.vault.address, ERR.ERR_ACCESS);
    });
});

describe('the end', () => {
    it('returns all but the fees, and nothing is left', async () => {
        const opened = await openVault(scene, [allocation(scene)]);
        await sendRedeem(scene, opened, toNano('1'));
        await finishRelease(scene, opened, [0]);
        advance(scene.blockchain, DAY);
        const all = await balanceOf(opened);
        const [result] = await expectConserved(scene.blockchain, async () => [await destroy(opened)]);
        const paid = paidBetween(result!, opened.vault.address, scene.client.address);
        expect(all + AMPLE - paid).toBeLessThan(toNano('0.01'));
        expect(await balanceOf(opened)).toBe(0n);
        expect((await scene.blockchain.getContract(opened.vault.address)).accountState).toBeUndefined();
    });

    it('leaves fees below the price of their message to the client', async () => {
        const opened = await openVault(scene, [allocation(scene, { amount: toNano('1') })]);
        const { payout } = operatorOf(scene);
        await sendRedeem(scene, opened, 10_000n); // 500 nanoTON: less than a message
        await send(payout, opened.vault.address, vaultBodies.releaseNow({ slot: 0, generation: 1n }));
        expect((await opened.vault.getVault())!.feesOwed).toBe(500n);
        advance(scene.blockchain, DAY);
        const result = await destroy(opened);
        const { treasury } = scene.protocol;
        // What is not worth a message is the client's: nothing is trapped.
        expect(paidBetween(result, opened.vault.address, treasury.address)).toBe(0n);
        expect(await balanceOf(opened)).toBe(0n);
    });

    it('of a vault that a stranger deployed gives its money to the client, the value to the sender', async () => {
        const opened = draftVault(scene);
        const { address, init } = opened.vault;
        await scene.stranger.send({ to: address, init, value: toNano('3'), bounce: false });
        const early = await destroy(opened, scene.keeper);
        expectRefused(early, address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, DAY);
        const result = await destroy(opened, scene.keeper);
        expect(paidBetween(result, address, scene.keeper.address)).toBeGreaterThan(AMPLE - toNano('0.01'));
        expect(paidBetween(result, address, scene.client.address)).toBeGreaterThan(toNano('2.98'));
        expect(await balanceOf(opened)).toBe(0n);
    });

    it('is refused to the masterchain', async () => {
        const opened = draftVault(scene);
        const { address, init } = opened.vault;
        await scene.stranger.send({ to: address, init, value: toNano('3'), bounce: false });
        advance(scene.blockchain, DAY);
        const result = await forge(
            scene,
            new Address(-1, Buffer.alloc(32, 5)),
            address,
            vaultBodies.destroy(),
        );
        expect(exitCodeOn(result, address)).toBe(ERR.ERR_WORKCHAIN);
    });
});

describe('storage', () => {
    it('is paid for five years at full size without touching what is owed', async () => {
        const opened = await openVault(scene, [allocation(scene)]);
        await withdraw(opened);
        advance(scene.blockchain, 5 * 365 * DAY - 1);
        const result = await sendRedeem(scene, opened, toNano('10'));
        expect(result.transactions).not.toHaveTransaction({ success: false });
        expect(await balanceOf(opened)).toBeGreaterThan((await opened.vault.getVault())!.feesOwed);
    });

    it('debt of a vault that was deployed years before comes out of the deposit', async () => {
        const opened = draftVault(scene, { openBefore: now(scene.blockchain) + 2 * 365 * DAY });
        const { address, init } = opened.vault;
        await scene.stranger.send({ to: address, init, value: 3_000_000n, bounce: false });
        advance(scene.blockchain, 2 * 365 * DAY - DAY);
        await sendOpen(scene, opened, [allocation(scene)], toNano('11'));
        const view = (await opened.vault.getVault())!;
        expect(view.reserved).toBe(toNano('10'));
        expect(await balanceOf(opened)).toBeGreaterThan(view.reserved + view.free);
    });
});

it('a vault that was never opened has no state', async () => {
    const { vault } = draftVault(scene);
    await scene.stranger.send({ to: vault.address, init: vault.init, value: AMPLE, bounce: false });
    const { stack } = await scene.blockchain.provider(vault.address).get('vault', []);
    const { $$type, treasury, opened, ...numbers } = loadGetterTupleVaultView(stack);
    expect([$$type, treasury, opened]).toEqual(['VaultView', null, false]);
    expect([...new Set(Object.values(numbers))]).toEqual([0n]);
    expect(await vault.getVault()).toBeNull();
    expect(await vault.getAllocation(0)).toBeNull();
    expect((await vault.getAllocations()).size).toBe(0);
});

it('the address follows from the identity alone', () => {
    const { identity, vault } = draftVault(scene);
    expect(Vault.fromIdentity({ ...identity }).address.equals(vault.address)).toBe(true);
    expect(Vault.fromIdentity({ ...identity, nonce: 2n }).address.equals(vault.address)).toBe(false);
});
