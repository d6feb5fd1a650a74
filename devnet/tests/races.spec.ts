import type { Transaction } from '@ton/core';
import type { DevnetOptions } from 'cocoon-devnet';
import { closeAll, plainAddress, startNet, type TestNet, TON, testWallet, transfer } from './helpers';

const receiver = plainAddress(0xee);
const senders = [1, 2, 3].map(testWallet);

afterEach(closeAll);

function textOf(transaction: Transaction): string {
    return transaction.inMessage!.body.beginParse().skip(32).loadStringTail();
}

/** Three wallets send three messages each to one receiver; the order in which they arrive. */
async function arrivals(options: DevnetOptions): Promise<string[]> {
    const { devnet, client } = await startNet({ blockMs: 'manual', ...options });
    for (const { address } of senders) await devnet.fund(address, 10n * TON);
    await devnet.settle();
    for (const [i, sender] of senders.entries()) {
        const messages = [0, 1, 2].map((k) => ({ to: receiver, value: TON / 100n, body: `w${i}m${k}` }));
        await transfer(client, sender, 0, messages);
    }
    await devnet.settle();
    return devnet.transactions(receiver).map(textOf);
}

function expectLanesInOrder(order: string[]): void {
    expect(order).toHaveLength(9);
    for (const i of [0, 1, 2]) {
        expect(order.filter((text) => text.startsWith(`w${i}`))).toEqual([`w${i}m0`, `w${i}m1`, `w${i}m2`]);
    }
}

it('delivers in the order of sending unless told otherwise', async () => {
    expect(await arrivals({})).toEqual([0, 1, 2].flatMap((i) => [`w${i}m0`, `w${i}m1`, `w${i}m2`]));
});

it('shuffles reproducibly by seed and keeps the order of each source and destination', async () => {
    const run = (seed: number) => arrivals({ order: 'shuffle', hop: [1, 3], seed });
    const orders = [await run(1), await run(2), await run(3), await run(4)];
    for (const order of orders) expectLanesInOrder(order);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
    expect(await run(3)).toEqual(orders[2]);
});

it('keeps the order of each pair when a block is full', async () => {
    expectLanesInOrder(await arrivals({ order: 'shuffle', seed: 5, maxTransactionsPerBlock: 2 }));
});

it('takes the number of blocks that hop says', async () => {
    const { devnet, client } = await startNet({ blockMs: 'manual', hop: [2, 2] });
    const [sender] = senders;
    await devnet.fund(sender!.address, TON);
    await devnet.mine();
    await transfer(client, sender!, 0, [{ to: receiver, value: TON / 2n }]);
    await devnet.mine(2);
    expect(devnet.balance(receiver)).toBe(0n);
    await devnet.mine();
    expect(devnet.balance(receiver)).toBe(TON / 2n);
});

async function funded(options: DevnetOptions = {}): Promise<TestNet & { sender: (typeof senders)[0] }> {
    const net = await startNet({ blockMs: 'manual', ...options });
    const sender = senders[0]!;
    await net.devnet.fund(sender.address, 10n * TON);
    await net.devnet.mine();
    return { ...net, sender };
}

it('accepts two messages with one seqno and includes one: the race that real clients lose', async () => {
    const { devnet, client, sender } = await funded();
    const [a, b] = [plainAddress(0xaa), plainAddress(0xbb)];
    await transfer(client, sender, 0, [{ to: a, value: TON }]);
    await transfer(client, sender, 0, [{ to: b, value: TON }]);
    await devnet.settle();
    expect([devnet.balance(a), devnet.balance(b)]).toEqual([TON, 0n]);
    expect(devnet.stats()).toMatchObject({ rejected: 1, mempool: 0 });
});

it('holds back one destination while the rest goes on', async () => {
    const { devnet, client, sender, control } = await funded();
    const other = plainAddress(0xaa);
    await control.pause({ destination: receiver.toString() });
    await transfer(client, sender, 0, [
        { to: receiver, value: TON },
        { to: other, value: TON },
    ]);
    await devnet.settle();
    await devnet.mine(3);
    expect([devnet.balance(receiver), devnet.balance(other)]).toEqual([0n, TON]);
    expect(devnet.stats().pending).toBe(1);
    await control.resume();
    await devnet.settle();
    expect(devnet.balance(receiver)).toBe(TON);
});

it('loses external messages with the probability asked for', async () => {
    const { devnet, client, sender, control } = await funded();
    await control.setPolicy({ dropExternal: 1 });
    await transfer(client, sender, 0, [{ to: receiver, value: TON }]);
    await devnet.settle();
    expect(devnet.balance(receiver)).toBe(0n);
    expect(devnet.stats().dropped).toBe(1);
    await control.setPolicy({ dropExternal: 0 });
    await transfer(client, sender, 0, [{ to: receiver, value: TON }]);
    await devnet.settle();
    expect(devnet.balance(receiver)).toBe(TON);
});

it('goes on by itself when it makes blocks at once or at intervals', async () => {
    for (const blockMs of [0, 10]) {
        const { devnet, client } = await startNet({ blockMs, hop: [1, 2] });
        const sender = senders[1]!;
        await devnet.fund(sender.address, 10n * TON);
        await transfer(client, sender, 0, [{ to: receiver, value: TON }]);
        while (devnet.balance(receiver) === 0n) await new Promise((resolve) => setImmediate(resolve));
        expect(devnet.balance(receiver)).toBe(TON);
    }
});
