import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address, Transaction } from '@ton/core';
import { type Cocoon, commitmentHash, Dispute, opcodes, VOTE, type VoteRecord } from 'cocoon-sdk';
import { stringify } from 'yaml';
import { until } from '../../../tests/helpers/until';
import { Journal, type Purpose } from '../../src/journal';
import { Sqlite } from '../../src/journal/sqlite';
import { modelIdOf, readManifest } from '../../src/models';
import { bundleCli } from '../helpers/bundle';
import {
    DISPUTE_PARAMS,
    JUROR_STAKE,
    openSession,
    ScriptedJuror,
    signedAnswer,
    standForDuty,
} from '../helpers/dispute';
import { LocalNetwork, type RegisteredNode } from '../helpers/local-network';
import { RpcProxy } from '../helpers/rpc-proxy';
import { temporaryDirectory } from '../helpers/temporary';
import { workerConfig } from '../helpers/worker-config';

const MANIFEST = join(__dirname, '../../models/tiny-demo.manifest.json');
const WEIGHTS = join(__dirname, '../../models/tiny-demo-q8_0.gguf');
const MODEL = modelIdOf(readManifest(MANIFEST));
/** A process that compiles nothing, but loads a model. */
const STEP_MS = 60_000;

const directory = temporaryDirectory();
let network: LocalNetwork;
let juror: RegisteredNode;
let others: ScriptedJuror[];
let client: Cocoon;
let dispute: Address;
let proxy: RpcProxy;
let cli: string;
let child: ChildProcess | undefined;
let output = '';

beforeAll(async () => {
    network = await LocalNetwork.start({ disputeParams: DISPUTE_PARAMS, blockMs: 250 });
    const accused = await network.registerNode(0, { modelIds: [MODEL] });
    juror = await standForDuty(network, await network.registerNode(1, { modelIds: [MODEL] }));
    others = [];
    for (let number = 2; number < 6; number++) others.push(await ScriptedJuror.start(network, number, MODEL));
    network.devnet.increaseTime(60);
    await network.devnet.mine();
    client = await network.client(0);
    proxy = await RpcProxy.start(network.url);
    cli = await bundleCli();
    writeFileSync(join(directory, 'worker.yaml'), stringify(config()));
    // Its first start decides from where on it watches.
    const first = start();
    await until(() => watched(), { timeout: STEP_MS, failure: () => output });
    await kill(first);
    const evidence = signedAnswer({
        session: await openSession(client, accused),
        node: accused,
        modelId: MODEL,
        tokenIds: [5, 6, 7, 8, 9, 10, 11, 12],
        issuedAt: network.devnet.now(),
    });
    const yes = { acknowledgePublic: true };
    ({ dispute } = await client.disputes.openForReceipt({ evidence, ...yes }));
    await client.disputes.discloseSession({ dispute, evidence, ...yes });
}, 180_000);

afterAll(async () => {
    child?.kill('SIGKILL');
    await proxy?.close();
    await network?.close();
    rmSync(cli, { force: true });
});

function config() {
    return workerConfig({ url: proxy.url, registry: network.registry }, juror, {
        models: [
            {
                name: 'tiny-demo',
                manifest: MANIFEST,
                engine: { type: 'llama', path: WEIGHTS, contextSize: 512, embeddings: false },
                pricing: {},
            },
        ],
        juror: { stake: '100 TON', pollSeconds: 0.3 },
        log: { level: 'debug' },
    });
}

function start(): { process: ChildProcess; exited: Promise<void> } {
    const started = spawn(process.execPath, [cli, 'run', '--config', join(directory, 'worker.yaml')], {
        env: { ...process.env, ...juror.environment, NODE_OPTIONS: '' },
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

async function kill({ process, exited }: ReturnType<typeof start>): Promise<void> {
    process.kill('SIGKILL');
    await exited;
}

/** Runs the worker until it sends a message for this purpose, and kills it just before or after that. */
async function killedAt(purpose: Purpose, when: 'before' | 'after'): Promise<void> {
    proxy.reset();
    const run = start();
    proxy[when] = ({ method }) => {
        // A start sends again what an earlier run left on its way.
        if (method !== 'sendBoc' || livePurpose() !== purpose) return undefined;
        run.process.kill('SIGKILL');
        return true;
    };
    let overdue = false;
    const timer = setTimeout(() => {
        overdue = true;
        run.process.kill('SIGKILL');
    }, STEP_MS);
    await run.exited;
    clearTimeout(timer);
    proxy.reset();
    if (overdue) throw new Error(`No message left:\n${output.slice(-4_000)}`);
}

function journalled<T>(read: (journal: Journal) => T): T {
    const journal = Journal.open(join(directory, 'journal.db'));
    try {
        return read(journal);
    } finally {
        journal.close();
    }
}

const votes = (): Promise<VoteRecord[]> => journalled((journal) => journal.votes.list());

/** What the message is for that the worker has signed and does not know the outcome of. */
function livePurpose(): string | undefined {
    // The journal stays readable beside the worker.
    const journal = new Sqlite(join(directory, 'journal.db'));
    try {
        const row = journal.get(
            `SELECT purpose FROM outbox JOIN outbox_actions ON message = id WHERE state IN ('pending', 'sent')`,
        );
        return row?.purpose as string | undefined;
    } finally {
        journal.close();
    }
}

/** The watcher has a place on the account of each other node. */
function watched(): boolean {
    return (output.match(/"msg":"watching a node for accusations"/g) ?? []).length >= 5;
}

function messages(address: Address, opcode: number): Transaction[] {
    return network.devnet.transactions(address).filter(({ inMessage }) => {
        const body = inMessage?.body.beginParse();
        return body && body.remainingBits >= 32 && body.loadUint(32) === opcode;
    });
}

const stateOf = () => client.disputes.get({ dispute });
const ownSeat = async () => (await stateOf())!.seats.find(({ index }) => index === juror.index);

test('killed around each message, a juror sits once, has one vote, and reveals it', async () => {
    await killedAt('seat', 'before');
    const [vote, ...more] = await votes();
    expect(more).toEqual([]);
    expect(vote).toMatchObject({
        dispute: dispute.toRawString(),
        round: 1,
        index: juror.index,
        vote: 'client',
    });
    expect((await stateOf())!.seats).toEqual([]);

    await killedAt('seat', 'after');
    expect(await votes()).toEqual([vote]);
    // The wallet's message is on its way to the Dispute.
    const seat = await until(ownSeat);
    const { round, index, salt } = vote!;
    const sealed = { dispute, round, index, vote: VOTE.client, salt: BigInt(`0x${salt}`) };
    expect(seat.commitment).toBe(commitmentHash(sealed));

    for (const other of others) await other.sit(dispute, 'client');
    expect((await stateOf())!.phase).toBe('revealing');
    await killedAt('reveal', 'before');
    expect(await votes()).toEqual([vote]);
    expect((await stateOf())!.seats.map((each) => each.vote)).toEqual([null, null, null, null, null]);

    await killedAt('reveal', 'after');
    expect(await until(async () => (await ownSeat())?.vote ?? undefined)).toBe(VOTE.client);
    for (const other of others) await other.reveal(dispute);

    const last = start();
    await until(async () => (await stateOf())?.phase === 'resolved', {
        timeout: STEP_MS,
        failure: () => output,
    });
    await until(async () => /"outcome":"client"/.test(output), { timeout: STEP_MS, failure: () => output });
    last.process.kill('SIGTERM');
    await last.exited;
    expect(last.process.exitCode).toBe(0);

    expect(await stateOf()).toMatchObject({ outcome: 'client' });
    expect(messages(juror.address, opcodes.TakeSeat)).toHaveLength(1);
    expect(messages(Dispute.fromAddress(dispute).address, opcodes.Reveal)).toHaveLength(5);
    expect(await votes()).toEqual([]);
    const stake = await client.disputes.getJurorStake({ node: juror.index });
    expect(stake).toMatchObject({ stake: JUROR_STAKE, bonds: 0n, seats: [] });
    expect(network.devnet.balance(juror.payout)).toBe(DISPUTE_PARAMS.jurorFee);
}, 400_000);
