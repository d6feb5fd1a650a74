import { Address } from '@ton/core';
import { DevnetChain } from '../../tests/helpers/devnet-chain';
import { memoryCursorStore, watchAccount } from '.';

describe('watchAccount over HTTP', () => {
    it('yields every transaction of several accounts once, through restarts and while more arrive', async () => {
        const chain = await DevnetChain.start();
        const accounts = [1, 2].map((n) => new Address(0, Buffer.alloc(32, n)));
        const cursors = memoryCursorStore();
        const burst = async (count: number) => {
            for (let i = 0; i < count; i++) {
                for (const account of accounts) await chain.devnet.fund(account, 1_000n);
            }
            await chain.devnet.mine();
        };
        const read = async (address: Address, count: number) => {
            const seen: bigint[] = [];
            for await (const item of watchAccount({
                reader: chain.rpc,
                address,
                cursors,
                clock: chain.clock,
                pageSize: 17,
            })) {
                seen.push(item.tx.lt);
                if (seen.length === count) {
                    await item.commit();
                    break;
                }
            }
            return seen;
        };
        try {
            await burst(110);
            const before = await Promise.all(accounts.map((account) => read(account, 60)));
            await burst(5);
            const after = await Promise.all(accounts.map((account) => read(account, 55)));
            accounts.forEach((account, i) => {
                const all = chain.devnet.transactions(account).map((tx) => tx.lt);
                expect([...before[i]!, ...after[i]!]).toEqual(all);
            });
        } finally {
            await chain.devnet.close();
        }
    });
});
