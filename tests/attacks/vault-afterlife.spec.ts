import '@ton/test-utils';
import { beginCell, type Cell, toNano } from '@ton/core';
import { internal } from '@ton/sandbox';
import { Vault, vaultBodies } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import { ERR, UNKNOWN_MESSAGE } from '../helpers/errors';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { AMPLE, exitCodeOn, expectRefused, forge, paidBetween, send } from '../helpers/trace';
import {
    allocation,
    draftVault,
    type OpenedVault,
    openVault,
    sendOpen,
    sendRedeem,
    voucher,
} from '../helpers/vault';

let scene: Scene;
let opened: OpenedVault;

beforeEach(async () => {
    scene = await createScene();
    opened = await openVault(scene, [allocation(scene)]);
});

const to = () => opened.vault.address;
const account = async () => scene.blockchain.getContract(to());
const balance = async () => (await account()).balance;

/** Everything released and the vault destroyed at the first moment at which that is possible. */
async function destroyed(): Promise<void> {
    const body = vaultBodies.releaseNow(voucher(scene, opened, toNano('1')));
    await send(operatorOf(scene).payout, to(), body);
    advance(scene.blockchain, opened.identity.openBefore - now(scene.blockchain));
    await send(scene.client, to(), vaultBodies.destroy());
    expect((await account()).accountState?.type).not.toBe('active');
}

/** With the StateInit once more, as if the vault had never been. */
function revive(body: Cell, from = scene.client, value = AMPLE) {
    const { init } = Vault.fromIdentity(opened.identity);
    const message = { from: from.address, to: to(), value, body, stateInit: init };
    return scene.blockchain.sendMessage(internal(message));
}

describe('a vault that is no more', () => {
    it('pays no voucher, and every message to it comes back', async () => {
        await destroyed();
        for (const body of [
            vaultBodies.redeem(voucher(scene, opened, toNano('5'))),
            vaultBodies.topUp(),
            vaultBodies.withdraw(),
        ]) {
            const result = await send(scene.stranger, to(), body);
            expect(paidBetween(result, to(), scene.stranger.address)).toBeGreaterThan(toNano('1.99'));
        }
        expect(await balance()).toBe(0n);
    });

    it('is not opened again, nor paid from, by who deploys it again', async () => {
        await destroyed();
        const open = vaultBodies.open({ terms: scene.protocol.termsCell, allocations: [allocation(scene)] });
        expect(exitCodeOn(await revive(open, scene.client, toNano('50')), to())).toBe(ERR.ERR_OPEN_BEFORE);
        const redeem = vaultBodies.redeem(voucher(scene, opened, toNano('5')));
        expect(exitCodeOn(await revive(redeem, scene.keeper), to())).toBe(ERR.ERR_NOT_OPEN);
        expect(await opened.vault.getVault().catch(() => null)).toBeNull();
    });

    it('gives money that comes too late to the client, whoever digs it out', async () => {
        await destroyed();
        await scene.stranger.send({ to: to(), value: toNano('7'), bounce: false });
        expect(await balance()).toBeGreaterThan(toNano('6.99'));
        const result = await revive(vaultBodies.destroy(), scene.keeper);
        expect(paidBetween(result, to(), scene.client.address)).toBeGreaterThan(toNano('6.98'));
        expect(paidBetween(result, to(), scene.keeper.address)).toBeGreaterThan(toNano('1.98'));
        expect(await balance()).toBe(0n);
    });
});

it('cannot be destroyed while a node has an allocation, even an empty one, nor by anyone but the client', async () => {
    await sendRedeem(scene, opened, toNano('10'));
    advance(scene.blockchain, 2 * DAY);
    expectRefused(await send(scene.client, to(), vaultBodies.destroy()), to(), ERR.ERR_ALLOCATIONS_LEFT);
    await send(operatorOf(scene).payout, to(), vaultBodies.releaseNow({ slot: 0, generation: 1n }));
    expectRefused(await send(scene.stranger, to(), vaultBodies.destroy()), to(), ERR.ERR_ACCESS);
});

it('an opening that did not bounce leaves its value to the client', async () => {
    const draft = draftVault(scene, { nonce: 9n });
    const { address, init } = draft.vault;
    const body = vaultBodies.open({ terms: beginCell().endCell() });
    await scene.client.send({ to: address, init, value: toNano('20'), body, bounce: false });
    await sendOpen(scene, draft, [], toNano('1'), scene.stranger);
    advance(scene.blockchain, DAY);
    const result = await send(scene.keeper, address, vaultBodies.destroy());
    expect(paidBetween(result, address, scene.client.address)).toBeGreaterThan(toNano('19.98'));
});

describe('what nobody asked for', () => {
    const bloat = (cells: number) => {
        let tail = beginCell().endCell();
        for (let i = 0; i < cells; i++) tail = beginCell().storeUint(i, 500).storeRef(tail).endCell();
        return tail;
    };

    it('a top-up with bits and cells behind it is a top-up, and none of them stays', async () => {
        const data = async () => (await account()).account.account!.storageStats.used.cells;
        const before = await data();
        const body = vaultBodies.topUp().asBuilder().storeUint(7, 300).storeRef(bloat(200)).endCell();
        const result = await send(scene.stranger, to(), body, toNano('3'));
        expect(exitCodeOn(result, to())).toBe(0);
        expect(await data()).toBe(before);
    });

    it.each([
        ['an empty message', () => beginCell().endCell()],
        ['a comment', () => beginCell().storeUint(0, 32).storeStringTail('hello').endCell()],
        ['half an opcode', () => beginCell().storeUint(0x0c0c, 16).endCell()],
        ['a payout of its own kind', () => beginCell().storeUint(0x0c0c0506, 32).storeUint(0, 200).endCell()],
    ])('%s comes back', async (_, body) => {
        const result = await send(scene.stranger, to(), body());
        expectRefused(result, to(), UNKNOWN_MESSAGE);
    });

    it('bounced messages, which it never sends any of, are taken as money', async () => {
        const before = await opened.vault.getVault();
        for (const body of [
            beginCell().storeUint(0xffffffff, 32).storeUint(0x0c0c0506, 32).storeUint(0, 64).endCell(),
            vaultBodies.withdraw(),
            vaultBodies.releaseNow(voucher(scene, opened, toNano('5'))),
        ]) {
            const { payout } = operatorOf(scene);
            await forge(scene, payout.address, to(), body, { bounced: true });
        }
        const { free, ...rest } = (await opened.vault.getVault())!;
        const { free: freeBefore, ...restBefore } = before!;
        expect(free - freeBefore).toBeGreaterThan(3n * (AMPLE - toNano('0.01')));
        expect({ ...rest, treasury: `${rest.treasury}` }).toEqual({
            ...restBefore,
            treasury: `${restBefore.treasury}`,
        });
    });
});
