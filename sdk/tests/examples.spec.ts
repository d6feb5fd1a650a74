import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Address, Cell, loadStateInit, SendMode, toNano } from '@ton/core';
import { ask } from '../examples/ask';
import { askCheapest } from '../examples/direct';
import { tryCancel } from '../examples/errors';
import { folderJobStore } from '../examples/job-store';
import { prepareForWallet } from '../examples/ton-connect';
import { type Cocoon, serveKeys } from '../src';
import { testWallet } from './helpers/devnet-chain';
import { MODEL, startNetwork, startNode, type TestNetwork, type TestNode } from './helpers/network';
import { serveDirectJob, serveOpenJob } from './helpers/worker';

const folder = mkdtempSync(join(tmpdir(), 'cocoon-jobs-'));
let network: TestNetwork;
let node: TestNode;
let client: Cocoon;

beforeAll(async () => {
    network = await startNetwork();
    node = await startNode(network, 2);
    client = await network.connect(3);
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterAll(async () => {
    rmSync(folder, { recursive: true });
    await network.devnet.close();
});

const connection = () => ({
    endpoint: network.url,
    registry: client.registry.toString(),
    jobStore: folderJobStore(folder),
});

it('stands in the README to the letter', () => {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
    const examples = join(__dirname, '../examples');
    for (const file of readdirSync(examples)) {
        expect(readme).toContain(`\`\`\`ts\n${readFileSync(join(examples, file), 'utf8')}\`\`\``);
    }
});

it('asks any node', async () => {
    const asking = ask({ ...connection(), wallet: testWallet(3), modelId: MODEL });
    const [answer] = await Promise.all([asking, serveOpenJob(node)]);
    expect(answer).toEqual({ text: 'Re: Name three seas.', price: 500_000_000n });
    expect(await folderJobStore(folder).list()).toHaveLength(1);
});

it('asks the cheapest node', async () => {
    const asking = askCheapest(client, MODEL, ['One?', 'Two?']);
    const [answers] = await Promise.all([asking, serveDirectJob(node)]);
    expect(answers).toEqual(['Re: One?', 'Re: Two?']);
});

it('posts through a wallet app', async () => {
    const { job, messages } = await prepareForWallet({
        ...connection(),
        wallet: client.sender.address.toString(),
        modelId: MODEL,
        items: [{ messages: [{ role: 'user', content: 'Hi' }] }],
    });
    expect(JSON.parse(JSON.stringify(messages))).toEqual(messages);
    await client.sender.sendMessages(
        messages.map(({ address, amount, payload, stateInit }) => ({
            to: Address.parse(address),
            value: BigInt(amount),
            body: Cell.fromBase64(payload),
            init: stateInit ? loadStateInit(Cell.fromBase64(stateInit).beginParse()) : undefined,
            sendMode: SendMode.PAY_GAS_SEPARATELY,
        })),
    );
    for await (const data of client.jobs.watchJob({ job })) {
        expect(data).toMatchObject({ status: 'open' });
        break;
    }
    expect(await tryCancel(client, job)).toBe('cancelled');
    expect(await tryCancel(client, job)).toMatch(/^ERR_STATE: Read the job again/);
    await serveKeys(client, { jobs: [job] });
    expect(network.devnet.balance(job)).toBeLessThan(toNano('0.5'));
});
