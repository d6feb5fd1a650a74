import { toNano } from '@ton/core';
import { Node } from 'cocoon-wrappers';
import { run as deployProtocol } from '../../scripts/deployProtocol';
import { run as registerNode } from '../../scripts/registerNode';
import { run as showNetwork } from '../../scripts/showNetwork';
import { localNetwork, ScriptBench } from './harness';

const MODEL = 'f953e50aeed21622b8afe0a9da57c1860853b750b6cc856cdf19ed35fa8b2dee';
const OPERATOR_KEY = '11'.repeat(32);
const ENCRYPTION_KEY = '22'.repeat(32);

let bench: ScriptBench;
let network: string;
let description: Record<string, unknown>;
beforeAll(async () => {
    bench = await ScriptBench.start();
    network = bench.file('local.json', localNetwork());
    await bench.ok(deployProtocol, [network, '--yes']);
    const operator = (await bench.wallet(1)).toString();
    description = {
        operator,
        payout: operator,
        operatorKey: OPERATOR_KEY,
        encryptionKey: ENCRYPTION_KEY,
        endpoint: 'https://node.example',
        stake: '25',
        offers: [
            {
                modelId: MODEL,
                promptPrice: '0.01',
                cachedPromptPrice: '0.001',
                completionPrice: '0.04',
                contextLength: 1_024,
                slots: 4,
                region: 276,
            },
        ],
    };
});
afterAll(() => bench.stop());

async function node(index: number) {
    return bench.open(Node.fromIndex((await bench.registry(network)).address, index));
}

it('registers what a file describes, with at least the stake that it names', async () => {
    const { text } = await bench.ok(registerNode, [network, bench.file('node.json', description), '--yes']);
    expect(text).toContain('Node 0 at EQ');
    const registered = await (await node(0)).getNode();
    expect(registered.owner.equals(await bench.wallet(0))).toBe(true);
    expect(registered.operator.equals(await bench.wallet(1))).toBe(true);
    expect(registered.encryptionKey).toBe(BigInt(`0x${ENCRYPTION_KEY}`));
    expect(registered.stake).toBeGreaterThanOrEqual(toNano('25'));
    expect(registered.stake).toBeLessThan(toNano('25.1'));
    const { profile } = await (await node(0)).getDetails();
    expect(profile.endpoint).toBe('https://node.example');
    expect(profile.offers.get(0)).toMatchObject({
        modelId: BigInt(`0x${MODEL}`),
        completionPrice: 40_000_000n,
        contextLength: 1_024,
        region: 276,
    });
    expect((await bench.ok(showNetwork, [network])).text).toMatch(/Node 0 +EQ\S+ +owner EQ\S+ +stake 25\./);
});

it('asks for everything when there is no file', async () => {
    const operator = (await bench.wallet(1)).toString();
    const answers = [operator, operator, OPERATOR_KEY, ENCRYPTION_KEY, 'https://second.example', '12'];
    const offer = [MODEL, '0.01', '0.001', '0.04', '1024', '2'];
    const { questions } = await bench.ok(registerNode, [network], { answers: [...answers, ...offer, true] });
    expect(questions).toHaveLength(13);
    expect((await (await node(1)).getDetails()).profile.endpoint).toBe('https://second.example');
});

describe('a registration that would be refused or useless', () => {
    const register = (change: object) =>
        bench.run(registerNode, [network, bench.file('other.json', { ...description, ...change }), '--yes']);

    it('with too small a stake is not sent', async () => {
        expect((await register({ stake: '9.99' })).error?.message).toContain(
            "below the network's least, 10 TON",
        );
    });

    it('names the field that is wrong', async () => {
        expect((await register({ operatorKey: '0x12' })).error?.message).toMatch(
            /operatorKey is "0x12".\nExpected 256/,
        );
        expect((await register({ encryptionKey: '0'.repeat(64) })).error?.message).toContain('not zero');
        expect((await register({ endpoint: 'node' })).error?.message).toContain('endpoint is "node"');
        expect((await register({ offers: [{}] })).error?.message).toContain('offers[0].modelId is missing');
    });

    it('warns of a model that is not in the catalogue', async () => {
        const offers = [{ ...(description.offers as object[])[0], modelId: 'f'.repeat(64) }];
        const { text } = await register({ offers });
        expect(text).toContain(`⚠ Model 0x${'f'.repeat(64)} is not in the catalogue.`);
    });
});
