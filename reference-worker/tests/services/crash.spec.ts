import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Address, Cell, type Transaction, toNano } from '@ton/core';
import { type Cocoon, opcodes, serveKeys } from 'cocoon-sdk';
import { stringify } from 'yaml';
import { until } from '../../../tests/helpers/until';
import { Journal } from '../../src/journal';
import { Sqlite } from '../../src/journal/sqlite';
import { bundleCli } from '../helpers/bundle';
import { LocalNetwork, type RegisteredNode } from '../helpers/local-network';
import { seededRandom } from '../helpers/random';
import { RpcProxy } from '../helpers/rpc-proxy';
import { temporaryDirectory } from '../helpers/temporary';
import { NULL_MODEL, workerConfig } from '../helpers/worker-config';

const DEEP = process.env.COCOON_DEEP === '1';
const ROUNDS = DEEP ? 300 : 20;
const SEED = Number(process.env.COCOON_SEED ?? 20_261_122);
/** A round that did not come to its point is cut here, milliseconds. */
const LONGEST_ROUND = 3_000;
/** For all jobs together. */
const PAYMENT_MS = DEEP ? 600_000 : 120_000;
const PROMPT = 'the plain text that must never lie on a disk';

const directory = temporaryDirectory();
const random = seededRandom(SEED);
const below = (limit: number) => Math.floor(random() * limit);
const jobs: Address[] = [];
/** Sealed results as they were after each kill, by job. */
const results = new Map<string, string>();
const stopClient = new AbortController();

let network: LocalNetwork;
let node: RegisteredNode;
let client: Cocoon;
let proxy: RpcProxy;
let cli: string;
let output = '';
let child: ChildProcess | undefined;
let serving: Promise<void>;

beforeAll(async () => {
    network = await LocalNetwork.start();
    node = await network.registerNode(0, { modelIds: [NULL_MODEL], stake: toNano('5000') });
    client = await network.client(0);
    proxy = await RpcProxy.start(network.url);
    cli = await bundleCli();
    writeFileSync(join(directory, 'worker.yaml'), stringify(config()));
    serving = serveKeys(client, { intervalMs: 300, signal: stopClient.signal });
}, 60_000);

afterAll(async () => {
    child?.kill('SIGKILL');
    stopClient.abort();
    await serving;
    await proxy?.close();
    await network?.close();
    rmSync(cli, { force: true });
});

function config() {
    return workerConfig({ url: proxy.url, registry: network.registry }, node, { log: { level: 'trace' } });
}

function start(): { process: ChildProcess; exited: Promise<void> } {
    const started = spawn(process.execPath, [cli, 'run', '--config', join(directory, 'worker.yaml')], {
        env: { ...process.env, ...node.environment, NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const collect = (data: Buffer) => {
        output += data;
    };
    started.stdout!.on('data', collect);
    started.stderr!.on('data', collect);
    return { process: started, exited: new Promise((resolve) => started.once('close', () => resolve())) };
}

async function post(index: number): Promise<void> {
    const items = Array.from({ length: 1 + below(3) }, (_, item) => ({
        messages: [{ role: 'user' as const, content: `${PROMPT} ${index}.${item}` }],
    }));
    const { address } = await client.jobs.postJob({
        modelId: BigInt(`0x${NULL_MODEL}`),
        items,
        maxPrice: toNano('1'),
        collateral: toNano('10'),
        reviewWindow: 1,
        ...(index % 2 === 0 ? { node: node.index } : {}),
    });
    jobs.push(address);
}

/** Starts the worker and kills it at a point that the seed decides: around a message, or at any other call. */
async function crashOnce(round: number): Promise<void> {
    proxy.reset();
    const { process, exited } = start();
    const kill = () => process.kill('SIGKILL');
    const message = random() < 0.6;
    const at = message ? 1 + below(3) : 8 + below(60);
    const hook = random() < 0.5 ? 'before' : 'after';
    proxy[hook] = ({ method, ofMethod, number }) =>
        (message ? method === 'sendBoc' && ofMethod === at : number === at) ? kill() : undefined;
    const timer = setTimeout(kill, LONGEST_ROUND);
    await Promise.all([post(round), exited]);
    clearTimeout(timer);
    remember();
}

function remember(): void {
    const journal = Journal.open(join(directory, 'journal.db'));
    try {
        for (const job of jobs.map((address) => address.toRawString())) {
            const sealed = journal.results.get(job)?.sealed.toString('hex');
            if (results.has(job)) expect(sealed).toBe(results.get(job));
            else if (sealed) results.set(job, sealed);
        }
    } finally {
        journal.close();
    }
}

function messages(address: Address, opcode: number): Transaction[] {
    return network.devnet.transactions(address).filter(({ inMessage }) => {
        const body = inMessage?.body.beginParse();
        const bounced = inMessage?.info.type === 'internal' && inMessage.info.bounced;
        return body && !bounced && body.remainingBits >= 32 && body.loadUint(32) === opcode;
    });
}

function journalled(): Journal {
    return Journal.open(join(directory, 'journal.db'));
}

test(
    `killed ${ROUNDS} times (seed ${SEED}), it claims each job once, submits one result, and is paid`,
    async () => {
        for (let round = 0; round < ROUNDS; round++) await crashOnce(round);

        proxy.reset();
        const last = start();
        await untilPaid();
        last.process.kill('SIGTERM');
        await last.exited;
        expect(last.process.exitCode).toBe(0);
        remember();

        for (const job of jobs) {
            expect(messages(job, opcodes.ClaimFor)).toHaveLength(1);
            const submissions = messages(job, opcodes.SubmitResult);
            expect(submissions.map(({ inMessage }) => inMessage!.body.hash().toString('hex'))).toEqual([
                bodyHash(results.get(job.toRawString())!),
            ]);
            expect((await client.jobs.getJob({ job }))?.status).toBe('paid');
        }
        expect(messages(node.address, opcodes.Claim)).toHaveLength(jobs.length);
        const journal = journalled();
        expect(journal.jobs.counts()).toMatchObject({ settled: jobs.length });
        expect(journal.counters.get('earnedNano')).toBe(toNano('0.95') * BigInt(jobs.length));
        journal.close();
        expect(output).toContain('job paid');
        expect(output).not.toContain(PROMPT);
    },
    DEEP ? 1_800_000 : 300_000,
);

async function untilPaid(): Promise<void> {
    const waiting = [...jobs];
    await until(
        async () => {
            const status = (await client.jobs.getJob({ job: waiting[0]! }))?.status;
            if (status === 'paid') waiting.shift();
            return waiting.length === 0;
        },
        { timeout: PAYMENT_MS, failure: () => `${waiting.length} of ${jobs.length} jobs are not paid` },
    );
    // The worker hears of the last payment with its next look at the node. Its journal stays readable beside it.
    const journal = new Sqlite(join(directory, 'journal.db'));
    const settled = () => Number(journal.get("SELECT count(*) AS n FROM jobs WHERE state = 'settled'")?.n);
    await until(() => settled() === jobs.length, { failure: () => `${settled()} jobs are settled` });
    journal.close();
}

function bodyHash(sealed: string): string {
    return Cell.fromBoc(Buffer.from(sealed, 'hex'))[0]!.hash().toString('hex');
}
