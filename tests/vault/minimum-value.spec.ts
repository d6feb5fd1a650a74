import '@ton/test-utils';
import { type Cell, toNano } from '@ton/core';
import { nodeBodies, vaultBodies } from 'cocoon-wrappers';
import { feesUnder, vaultStorage } from '../gas/formulas';
import { type Entry, expectAllWell, expectRefusedBelow, pricedScene } from '../gas/minimum';
import { advance, now } from '../helpers/blockchain';
import { operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { send, type Wallet } from '../helpers/trace';
import {
    allocation,
    draftVault,
    type OpenedVault,
    openVault,
    sendOpen,
    sendRedeem,
    voucher,
} from '../helpers/vault';

type Fees = ReturnType<typeof feesUnder>;

interface Case {
    /** Brings the vault to where the message can be sent. */
    body(scene: Scene, opened: OpenedVault): Promise<Cell> | Cell;
    least(fees: Fees): bigint;
    from?(scene: Scene): Wallet;
    viaNode?: boolean;
}

const payout = (scene: Scene) => operatorOf(scene).payout;
const keeper = (scene: Scene) => scene.keeper;

const cases: Record<string, Case> = {
    TopUp: { body: () => vaultBodies.topUp(), least: (fees) => fees.topUp },
    Withdraw: { body: () => vaultBodies.withdraw(), least: (fees) => fees.withdraw },
    Allocate: {
        body: (scene) =>
            vaultBodies.allocate({ allocations: [1, 2].map((slot) => allocation(scene, { slot })) }),
        least: (fees) => fees.allocate(2),
    },
    IncreaseAllocation: {
        body: () => vaultBodies.increaseAllocation({ slot: 0, generation: 1n, amount: 5n }),
        least: (fees) => fees.increase,
    },
    Redeem: {
        body: (scene, opened) => vaultBodies.redeem(voucher(scene, opened, toNano('5'))),
        least: (fees) => fees.redeem,
        from: keeper,
    },
    RequestRelease: {
        body: () => vaultBodies.requestRelease({ slots: [0] }),
        least: (fees) => fees.requestRelease(1),
    },
    FinishRelease: {
        async body(scene, { vault }) {
            await send(scene.client, vault.address, vaultBodies.requestRelease({ slots: [0] }));
            advance(scene.blockchain, DAY);
            return vaultBodies.finishRelease({ slots: [0] });
        },
        least: (fees) => fees.finishRelease(1),
        from: keeper,
    },
    ReleaseNow: {
        body: (scene, opened) => vaultBodies.releaseNow(voucher(scene, opened, toNano('5'))),
        least: (fees) => fees.release,
        from: payout,
    },
    ReleaseAllocation: {
        body: (scene, opened) =>
            nodeBodies.releaseAllocation({
                vault: opened.vault.address,
                ...voucher(scene, opened, toNano('5')),
            }),
        least: (fees) => fees.releaseAllocation,
        from: (scene) => operatorOf(scene).operator,
        viaNode: true,
    },
    DestroyVault: {
        async body(scene, opened) {
            await sendRedeem(scene, opened, toNano('1'), { value: toNano('1') });
            const body = vaultBodies.releaseNow({ slot: 0, generation: 1n });
            await send(payout(scene), opened.vault.address, body);
            advance(scene.blockchain, 2 * DAY);
            return vaultBodies.destroy();
        },
        least: (fees) => fees.destroyVault,
    },
};

describe.each([1n, 2n, 10n])('at %i times the prices', (factor) => {
    const fees = feesUnder(factor);
    let scene: Scene;
    let opened: OpenedVault;

    beforeEach(async () => {
        scene = await pricedScene(factor);
        opened = await openVault(scene, [allocation(scene)]);
    });

    it.each(Object.keys(cases))('%s passes with its minimum, and not with one less', async (name) => {
        const { body, least, from = ({ client }: Scene) => client, viaNode } = cases[name]!;
        const to = viaNode ? operatorOf(scene).node.address : opened.vault.address;
        const message = await body(scene, opened);
        const run: Entry = (value) => send(from(scene), to, message, value);
        await expectRefusedBelow(run, to, least(fees));
        const result = await run(least(fees));
        expect(result.transactions).toHaveTransaction({ to: opened.vault.address, success: true });
        expectAllWell(result);
        await expectSolvent(scene, opened, factor);
    });

    it('OpenVault passes with gas, reserve and allocations, and not with one less', async () => {
        const { balance } = await scene.blockchain.getContract(opened.vault.address);
        expect(balance).toBeGreaterThan(0n);
        const draft = draftVault(scene, { nonce: 2n, openBefore: now(scene.blockchain) + DAY });
        const two = [1, 2].map((slot) => allocation(scene, { slot, amount: toNano('3') }));
        const least = fees.openVault(2) + vaultStorage(factor, 2) + toNano('6');
        const run: Entry = (value) => sendOpen(scene, draft, two, value);
        await expectRefusedBelow(run, draft.vault.address, least);
        expectAllWell(await run(least));
        await expectSolvent(scene, draft, factor);
    });
});

/** The vault has its storage reserve beside all that it owes. */
async function expectSolvent(scene: Scene, { vault }: OpenedVault, factor: bigint): Promise<void> {
    const contract = await scene.blockchain.getContract(vault.address);
    if (contract.accountState?.type !== 'active') return;
    const { reserved, feesOwed, count } = (await vault.getVault())!;
    expect(contract.balance).toBeGreaterThanOrEqual(reserved + feesOwed + vaultStorage(factor, count));
}
