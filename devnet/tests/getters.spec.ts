import { beginCell, Cell, comment } from '@ton/core';
import { allStackKinds, closeAll, echo, plainAddress, startNet, type TestNet, TON } from './helpers';

let net: TestNet;
const kinds = plainAddress(0x11);
const mirror = plainAddress(0x12);

beforeAll(async () => {
    net = await startNet();
    await net.devnet.setAccount(kinds, { code: allStackKinds(), data: Cell.EMPTY, balance: TON });
    await net.control.setAccount(mirror.toString(), {
        code: echo().toBoc().toString('base64'),
        data: Cell.EMPTY.toBoc().toString('base64'),
        balance: TON,
    });
});
afterAll(closeAll);

it('returns every kind of stack entry to a TonClient', async () => {
    const { stack } = await net.client.runMethod(kinds, 'anything');
    expect(stack.readBigNumber()).toBe(-5n);
    expect(stack.readCell().beginParse().loadUint(8)).toBe(7);
    expect(stack.readCell().beginParse().loadUint(8)).toBe(9);
    expect(stack.readCellOpt()).toBeNull();
    // TonClient leaves a tuple's items undecoded: numbers are bigints, tuples arrays.
    expect(stack.pop()).toEqual({ type: 'tuple', items: [1n, [2n, 3n]] });
});

it.each([-7n, 0n, 2n ** 255n])('takes the integer %s as an argument', async (value) => {
    const { stack } = await net.client.runMethod(mirror, 'echo', [{ type: 'int', value }]);
    expect(stack.readBigNumber()).toBe(value);
});

it('takes cells and slices as arguments', async () => {
    const cell = comment('hello');
    for (const type of ['cell', 'slice'] as const) {
        const { stack } = await net.client.runMethod(mirror, 'echo', [{ type, cell }]);
        expect(stack.readCell().equals(cell)).toBe(true);
    }
});

it('answers −13 for an account without code', async () => {
    const { exit_code } = await net.client.runMethodWithError(plainAddress(0x13), 'seqno');
    expect(exit_code).toBe(-13);
});

it('shows getters the network time, moved clock included', async () => {
    // NOW is f823; the method's number is dropped first.
    const code = beginCell().storeBuffer(Buffer.from('30f823', 'hex')).endCell();
    const clock = plainAddress(0x14);
    await net.devnet.setAccount(clock, { code, data: Cell.EMPTY, balance: TON });
    const read = async () => (await net.client.runMethod(clock, 'now')).stack.readNumber();
    const before = await read();
    net.devnet.increaseTime(3_600);
    expect(await read()).toBe(before + 3_600);
});
