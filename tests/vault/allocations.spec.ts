import '@ton/test-utils';
import { beginCell, type Cell, toNano } from '@ton/core';
import { encodeNewAllocations, type NewAllocation, vaultBodies } from 'cocoon-wrappers';
import { ERR } from '../helpers/errors';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { exitCodeOn, expectRefused, plain, send } from '../helpers/trace';
import {
    ALL_SLOTS,
    allocate,
    allocation,
    allocationAt,
    draftVault,
    filledVault,
    finishRelease,
    keyOf,
    type OpenedVault,
    openVault,
    sendOpen,
    sendRedeem,
    VOUCHER_KEY,
} from '../helpers/vault';

let scene: Scene;
let opened: OpenedVault;

beforeEach(async () => {
    scene = await createScene();
    opened = await openVault(scene);
});

const vaultAddress = () => opened.vault.address;
const fromClient = (body: Cell, value = toNano('1')) => send(scene.client, vaultAddress(), body, value);
const attempt = (allocations: NewAllocation[], value?: bigint) =>
    fromClient(vaultBodies.allocate({ allocations }), value);
/** An Allocate with any cell in place of its list. */
const raw = (list: Cell) =>
    fromClient(beginCell().storeUint(0x0c0c0604, 32).storeUint(0, 64).storeRef(list).endCell());
const free = async () => (await opened.vault.getVault())!.free;
const refused = (result: Awaited<ReturnType<typeof raw>>, code: number) =>
    expectRefused(result, vaultAddress(), code);

describe('allocations', () => {
    it('are readable one by one and all together', async () => {
        const { node, payout } = operatorOf(scene);
        await allocate(scene, opened, [allocation(scene), allocation(scene, { slot: 127, amount: 5n })]);
        const first = await allocationAt(opened, 0);
        expect(plain(first)).toEqual(
            plain({
                slot: 0,
                generation: 1n,
                node: node.address,
                payee: payout.address,
                voucherKey: VOUCHER_KEY.publicKey,
                allocated: toNano('10'),
                claimed: 0n,
                releaseAt: 0,
            }),
        );
        const all = await opened.vault.getAllocations();
        expect([...all.keys()]).toEqual([0, 127]);
        expect(plain(all.get(0))).toEqual(plain(first));
        expect(all.get(127)).toMatchObject({ generation: 2n, allocated: 5n });
        expect(await opened.vault.getAllocation(1)).toBeNull();
    });

    it('fill 128 slots, 32 in a message, and then no more', async () => {
        const full = await filledVault(scene, ALL_SLOTS, { nonce: 2n, amount: 7n });
        expect(await full.vault.getVault()).toMatchObject({
            count: 128,
            reserved: 7n * 128n,
            nextGeneration: 129n,
        });
        const more = vaultBodies.allocate({ allocations: [allocation(scene, { slot: 128 })] });
        const result = await send(scene.client, full.vault.address, more);
        expectRefused(result, full.vault.address, ERR.ERR_SLOT);
    });

    it('take a generation each that never comes again', async () => {
        await allocate(scene, opened, [allocation(scene)]);
        for (let generation = 2n; generation < 5n; generation++) {
            await finishRelease(scene, opened, [0]);
            await allocate(scene, opened, [allocation(scene)]);
            expect((await allocationAt(opened)).generation).toBe(generation);
        }
    });

    it('keep the value above gas as deposit', async () => {
        const before = await free();
        await allocate(scene, opened, [allocation(scene, { amount: 1n })], toNano('3'));
        const gained = (await free()) - before;
        expect(gained).toBeGreaterThan(toNano('2.9'));
    });

    it('may use the value that comes with them', async () => {
        await fromClient(vaultBodies.withdraw());
        const result = await attempt([allocation(scene)], toNano('10.1'));
        expect(result.transactions).toHaveTransaction({ to: vaultAddress(), success: true });
    });

    it('are made with the opening all or none', async () => {
        const draft = draftVault(scene, { nonce: 3n });
        const twice = [allocation(scene), allocation(scene)];
        expectRefused(await sendOpen(scene, draft, twice), draft.vault.address, ERR.ERR_SLOT);
    });
});

describe('refused, and nothing changes:', () => {
    const cases: [string, () => Promise<NewAllocation[]> | NewAllocation[], number][] = [
        ['a slot beyond 127', () => [allocation(scene, { slot: 128 })], ERR.ERR_SLOT],
        ['one slot twice', () => [allocation(scene), allocation(scene)], ERR.ERR_SLOT],
        ['no amount', () => [allocation(scene, { amount: 0n })], ERR.ERR_AMOUNT],
        ['no key', () => [allocation(scene, { voucherKey: Buffer.alloc(32) })], ERR.ERR_KEY],
        [
            '33 in one message',
            () => Array.from({ length: 33 }, (_, slot) => allocation(scene, { slot, amount: 1n })),
            ERR.ERR_TOO_LARGE,
        ],
        ['more than is free', () => [allocation(scene, { amount: toNano('101') })], ERR.ERR_FREE_BALANCE],
    ];

    it.each(cases)('%s', async (_, allocations, code) => {
        const before = await opened.vault.getVault();
        refused(await attempt(await allocations()), code);
        expect(await opened.vault.getVault()).toMatchObject({ count: 0, reserved: before!.reserved });
    });

    it('a slot that is taken', async () => {
        await allocate(scene, opened, [allocation(scene)]);
        refused(await attempt([allocation(scene, { amount: 1n })]), ERR.ERR_SLOT);
    });

    it('amounts that only fit because their sum does not', async () => {
        const half = 2n ** 63n;
        refused(
            await attempt([
                allocation(scene, { amount: half }),
                allocation(scene, { slot: 1, amount: half }),
            ]),
            ERR.ERR_FREE_BALANCE,
        );
        await allocate(scene, opened, [allocation(scene, { amount: 1n })]);
        const amount = 2n ** 64n - 1n;
        const body = vaultBodies.increaseAllocation({ slot: 0, generation: 1n, amount });
        refused(await fromClient(body), ERR.ERR_FREE_BALANCE);
        const draft = draftVault(scene, { nonce: 4n });
        const wrapped = [allocation(scene, { amount: half }), allocation(scene, { slot: 1, amount: half })];
        expectRefused(await sendOpen(scene, draft, wrapped), draft.vault.address, ERR.ERR_VALUE);
    });

    it('anything from others than the client', async () => {
        await allocate(scene, opened, [allocation(scene)]);
        for (const body of [
            vaultBodies.allocate({ allocations: [allocation(scene, { slot: 1 })] }),
            vaultBodies.increaseAllocation({ slot: 0, generation: 1n, amount: 1n }),
            vaultBodies.requestRelease({ slots: [0] }),
        ]) {
            const result = await send(scene.stranger, vaultAddress(), body);
            refused(result, ERR.ERR_ACCESS);
        }
    });
});

describe('cells that are not what they should be', () => {
    const good = () => encodeNewAllocations([allocation(scene)])!;

    it('with a second reference, more bits or fewer are refused', async () => {
        const ref = beginCell().endCell();
        const bloated = good().asBuilder().storeRef(ref).storeRef(ref).endCell();
        const longer = good().asBuilder().storeBit(false).endCell();
        const shorter = beginCell().storeBits(good().bits.substring(0, 839)).endCell();
        for (const list of [bloated, longer, shorter, ref]) refused(await raw(list), ERR.ERR_TOO_LARGE);
    });

    it('that go on behind a good one are refused with it', async () => {
        const list = good().asBuilder().storeRef(beginCell().storeUint(1, 8).endCell()).endCell();
        refused(await raw(list), ERR.ERR_TOO_LARGE);
        expect((await opened.vault.getVault())!.count).toBe(0);
    });

    it('that are a library are not looked up', async () => {
        const library = beginCell().storeUint(2, 8).storeBuffer(good().hash()).endCell({ exotic: true });
        const result = await raw(library);
        expect(exitCodeOn(result, vaultAddress())).toBe(ERR.ERR_TOO_LARGE);
    });

    it('in an endless list stop at the 33rd', async () => {
        let list = good();
        for (let slot = 0; slot < 200; slot++) {
            const one = encodeNewAllocations([allocation(scene, { slot: slot % 128, amount: 1n })])!;
            list = one.asBuilder().storeRef(list).endCell();
        }
        refused(await raw(list), ERR.ERR_TOO_LARGE);
    });
});

describe('an increase', () => {
    const increase = (amount: bigint, generation = 1n, slot = 0) =>
        fromClient(vaultBodies.increaseAllocation({ slot, generation, amount }));

    beforeEach(() => allocate(scene, opened, [allocation(scene)]));

    it('adds to what is allocated and changes nothing else', async () => {
        await sendRedeem(scene, opened, toNano('4'));
        const before = await allocationAt(opened);
        await increase(toNano('2'));
        const after = await allocationAt(opened);
        expect(plain(after)).toEqual(plain({ ...before, allocated: toNano('12') }));
        expect((await opened.vault.getVault())!.reserved).toBe(toNano('8'));
        await sendRedeem(scene, opened, toNano('12'));
        expect((await opened.vault.getVault())!.reserved).toBe(0n);
    });

    it.each([
        ['of nothing', 0n, 1n, 0, ERR.ERR_AMOUNT],
        ['of another generation', 1n, 2n, 0, ERR.ERR_ALLOCATION_UNKNOWN],
        ['of an empty slot', 1n, 1n, 1, ERR.ERR_ALLOCATION_UNKNOWN],
        ['beyond the free balance', toNano('100'), 1n, 0, ERR.ERR_FREE_BALANCE],
    ])('%s is refused', async (_, amount, generation, slot, code) => {
        refused(await increase(amount, generation, slot), code);
        expect((await allocationAt(opened)).allocated).toBe(toNano('10'));
    });

    it('during a release is refused', async () => {
        await fromClient(vaultBodies.requestRelease({ slots: [0] }));
        refused(await increase(1n), ERR.ERR_RELEASING);
    });
});

it('the keys of two allocations are their own', async () => {
    const other = keyOf('second');
    await allocate(scene, opened, [
        allocation(scene),
        allocation(scene, { slot: 1, voucherKey: other.publicKey }),
    ]);
    refused(await sendRedeem(scene, opened, 5n, { slot: 0, generation: 1n, key: other }), ERR.ERR_SIGNATURE);
    await sendRedeem(scene, opened, 5n, { slot: 1, generation: 2n, key: other });
    expect((await allocationAt(opened, 1)).claimed).toBe(5n);
});
