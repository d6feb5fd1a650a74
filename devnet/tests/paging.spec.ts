import type { Transaction } from '@ton/core';
import { closeAll, plainAddress, rpc, startNet, type TestNet, TON } from './helpers';

const COUNT = 350;
const address = plainAddress(0xee);
let net: TestNet;

beforeAll(async () => {
    net = await startNet({ blockMs: 'manual' });
    for (let i = 0; i < COUNT; i++) await net.devnet.fund(address, TON);
    await net.devnet.mine();
});
afterAll(closeAll);

async function walk(limit: number): Promise<Transaction[]> {
    const all: Transaction[] = [];
    for (;;) {
        const last = all[all.length - 1];
        const cursor = last ? { lt: String(last.lt), hash: last.hash().toString('base64') } : {};
        const page = await net.client.getTransactions(address, { limit, ...cursor });
        if (page.length === 0) return all;
        all.push(...page);
    }
}

it.each([7, 100])('walks a long history by pages of %i without loss or repetition', async (limit) => {
    const all = await walk(limit);
    expect(all).toHaveLength(COUNT);
    expect(new Set(all.map(({ lt }) => lt)).size).toBe(COUNT);
    for (let i = 0; i + 1 < all.length; i++) {
        expect(all[i]!.prevTransactionLt).toBe(all[i + 1]!.lt);
        expect(all[i]!.prevTransactionHash).toBe(BigInt(`0x${all[i + 1]!.hash().toString('hex')}`));
    }
});

it('stops before to_lt', async () => {
    const all = await walk(100);
    const newer = await net.client.getTransactions(address, { limit: 100, to_lt: String(all[10]!.lt) });
    expect(newer.map(({ lt }) => lt)).toEqual(all.slice(0, 10).map(({ lt }) => lt));
});

it('refuses a cursor that is not in the history', async () => {
    const [latest] = await net.client.getTransactions(address, { limit: 1 });
    const hash = Buffer.alloc(32, 1).toString('hex');
    const params = { address: address.toString(), lt: String(latest!.lt), hash };
    expect(await rpc(net.url, 'getTransactions', params)).toMatchObject({
        status: 500,
        ok: false,
        error: expect.stringContaining('cannot locate transaction'),
    });
});

it('pages a block with many transactions', async () => {
    const block = { workchain: 0, shard: '-9223372036854775808', seqno: 2 };
    const seen: string[] = [];
    for (let after: string | undefined, incomplete = true; incomplete; ) {
        const { result } = await rpc(net.url, 'getBlockTransactions', {
            ...block,
            after_lt: after,
            count: 100,
        });
        seen.push(...result.transactions.map((tx: { lt: string }) => tx.lt));
        after = seen[seen.length - 1];
        incomplete = result.incomplete;
    }
    expect(new Set(seen).size).toBe(COUNT);
    expect(seen).toHaveLength(COUNT);
});
