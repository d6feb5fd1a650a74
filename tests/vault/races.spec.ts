import { type Cell, type Message, toNano } from '@ton/core';
import { internal } from '@ton/sandbox';
import { nodeBodies, vaultBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance } from '../helpers/blockchain';
import { everyOrder } from '../helpers/interleave';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { AMPLE, opcodeOf, send, type Wallet } from '../helpers/trace';
import { allocation, type OpenedVault, openVault, voucher } from '../helpers/vault';

// Slot 0 is allocated 10 TON and its release can be finished at once; slot 1 is free.

let scene: Scene;
let opened: OpenedVault;

beforeAll(async () => {
    scene = await createScene();
    opened = await openVault(scene, [allocation(scene)]);
    await send(scene.client, opened.vault.address, vaultBodies.requestRelease({ slots: [0] }));
    advance(scene.blockchain, scene.protocol.terms.kinds.releaseDelay);
});

const toVault = (from: Wallet, body: Cell) =>
    internal({ from: from.address, to: opened.vault.address, value: AMPLE, body });
const payout = () => operatorOf(scene).payout;

function allocateIn1(amount: bigint): Message {
    const body = vaultBodies.allocate({ allocations: [allocation(scene, { slot: 1, amount })] });
    return toVault(scene.client, body);
}

const messages: Record<string, () => Message> = {
    'Redeem 3': () => toVault(scene.keeper, vaultBodies.redeem(voucher(scene, opened, toNano('3')))),
    'Redeem 5': () => toVault(scene.stranger, vaultBodies.redeem(voucher(scene, opened, toNano('5')))),
    FinishRelease: () => toVault(scene.keeper, vaultBodies.finishRelease({ slots: [0] })),
    'ReleaseNow 5': () => toVault(payout(), vaultBodies.releaseNow(voucher(scene, opened, toNano('5')))),
    'ReleaseAllocation 5': () =>
        internal({
            from: operatorOf(scene).operator.address,
            to: operatorOf(scene).node.address,
            value: AMPLE,
            body: nodeBodies.releaseAllocation({
                vault: opened.vault.address,
                ...voucher(scene, opened, toNano('5')),
            }),
        }),
    TopUp: () => toVault(scene.stranger, vaultBodies.topUp()),
    Withdraw: () => toVault(scene.client, vaultBodies.withdraw()),
    'Allocate 85': () => allocateIn1(toNano('85')),
    'Allocate 95': () => allocateIn1(toNano('95')),
};

/** Money of the node and state of the vault, in words: whole TON redeemed, which slots are left. */
async function outcomes(...names: string[]): Promise<Set<string>> {
    const words = new Set<string>();
    const contended = [opened.vault.address, operatorOf(scene).node.address];
    await everyOrder(
        scene.blockchain,
        contended,
        names.map((name) => messages[name]!()),
        async (ending) => {
            const view = (await opened.vault.getVault())!;
            const { balance } = await scene.blockchain.getContract(opened.vault.address);
            expect(balance).toBeGreaterThan(view.reserved + view.feesOwed);
            const redeemed = [0n, 0n];
            for (const { to, body } of ending.payments) {
                if (!to.equals(payout().address) || opcodeOf(body) !== opcodes.VaultPayout) continue;
                redeemed.push(
                    body
                        .beginParse()
                        .skip(32 + 64 + 8 + 64)
                        .loadUintBig(64),
                );
            }
            const most = redeemed.reduce((a, b) => (a > b ? a : b));
            const slots = [...(await opened.vault.getAllocations()).keys()];
            words.add(`${most / toNano('1')} paid, slots ${slots.join(' ') || '-'}`);
        },
    );
    return words;
}

it.each([
    // Vouchers are cumulative: whatever comes first, the higher one decides.
    [['Redeem 3', 'Redeem 5'], ['5 paid, slots 0']],
    [['Redeem 5', 'Redeem 5'], ['5 paid, slots 0']],
    [['Redeem 5', 'TopUp'], ['5 paid, slots 0']],
    [['Redeem 5', 'Withdraw'], ['5 paid, slots 0']],
    [['Redeem 5', 'TopUp', 'Withdraw'], ['5 paid, slots 0']],
    // The node's own release never loses a voucher.
    [['Redeem 3', 'ReleaseNow 5'], ['5 paid, slots -']],
    [['Redeem 5', 'ReleaseNow 5'], ['5 paid, slots -']],
    [['Redeem 5', 'ReleaseAllocation 5'], ['5 paid, slots -']],
    [['ReleaseNow 5', 'ReleaseAllocation 5'], ['5 paid, slots -']],
    // After the delay who comes first decides: a node redeems before, not then.
    [
        ['Redeem 5', 'FinishRelease'],
        ['0 paid, slots -', '5 paid, slots -'],
    ],
    [
        ['ReleaseNow 5', 'FinishRelease'],
        ['0 paid, slots -', '5 paid, slots -'],
    ],
    [
        ['ReleaseAllocation 5', 'FinishRelease'],
        ['0 paid, slots -', '5 paid, slots -'],
    ],
    // The client's own keep their order: what is withdrawn cannot be allocated, and the other way round.
    [['Withdraw', 'Allocate 85'], ['0 paid, slots 0']],
    [['Allocate 85', 'Withdraw'], ['0 paid, slots 0 1']],
    // More than is free before the release.
    [
        ['FinishRelease', 'Allocate 95'],
        ['0 paid, slots -', '0 paid, slots 1'],
    ],
])('%j end as documented in every order', async (names, expected) => {
    const words = await outcomes(...names);
    expect([...words].sort()).toEqual(expected);
});
