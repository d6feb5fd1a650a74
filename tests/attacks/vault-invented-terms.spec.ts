import '@ton/test-utils';
import { toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { cellHash, encodeTerms, vaultBodies } from 'cocoon-wrappers';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY, defaultTerms, type TermsOverrides } from '../helpers/terms';
import { AMPLE, exitCodeOn, expectRefused, messagesBetween, paidBetween, send } from '../helpers/trace';
import { allocation, allocationAt, type OpenedVault, sendRedeem, voucher } from '../helpers/vault';
import { ODD_ADDRESSES, withTreasury } from './odd-addresses';
import { openUnder } from './vault-terms';

// A Vault opens under any terms that hash to its address; a client may invent them. What it can do to a node that serves
// without looking, and to itself. A node looks: the hash of the terms is in the address.

const RANGE_CHECK = 5;

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const invented = (overrides: TermsOverrides) => encodeTerms(defaultTerms(overrides));
const withDelay = (releaseDelay: number) =>
    invented({ kinds: { ...scene.protocol.terms.kinds, releaseDelay } });

async function opened(terms: ReturnType<typeof invented>): Promise<OpenedVault> {
    const { opened, result } = await openUnder(scene, terms, [allocation(scene)]);
    expect(result.transactions).toHaveTransaction({ to: opened.vault.address, success: true });
    return opened;
}

const request = ({ vault }: OpenedVault) =>
    send(scene.client, vault.address, vaultBodies.requestRelease({ slots: [0] }));
const finish = ({ vault }: OpenedVault) =>
    send(scene.keeper, vault.address, vaultBodies.finishRelease({ slots: [0] }));

it('terms that a node has not adopted give the vault another address and another identity', async () => {
    const terms = withDelay(0);
    const vault = await opened(terms);
    expect((await vault.vault.getIdentity()).termsHash).toBe(cellHash(terms));
    const held = (await operatorOf(scene).node.getDetails()).terms;
    expect(held.map(({ termsHash }) => termsHash)).toEqual([scene.protocol.termsHash]);
});

it('without a delay the client takes back what a voucher promised, in the second of the request', async () => {
    const vault = await opened(withDelay(0));
    await request(vault);
    await finish(vault);
    const late = await sendRedeem(scene, vault, toNano('5'));
    expectRefused(late, vault.vault.address, ERR.ERR_ALLOCATION_UNKNOWN);
});

it('with an endless delay the client locks up its own money, which the node can still free', async () => {
    const vault = await opened(withDelay(2 ** 32 - 1));
    expect(exitCodeOn(await request(vault), vault.vault.address)).toBe(RANGE_CHECK);
    const { payout } = operatorOf(scene);
    await sendRedeem(scene, vault, toNano('2'));
    await send(payout, vault.vault.address, vaultBodies.releaseNow(voucher(scene, vault, toNano('3'))));
    expect(await vault.vault.getVault()).toMatchObject({ count: 0, reserved: 0n });
});

it.each([10_001, 65_535])('a fee of %i basis points pays nothing to anybody', async (feeBps) => {
    const vault = await opened(invented({ jobParams: { feeBps } }));
    const result = await sendRedeem(scene, vault, toNano('5'));
    expect(exitCodeOn(result, vault.vault.address)).toBe(RANGE_CHECK);
    expect(messagesBetween(result, vault.vault.address, scene.protocol.treasury.address)).toHaveLength(0);
    expect((await allocationAt(vault)).claimed).toBe(0n);
    expect(await vault.vault.getVault()).toMatchObject({ feesOwed: 0n, reserved: toNano('10') });
});

it('a fee of everything leaves the payee what the message brought', async () => {
    const vault = await opened(invented({ jobParams: { feeBps: 10_000 } }));
    const result = await sendRedeem(scene, vault, toNano('5'), { value: AMPLE });
    const payee = operatorOf(scene).payout.address;
    expect(paidBetween(result, vault.vault.address, payee)).toBeLessThan(AMPLE);
});

describe('a treasury that no message reaches', () => {
    const under = (name: string) =>
        openUnder(scene, withTreasury(scene.protocol.termsCell, ODD_ADDRESSES[name]!), [allocation(scene)]);

    it.each(['an anycast address', 'an address of variable length'])(
        'opens no vault when it is %s',
        async (name) => {
            const { opened: vault, result } = await under(name);
            expect(result.transactions).toHaveTransaction({ to: vault.vault.address, success: false });
            expect(result.transactions).toHaveTransaction({
                from: vault.vault.address,
                inMessageBounced: true,
            });
        },
    );

    describe.each(['no address', 'an external address', 'a workchain that does not exist'])('%s,', (name) => {
        let vault: OpenedVault;

        beforeEach(async () => {
            vault = (await under(name)).opened;
            await sendRedeem(scene, vault, toNano('1'));
            expect((await allocationAt(vault)).claimed).toBe(toNano('1'));
        });

        it('pays no voucher from when fees leave; whoever redeems has its value back', async () => {
            expectReturned(vault, await sendRedeem(scene, vault, toNano('9'), { value: AMPLE }));
            expect((await allocationAt(vault)).claimed).toBe(toNano('1'));
        });

        it('ends no release; the keeper that tries has its value back', async () => {
            await request(vault);
            advance(scene.blockchain, DAY);
            expectReturned(vault, await finish(vault));
            expect(await allocationAt(vault)).toMatchObject({
                claimed: toNano('1'),
                allocated: toNano('10'),
            });
        });

        it('holds what the client reserved, and nothing else of it', async () => {
            const result = await send(scene.client, vault.vault.address, vaultBodies.withdraw());
            const paid = paidBetween(result, vault.vault.address, scene.client.address);
            expect(paid).toBeGreaterThan(toNano('89'));
        });
    });

    it('holds no release when it is dear to reach, but for fees below that price', async () => {
        const { opened: vault } = await under('the masterchain');
        await sendRedeem(scene, vault, toNano('0.1'));
        await request(vault);
        advance(scene.blockchain, DAY);
        expectReturned(vault, await finish(vault));
        await sendRedeem(scene, vault, toNano('5'));
        await finish(vault);
        expect(await vault.vault.getVault()).toMatchObject({ count: 0, feesOwed: 0n });
    });

    function expectReturned({ vault }: OpenedVault, result: SendMessageResult): void {
        expect(result.transactions).toHaveTransaction({ to: vault.address, success: false, exitCode: 0 });
        expect(paidBetween(result, vault.address, scene.keeper.address)).toBeGreaterThan(
            AMPLE - toNano('0.02'),
        );
    }
});
