import { Address } from '@ton/core';
import { captureError } from '../../../tests/helpers/capture';
import {
    type AllocationOrder,
    createAllocateBody,
    createFinishReleaseBody,
    createIncreaseAllocationBody,
    createOpenVaultBody,
    createRedeemBody,
    createReleaseAllocationBody,
    createRequestReleaseBody,
    opcodes,
    vaultBodies,
} from '../..';

const address = new Address(0, Buffer.alloc(32, 1));
const masterchain = new Address(-1, Buffer.alloc(32, 1));
const good: AllocationOrder = {
    slot: 3,
    node: address,
    payee: address,
    voucherKey: new Uint8Array(32).fill(5),
    amount: 1n,
};
const voucher = { slot: 3, generation: 1n, cumulative: 1n, signature: new Uint8Array(64) };
const many = (count: number) => Array.from({ length: count }, (_, slot) => ({ ...good, slot }));
const allocating = (change: object) => () => createAllocateBody({ allocations: [{ ...good, ...change }] });
const redeeming = (change: object) => () => createRedeemBody({ ...voucher, ...change });
const releasing = (change: object) => () =>
    createReleaseAllocationBody({ vault: address, slot: 1, generation: 1n, ...change });

it.each([
    ['allocations', () => createAllocateBody({ allocations: [] })],
    ['allocations', () => createAllocateBody({ allocations: many(33) })],
    ['allocations', () => createAllocateBody({ allocations: [good, good] })],
    ['slot', allocating({ slot: 128 })],
    ['slot', allocating({ slot: -1 })],
    ['slot', allocating({ slot: 0.5 })],
    ['amount', allocating({ amount: 0n })],
    ['amount', allocating({ amount: 2n ** 64n })],
    ['node', allocating({ node: masterchain })],
    ['payee', allocating({ payee: masterchain })],
    ['voucherKey', allocating({ voucherKey: new Uint8Array(31).fill(1) })],
    ['voucherKey', allocating({ voucherKey: new Uint8Array(32) })],
    ['slot', redeeming({ slot: 128 })],
    ['generation', redeeming({ generation: 0n })],
    ['generation', redeeming({ generation: 2n ** 64n })],
    ['cumulative', redeeming({ cumulative: 0n })],
    ['cumulative', redeeming({ cumulative: 2n ** 64n })],
    ['signature', redeeming({ signature: new Uint8Array(63) })],
    ['cumulative', releasing({ cumulative: 1n })],
    ['cumulative', releasing({ signature: new Uint8Array(64) })],
    ['generation', releasing({ generation: 0n })],
    ['slots', () => createRequestReleaseBody({ slots: [] })],
    ['slots', () => createRequestReleaseBody({ slots: [1, 1] })],
    ['slots', () => createFinishReleaseBody({ slots: Array.from({ length: 33 }, (_, i) => i) })],
    ['slot', () => createFinishReleaseBody({ slots: [128] })],
    ['amount', () => createIncreaseAllocationBody({ slot: 1, generation: 1n, amount: 0n })],
])('a wrong %s is named before anything is sent (%#)', async (field, act) => {
    expect(await captureError(act)).toMatchObject({ code: 'invalid_argument', details: { field } });
});

it('makes the bodies that the contract takes, at their bounds', () => {
    const wide = { ...good, slot: 127, amount: 2n ** 64n - 1n };
    const body = createAllocateBody({ queryId: 7n, allocations: [wide] });
    const voucherKey = Buffer.from(good.voucherKey);
    expect(body.equals(vaultBodies.allocate({ queryId: 7n, allocations: [{ ...wide, voucherKey }] }))).toBe(
        true,
    );
    expect(createAllocateBody({ allocations: many(32) }).depth()).toBe(32);
    expect(createOpenVaultBody({ terms: body }).beginParse().loadUint(32)).toBe(opcodes.OpenVault);
    const plain = releasing({})().beginParse();
    expect(plain.loadUint(32)).toBe(opcodes.ReleaseAllocation);
    const last = { cumulative: 2n ** 64n - 1n, signature: new Uint8Array(64).fill(1) };
    expect(releasing(last)().equals(releasing({})())).toBe(false);
});
