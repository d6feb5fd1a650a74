import { join } from 'node:path';
import { keyPairFromSeed, mnemonicToPrivateKey } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { developmentWallet } from 'cocoon-devnet';
import { type Cocoon, createCocoon, decodeRequest, encryptionKeyPair, hashToInteger } from 'cocoon-sdk';
import { run as deployProtocol } from '../../scripts/deployProtocol';
import { run as finishJob } from '../../scripts/finishJob';
import { run as postJob } from '../../scripts/postJob';
import { run as registerNode } from '../../scripts/registerNode';
import { until } from '../helpers/until';
import { localNetwork, ScriptBench } from './harness';

const MODEL = 'f953e50aeed21622b8afe0a9da57c1860853b750b6cc856cdf19ed35fa8b2dee';
const keys = encryptionKeyPair(new Uint8Array(32).fill(5));

let bench: ScriptBench;
let network: string;
let operator: Cocoon;
beforeAll(async () => {
    bench = await ScriptBench.start();
    const description = localNetwork();
    description.terms.marketShards = 1;
    network = bench.file('local.json', description);
    await bench.ok(deployProtocol, [network, '--yes']);
    const address = (await bench.wallet(1)).toString();
    const node = {
        operator: address,
        payout: address,
        operatorKey: keyPairFromSeed(Buffer.alloc(32, 1)).publicKey.toString('hex'),
        encryptionKey: hashToInteger(keys.publicKey).toString(16).padStart(64, '0'),
        endpoint: 'https://node.example',
        stake: '50',
        offers: [],
    };
    await bench.ok(registerNode, [network, bench.file('node.json', node), '--yes']);
    operator = await connectOperator();
});
afterAll(() => bench.stop());

async function connectOperator(): Promise<Cocoon> {
    const { mnemonic } = await developmentWallet(1, 1);
    const { publicKey, secretKey } = await mnemonicToPrivateKey(mnemonic);
    const contract = WalletContractV5R1.create({ publicKey, walletId: { networkGlobalId: -239 } });
    const { address } = await bench.registry(network);
    return createCocoon({
        endpoint: bench.url,
        registry: address,
        wallet: { contract, secretKey },
        intervalMs: 50,
    });
}

/** What a worker does, with an engine that repeats the prompt. */
async function serveOneJob(signal: AbortSignal): Promise<void> {
    const { jobs } = operator;
    const open = await until(async () => {
        signal.throwIfAborted();
        return (await jobs.findOpenJobs({ modelId: BigInt(`0x${MODEL}`) }))[0];
    });
    const { identity, announcement, job } = open;
    const { spec, specHash } = announcement;
    const bid = { specHash, collateral: spec.collateral, minPrice: 0n };
    const { claim } = await jobs.claimJob({ node: 0, identity, bid });
    await until(async () => {
        signal.throwIfAborted();
        return (await jobs.getJob({ job }))?.keyGiven;
    });
    const items = await jobs.readInput({ job, claim, secretKey: keys.secretKey, specHash });
    const results = items.map(({ data }) => ({
        text: `You said: ${decodeRequest(data).messages[0]!.content}`,
        tokenIds: [],
        logprobs: null,
        finishReason: 'stop' as const,
        seed: 1,
        usage: { promptTokens: 3, completionTokens: 5 },
    }));
    await jobs.submitResult({ job, claim, results });
}

const order = { modelId: MODEL, prompts: ['Hello', 'World'], maxPrice: '1', collateral: '2', maxTokens: 16 };

it('shows the messages of a job in a dry run', async () => {
    const { text } = await bench.ok(postJob, [network, bench.file('job.json', order), '--dry-run']);
    expect(text).toMatch(/message +DeployMarket/);
    expect(text).toMatch(/message +PostJob/);
    expect(text).not.toContain('Hello');
});

it('posts a job, gives its key to the claimer, pays, and prints the answers', async () => {
    const controller = new AbortController();
    const served = serveOneJob(controller.signal);
    const run = await bench.run(postJob, [
        network,
        bench.file('job.json', order),
        '--yes',
        '--wait',
        '--timeout',
        '20s',
    ]);
    controller.abort();
    await served;
    if (run.error) throw run.error;
    expect(run.text).toContain('… disclosed');
    expect(run.text).toMatch(/✓ Node 0 was paid 1 TON\.\nYou said: Hello\nYou said: World\n/);
    expect((await operator.nodes.getNode({ node: 0 })).counters.paid).toBe(1);
});

it('asks for each message, and goes on with a job that was interrupted', async () => {
    const file = bench.file('job.json', order);
    const { text, questions } = await bench.ok(postJob, [network, file], { answers: [true] });
    expect(questions).toEqual(['Send it to local?']); // the Market is there since the first job
    const [, job] = /Job (EQ\S+) is open/.exec(text)!;
    const controller = new AbortController();
    const served = serveOneJob(controller.signal);
    const finished = await bench.run(finishJob, [network, job!, '--timeout', '20s'], {
        answers: [true, true],
    });
    controller.abort();
    await served;
    if (finished.error) throw finished.error;
    expect(finished.questions).toHaveLength(2);
    expect(finished.text).toContain('You said: World');
});

it('says what the terms do not allow, before anything is sent', async () => {
    const { error } = await bench.run(postJob, [
        network,
        bench.file('job.json', { ...order, reviewWindow: '8d' }),
        '--yes',
    ]);
    expect(error?.message).toContain('reviewWindow must be 1 to 604800 seconds by the terms');
});

it('keeps the secrets of jobs beside the network, out of git', () => {
    const index = bench.read(join('.cocoon', 'jobs', 'local', 'index.json')) as unknown as string[];
    expect(index.length).toBeGreaterThanOrEqual(2);
});
