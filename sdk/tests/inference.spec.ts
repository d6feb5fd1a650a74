import { toNano } from '@ton/core';
import { cocoonFundingChain } from '../src/inference/funding/cocoon-chain';
import { readDirectory } from '../src/inference/nodes/read-directory';
import { MODEL, startNetwork, startNode, type TestNetwork } from './helpers/network';

let network: TestNetwork;
beforeAll(async () => {
    network = await startNetwork();
});
afterAll(() => network.devnet.close());

const key = (number: number) => number.toString(16).padStart(64, '0');

describe('the chain as inference uses it', () => {
    it('finds the nodes that can be called, with their keys and offers', async () => {
        const node = await startNode(network, 21);
        const state = await readDirectory(await network.connect(22));
        const info = await node.info();
        expect(state.models).toContainEqual({ name: 'tiny', modelId: MODEL, addedAt: expect.any(Number) });
        expect(state.nodes).toContainEqual({
            account: info.address.hash.toString('hex'),
            operatorKey: key(21),
            encryptionKey: info.encryptionKey.toString(16).padStart(64, '0'),
            payee: info.payout.hash.toString('hex'),
            endpoint: 'https://node.example',
            stake: info.stake,
            offers: [
                expect.objectContaining({
                    modelId: MODEL,
                    completionPrice: 40_000_000n,
                    contextLength: 8_192,
                }),
            ],
        });
    });

    it('opens, allocates, increases, releases and withdraws', async () => {
        const client = await network.connect(23);
        const chain = cocoonFundingChain(client);
        const { vault, identity } = await chain.newVault(7n, (await chain.time()) + 3_600);
        expect(await chain.getVault(vault)).toBeUndefined();
        const first = { slot: 0, node: key(1), payee: key(2), voucherKey: key(3), amount: toNano('0.2') };
        await chain.open(identity, { deposit: toNano('1'), allocations: [first] });
        const opened = await chain.getVault(vault);
        expect(opened?.allocations.get(0)).toEqual({
            slot: 0,
            generation: 1n,
            node: key(1),
            payee: key(2),
            voucherKey: key(3),
            allocated: toNano('0.2'),
            claimed: 0n,
            releaseAt: 0,
        });
        expect(opened?.free).toBeGreaterThanOrEqual(toNano('0.8'));

        // One message of the wallet: more money, a new allocation, two that grow.
        const second = { ...first, slot: 5, voucherKey: key(4), amount: toNano('1.5') };
        await chain.change(vault, {
            deposit: toNano('1'),
            allocations: [second],
            increases: [
                { slot: 0, generation: 1n, amount: toNano('0.1') },
                { slot: 0, generation: 1n, amount: toNano('0.05') },
            ],
        });
        const changed = await chain.getVault(vault);
        expect(changed?.allocations.get(0)?.allocated).toBe(toNano('0.35'));
        expect(changed?.allocations.get(5)).toMatchObject({ generation: 2n, allocated: toNano('1.5') });

        await chain.requestRelease(vault, [0, 5]);
        const releasing = await chain.getVault(vault);
        const releaseAt = releasing?.allocations.get(5)?.releaseAt ?? 0;
        expect(releaseAt).toBeGreaterThan(0);
        await network.advance(releaseAt - (await chain.time()) + 1);
        await chain.finishRelease(vault, [0, 5]);
        expect((await chain.getVault(vault))?.allocations.size).toBe(0);
        expect(await chain.withdraw(vault)).toBeGreaterThan(toNano('1.9'));
        expect(await chain.withdraw(vault)).toBe(0n);
    });

    it('refuses to allocate more than there is', async () => {
        const client = await network.connect(24);
        const chain = cocoonFundingChain(client);
        const { vault, identity } = await chain.newVault(8n, (await chain.time()) + 3_600);
        await chain.open(identity, { deposit: toNano('0.5') });
        const allocation = { slot: 0, node: key(1), payee: key(2), voucherKey: key(3), amount: toNano('3') };
        await expect(chain.change(vault, { allocations: [allocation] })).rejects.toMatchObject({
            code: 'transaction_failed',
        });
        expect((await chain.getVault(vault))?.allocations.size).toBe(0);
    });
});
