import { toNano } from '@ton/core';
import { CURRENT_PRICES, PRICES_2024, scalePrices } from 'cocoon-devnet';
import type { Cocoon } from '../src';
import { MODEL, startNetwork, startNode, type TestNetwork, type TestNode } from './helpers/network';
import { serveDirectJob, serveOpenJob } from './helpers/worker';

const questions = ['One?', 'Two?', 'Three?'];
const order = {
    modelId: MODEL,
    items: questions.map((content) => ({ messages: [{ role: 'user' as const, content }], max_tokens: 8 })),
    maxPrice: toNano('2'),
};

const answers = questions.map((question) => `Re: ${question}`);

describe.each([
    ['present', CURRENT_PRICES],
    ['doubled', scalePrices(PRICES_2024, 2n)],
])('the protocol over RPC at %s prices', (_, prices) => {
    let network: TestNetwork;
    let node: TestNode;
    let client: Cocoon;

    beforeAll(async () => {
        network = await startNetwork(prices);
        node = await startNode(network, 2);
        client = await network.connect(3);
    });
    afterAll(() => network.devnet.close());

    const balance = (of: Cocoon) => network.devnet.balance(of.sender.address);

    it('runs a direct job from post to payment', async () => {
        const before = balance(client);
        const serving = serveDirectJob(node);
        const posted = await client.jobs.postJob({ ...order, node: node.index });
        expect(posted.announced).toBe(true);
        await serving;
        const result = await client.jobs.readResult({ job: posted.address });
        expect(result.answers.map(({ text }) => text)).toEqual(answers);
        await client.jobs.acceptResult({ job: posted.address, ...result });
        const data = await client.jobs.getJob({ job: posted.address });
        expect(data).toMatchObject({ status: 'paid', escrow: 0n, price: toNano(2) });
        expect((await node.info()).counters).toMatchObject({ paid: 1, earned: toNano(2) });
        // Everything but price, post fee, chain fees and the storage reserve has returned.
        const spent = before - balance(client);
        const stored = network.devnet.balance(posted.address);
        expect(spent - stored).toBeGreaterThan(toNano('2.02'));
        expect(spent - stored).toBeLessThan(toNano('2.02') + toNano('0.2'));
    });

    it('runs an open job with runJob: market, key, result, payment', async () => {
        const steps: string[] = [];
        const running = client.jobs.runJob({ ...order, onProgress: (step) => steps.push(step) });
        const [result] = await Promise.all([running, serveOpenJob(node)]);
        expect(result.answers.map(({ text }) => text)).toEqual(answers);
        expect(result).toMatchObject({ nodeIndex: node.index, price: toNano(2), claim: 1 });
        expect(steps).toEqual(['posted', 'claimed', 'disclosed', 'submitted', 'paid']);
    });

    it('conserves all money', async () => {
        expect((await network.devnet.supply()).conserved).toBe(true);
    });
});
