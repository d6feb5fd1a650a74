import { toNano } from '@ton/core';
import { CURRENT_PRICES, PRICES_2024, scalePrices } from 'cocoon-devnet';
import { type ChatResult, type Cocoon, decodeRequest, type JobIdentity, type JobSpec } from '../src';
import { MODEL, startNetwork, startNode, type TestNetwork, type TestNode } from './helpers/network';

const questions = ['One?', 'Two?', 'Three?'];
const order = {
    modelId: MODEL,
    items: questions.map((content) => ({ messages: [{ role: 'user' as const, content }], max_tokens: 8 })),
    maxPrice: toNano('2'),
};

/** Answers as a worker does, from the announcement to the submission. */
async function work(
    node: TestNode,
    identity: JobIdentity,
    spec: JobSpec,
    specHash: bigint,
    address: Cocoon['registry'],
) {
    const { claim } = await node.operator.jobs.claimJob({
        node: node.index,
        identity,
        bid: { specHash, collateral: spec.collateral, minPrice: 0n },
    });
    return { claim, answer: () => answer(node, address, claim, specHash) };
}

async function answer(node: TestNode, job: Cocoon['registry'], claim: number, specHash: bigint) {
    const items = await node.operator.jobs.readInput({ job, claim, secretKey: node.secretKey, specHash });
    const results = items.map(({ data }): ChatResult => {
        const text = `Re: ${decodeRequest(data).messages[0]!.content}`;
        return {
            text,
            tokenIds: [],
            logprobs: null,
            finishReason: 'stop',
            seed: null,
            usage: { promptTokens: 3, completionTokens: 5 },
        };
    });
    await node.operator.jobs.submitResult({ job, claim, results });
}

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
        const posted = await client.jobs.postJob({ ...order, node: node.index });
        expect(posted.announced).toBe(true);
        const { answer } = await work(node, posted.identity, posted.spec, posted.specHash, posted.address);
        await answer();
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
        const worker = (async () => {
            for (;;) {
                const [open] = await node.operator.jobs.findOpenJobs({ modelId: MODEL });
                if (open === undefined) continue;
                const { identity, announcement, job } = open;
                const { answer } = await work(node, identity, announcement.spec, announcement.specHash, job);
                for await (const data of node.operator.jobs.watchJob({ job })) {
                    if (data?.keyGiven) break;
                }
                return answer();
            }
        })();
        const [result] = await Promise.all([running, worker]);
        expect(result.answers.map(({ text }) => text)).toEqual(answers);
        expect(result).toMatchObject({ nodeIndex: node.index, price: toNano(2), claim: 1 });
        expect(steps).toEqual(['posted', 'claimed', 'disclosed', 'submitted', 'paid']);
    });

    it('conserves all money', async () => {
        expect((await network.devnet.supply()).conserved).toBe(true);
    });
});
