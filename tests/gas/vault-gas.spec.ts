import '@ton/test-utils';
import { toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { type NewAllocation, nodeBodies, vaultBodies } from 'cocoon-wrappers';
import { advance } from '../helpers/blockchain';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { send, transactionsOn } from '../helpers/trace';
import {
    ALL_SLOTS,
    allocate,
    allocation,
    draftVault,
    filledVault,
    type OpenedVault,
    openVault,
    sendOpen,
    sendRedeem,
    voucher,
} from '../helpers/vault';
import { constant, expectConstant, gasOn, sizeOf } from './measured';
import { WIDEST_TERMS } from './widest';

/** Each of these slots is the sibling of one of the others: whatever concerns them, the dictionary is as deep as it gets. */
const SIBLINGS = ALL_SLOTS.filter((slot) => slot % 4 === 3);
const OTHERS = ALL_SLOTS.filter((slot) => slot % 4 !== 3);
const EACH = toNano('30');
/** A redemption of it takes a fee that leaves at once. */
const WITH_FEE = toNano('20');

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ terms: WIDEST_TERMS, value: toNano('1000') });
});

const full = () => filledVault(scene, ALL_SLOTS, { amount: EACH });

function many(slots: readonly number[]): NewAllocation[] {
    return slots.map((slot) => allocation(scene, { slot, amount: EACH }));
}

function fromClient({ vault }: OpenedVault, body: ReturnType<typeof vaultBodies.topUp>) {
    return send(scene.client, vault.address, body, toNano('2'));
}

function at({ vault }: OpenedVault, result: SendMessageResult): number {
    expect(result.transactions).toHaveTransaction({ to: vault.address, success: true });
    return gasOn(result, vault.address);
}

/** Checks what a message costs without its list, and for each entry of it. */
function expectPerEntry(base: string, each: string, costs: [entries: number, gas: number][]): void {
    for (const [entries, gas] of costs)
        expect(gas).toBeLessThanOrEqual(constant(base) + entries * constant(each));
    expectConstant(base, Math.max(...costs.map(([entries, gas]) => gas - entries * constant(each))));
}

/** Of the dearest of `n` entries, apart from what one alone costs. */
function marginal(one: number, many: number, n: number): number {
    return Math.ceil((many - one) / (n - 1));
}

it('allocations cost what their constants say, with and without an opening', async () => {
    const roomy = await filledVault(scene, OTHERS, { amount: EACH });
    const thirtyTwo = at(roomy, await allocate(scene, roomy, many(SIBLINGS)));
    const tight = await filledVault(scene, ALL_SLOTS.slice(0, 127), { amount: EACH, nonce: 2n });
    const one = at(tight, await allocate(scene, tight, many([127])));
    const opened = [];
    for (const [nonce, n] of [
        [3n, 0],
        [4n, 1],
        [5n, 32],
    ] as const) {
        const draft = draftVault(scene, { nonce });
        const result = await sendOpen(scene, draft, many(ALL_SLOTS.slice(0, n)), toNano('2000'));
        opened.push([n, at(draft, result)] as [number, number]);
    }
    expectConstant('GAS_ALLOCATION', marginal(one, thirtyTwo, 32), 100);
    expectPerEntry('GAS_ALLOCATE', 'GAS_ALLOCATION', [
        [1, one],
        [32, thirtyTwo],
    ]);
    expectPerEntry('GAS_OPEN_VAULT', 'GAS_ALLOCATION', opened);
});

it('top-up, withdrawal and increase cost what their constants say', async () => {
    const opened = await full();
    expectConstant('GAS_TOP_UP', at(opened, await fromClient(opened, vaultBodies.topUp())));
    expectConstant('GAS_WITHDRAW', at(opened, await fromClient(opened, vaultBodies.withdraw())));
    const body = vaultBodies.increaseAllocation({ slot: 3, generation: 4n, amount: 1n });
    expectConstant('GAS_INCREASE', at(opened, await fromClient(opened, body)));
});

it('a redemption costs what its constant says, with the fee that it makes leave', async () => {
    const opened = await full();
    const result = await sendRedeem(scene, opened, WITH_FEE, { slot: 3, generation: 4n });
    expect(transactionsOn(result, scene.protocol.treasury.address)).toHaveLength(1);
    expectConstant('GAS_REDEEM', at(opened, result));
});

it('a release with a voucher costs vault and node what their constants say', async () => {
    const opened = await full();
    const { node, operator, payout } = operatorOf(scene);
    const last = voucher(scene, opened, WITH_FEE, { slot: 3, generation: 4n });
    const body = nodeBodies.releaseAllocation({ vault: opened.vault.address, ...last });
    const byNode = await send(operator, node.address, body);
    expectConstant('GAS_RELEASE_ALLOCATION', gasOn(byNode, node.address));
    const again = voucher(scene, opened, WITH_FEE, { slot: 7, generation: 8n });
    const byPayee = await send(payout, opened.vault.address, vaultBodies.releaseNow(again));
    expectConstant('GAS_RELEASE', Math.max(at(opened, byNode), at(opened, byPayee)));
});

it('the bounce of a release costs no more than the node is asked to have', async () => {
    const { node, operator } = operatorOf(scene);
    const opened = await openVault(scene);
    const gone = { vault: opened.vault.address, slot: 0, generation: 1n };
    const result = await send(operator, node.address, nodeBodies.releaseAllocation(gone));
    const spent =
        gasOn(result, node.address) + gasOn(result, opened.vault.address) + gasOn(result, node.address, 1);
    expect(spent).toBeLessThan(constant('GAS_RELEASE_ALLOCATION') + constant('GAS_RELEASE'));
});

it('releases after the delay cost what their constants say', async () => {
    const opened = await full();
    await sendRedeem(scene, opened, toNano('1'), { slot: 3, generation: 4n });
    const two = SIBLINGS.slice(0, 1);
    const more = SIBLINGS.slice(1);
    const request = (slots: number[]) => fromClient(opened, vaultBodies.requestRelease({ slots }));
    const finish = (slots: number[]) => fromClient(opened, vaultBodies.finishRelease({ slots }));
    const requested = [at(opened, await request(two)), at(opened, await request(more))] as const;
    advance(scene.blockchain, DAY);
    const finished = [at(opened, await finish(more)), at(opened, await finish(two))] as const;
    const each = Math.max(
        marginal(requested[0], requested[1], more.length),
        marginal(finished[1], finished[0], more.length),
    );
    expectConstant('GAS_SLOT', each, 100);
    expectPerEntry('GAS_REQUEST_RELEASE', 'GAS_SLOT', [
        [1, requested[0]],
        [31, requested[1]],
    ]);
    expectPerEntry('GAS_FINISH_RELEASE', 'GAS_SLOT', [
        [1, finished[1]],
        [31, finished[0]],
    ]);
});

it('the end costs what its constant says, with or without an opening', async () => {
    const never = draftVault(scene, { nonce: 9n });
    await scene.keeper.send({
        to: never.vault.address,
        init: never.vault.init,
        value: toNano('1'),
        bounce: false,
    });
    const opened = await openVault(scene, [allocation(scene, { amount: WITH_FEE })]);
    await sendRedeem(scene, opened, toNano('1'));
    advance(scene.blockchain, DAY);
    const body = vaultBodies.requestRelease({ slots: [0] });
    await fromClient(opened, body);
    advance(scene.blockchain, DAY);
    await fromClient(opened, vaultBodies.finishRelease({ slots: [0] }));
    const atOpened = at(opened, await fromClient(opened, vaultBodies.destroy()));
    const atNever = at(never, await send(scene.keeper, never.vault.address, vaultBodies.destroy()));
    expectConstant('GAS_DESTROY_VAULT', Math.max(atOpened, atNever));
});

it('storage is reserved for what a vault takes up, by the number of its allocations', async () => {
    for (const [nonce, n] of [
        [1n, 0],
        [2n, 1],
        [3n, 128],
    ] as const) {
        const { vault } = await filledVault(scene, ALL_SLOTS.slice(0, n), { nonce });
        const { cells, bits } = await sizeOf(scene.blockchain, vault.address);
        const reserved = {
            cells: constant('VAULT_STORAGE_CELLS') + n * constant('ALLOCATION_STORAGE_CELLS'),
            bits: constant('VAULT_STORAGE_BITS') + n * constant('ALLOCATION_STORAGE_BITS'),
        };
        expect(reserved.cells).toBeGreaterThanOrEqual(cells);
        expect(reserved.bits).toBeGreaterThanOrEqual(bits);
        expect(reserved.cells).toBeLessThanOrEqual(cells + 2);
        expect(reserved.bits).toBeLessThanOrEqual(bits * 1.05);
    }
});
