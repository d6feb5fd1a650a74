import '@ton/test-utils';
import { Address, type Builder, toNano } from '@ton/core';
import { encodeTerms, registryBodies, vaultBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { enact, expectAccepted, propose } from '../helpers/registry';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY, defaultTerms, HOUR } from '../helpers/terms';
import { AMPLE, expectAllDone, paidBetween, send } from '../helpers/trace';
import { allocation, finishRelease, openVault, sendRedeem } from '../helpers/vault';
import { ODD_ADDRESSES, withTreasury } from './odd-addresses';
import { openUnder } from './vault-terms';

// A treasury that cannot be paid would make every redemption and release fail from the moment when fees leave.

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

describe('a governor that wants vaults to stop paying', () => {
    const proposed = (write: (builder: Builder) => Builder) =>
        propose(scene.protocol, { terms: withTreasury(scene.protocol.termsCell, write) });
    const count = async () => (await scene.protocol.registry.getProposal(0)) !== null;

    it('can propose another treasury', async () => {
        const other = new Address(0, Buffer.alloc(32, 0x44));
        const result = await proposed((builder) => builder.storeAddress(other));
        expectAccepted(result, scene.protocol.registry.address);
        expect(await count()).toBe(true);
    });

    it.each(Object.keys(ODD_ADDRESSES))('cannot propose %s for a treasury', async (name) => {
        const result = await proposed(ODD_ADDRESSES[name]!);
        const registry = scene.protocol.registry.address;
        expect(result.transactions).toHaveTransaction({ to: registry, success: false });
        expect(result.transactions).toHaveTransaction({ from: registry, inMessageBounced: true });
        expect(await count()).toBe(false);
    });
});

it('new terms and a pause change nothing for a vault that is open', async () => {
    const { protocol, blockchain } = scene;
    const opened = await openVault(scene, [allocation(scene)], { openBefore: now(blockchain) + 2 * DAY });
    const taker = new Address(0, Buffer.alloc(32, 0x66));
    const worst = defaultTerms({
        jobParams: { feeBps: 1_000, treasury: taker },
        kinds: { ...protocol.terms.kinds, releaseDelay: 30 * DAY },
    });
    await enact(blockchain, protocol, 0, { terms: encodeTerms(worst) });
    const pause = registryBodies.pause({ duration: 7 * DAY });
    await send(protocol.guardian, protocol.registry.address, pause);
    expect((await protocol.registry.getNetwork()).pausedUntil).toBeGreaterThan(now(blockchain));

    const redeemed = await sendRedeem(scene, opened, toNano('4'));
    expect(paidBetween(redeemed, opened.vault.address, protocol.treasury.address)).toBeGreaterThan(
        toNano('0.199'),
    );
    const before = now(blockchain);
    await finishRelease(scene, opened, [0]);
    expect(now(blockchain) - before).toBe(6 * HOUR);
    const withdrawn = await send(scene.client, opened.vault.address, vaultBodies.withdraw());
    expect(paidBetween(withdrawn, opened.vault.address, scene.client.address)).toBeGreaterThan(
        toNano('95.8'),
    );
    advance(blockchain, 2 * DAY);
    await send(scene.client, opened.vault.address, vaultBodies.destroy());
    expect((await blockchain.getContract(opened.vault.address)).balance).toBe(0n);
    expect((await blockchain.getContract(taker)).balance).toBe(0n);
});

describe('a treasury that', () => {
    const nobody = new Address(0, Buffer.alloc(32, 0x55));

    it('has no contract stops no redemption, no release and no end', async () => {
        const terms = encodeTerms(defaultTerms({ jobParams: { treasury: nobody } }));
        const { opened } = await openUnder(scene, terms, [allocation(scene)]);
        expectPaid(await sendRedeem(scene, opened, toNano('4')), opened.vault.address);
        await finishRelease(scene, opened, [0]);
        advance(scene.blockchain, DAY);
        await send(scene.client, opened.vault.address, vaultBodies.destroy());
        expect((await scene.blockchain.getContract(opened.vault.address)).balance).toBe(0n);
        expect((await scene.blockchain.getContract(nobody)).balance).toBeGreaterThan(toNano('0.199'));
    });

    it('answers with a failure stops none either', async () => {
        const { node } = operatorOf(scene);
        const terms = encodeTerms(defaultTerms({ jobParams: { treasury: node.address } }));
        const { opened } = await openUnder(scene, terms, [allocation(scene)]);
        const result = await sendRedeem(scene, opened, toNano('4'));
        expectPaid(result, opened.vault.address);
        expect(result.transactions).toHaveTransaction({ to: node.address, success: false });
        expect(result.transactions).not.toHaveTransaction({ inMessageBounced: true });
        expectAllDone(await finishRelease(scene, opened, [0]));
    });

    function expectPaid(result: Awaited<ReturnType<typeof sendRedeem>>, vault: Address): void {
        const payee = operatorOf(scene).payout.address;
        const paid = paidBetween(result, vault, payee, opcodes.VaultPayout);
        expect(paid).toBeGreaterThanOrEqual(toNano('3.8'));
        expect(paid).toBeLessThan(toNano('3.8') + AMPLE);
    }
});
