import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type Address, Cell, toNano } from '@ton/core';
import {
    type ChatRequest,
    type Cocoon,
    encodeJobSpec,
    encodePayload,
    encodeRequest,
    encryptionKeyPair,
    escrowOf,
    hashToInteger,
    inlinePayload,
    integerToHash,
    Job,
    type JobSpec,
    jobBodies,
    messageFees,
    sealedKeyToCell,
    sealInput,
    sealKey,
    withMargin,
} from 'cocoon-sdk';
import { until } from '../../../tests/helpers/until';
import { loadSecrets, parseConfig } from '../../src/config';
import { type Engine, EngineError } from '../../src/engines';
import type { JobRecord } from '../../src/journal';
import { createLogger } from '../../src/observability';
import { createWorker, type Worker } from '../../src/worker';
import { LocalNetwork, NETWORK_ID, type RegisteredNode } from '../helpers/local-network';
import { temporaryDirectory } from '../helpers/temporary';
import { NULL_MODEL, workerConfig } from '../helpers/worker-config';

const MODEL = BigInt(`0x${NULL_MODEL}`);
const SECRET = 'nobody but client and node may read this';
const directory = temporaryDirectory();
let network: LocalNetwork;
let node: RegisteredNode;
let client: Cocoon;
let worker: Worker;
let output = '';
let stop: AbortController;
let cut: AbortController;
let running: Promise<void>;

beforeAll(async () => {
    network = await LocalNetwork.start();
    node = await network.registerNode(0, { modelIds: [NULL_MODEL] });
    client = await network.client(0);
    worker = await start();
}, 60_000);

afterAll(async () => {
    stop?.abort();
    await running;
    await worker?.close();
    await network?.close();
});

async function start(changes: Record<string, unknown> = {}): Promise<Worker> {
    const config = parseConfig(workerConfig(network, node, changes));
    const sink = new Writable({
        write(chunk, _encoding, done) {
            output += chunk;
            done();
        },
    });
    const created = await createWorker({
        config,
        secrets: loadSecrets(undefined, directory, node.environment),
        logger: await createLogger({ level: 'trace', pretty: false }, sink),
        directory,
    });
    stop = new AbortController();
    cut = new AbortController();
    running = created.run(stop.signal, cut.signal);
    running.catch(() => undefined);
    return created;
}

const items = (count: number): ChatRequest[] =>
    Array.from({ length: count }, (_, index) => ({
        messages: [{ role: 'user', content: `${SECRET} ${index}` }],
    }));

const order = { modelId: MODEL, items: items(1), maxPrice: toNano('1'), collateral: toNano('10') };

/** Waits until the journal shows the job in a state. */
async function reaches(job: Address, state: JobRecord['state']): Promise<JobRecord> {
    const record = () => worker.context.journal.jobs.get(job.toRawString());
    return until(() => (record()?.state === state ? record() : undefined), {
        failure: () => {
            const { state: now, reason, lastError } = record() ?? {};
            return `the job is ${now} (${reason}, ${lastError}), not ${state}`;
        },
    });
}

interface RawJob {
    items?: Uint8Array[];
    spec?: Partial<JobSpec>;
    input?: Cell;
    sealedKey?: Cell;
}

/** Posts a direct job by hand, so that every part of it can be wrong. */
async function postRaw({ items: data = items(1).map(encodeRequest), ...changes }: RawJob): Promise<Address> {
    const [{ cell: terms, hash, terms: decoded }, prices, now, info] = await Promise.all([
        client.network.getTerms(),
        client.getPrices(),
        client.getTime(),
        client.nodes.getNode({ node: node.index }),
    ]);
    const job = Job.fromIdentity({
        registry: client.registry,
        termsHash: hash,
        client: client.sender.address,
        nonce: nonce++,
        openBefore: now + 3600,
    });
    const nodePublicKey = integerToHash(info.encryptionKey);
    const sealed = await sealInput({ networkId: NETWORK_ID, job: job.address, items: data, nodePublicKey });
    const spec: JobSpec = {
        modelId: MODEL,
        inputTop: hashToInteger(sealed.commitment.top),
        resultKey: hashToInteger(encryptionKeyPair().publicKey),
        items: data.length,
        direct: node.index,
        startPrice: toNano('1'),
        maxPrice: toNano('1'),
        rampSeconds: 0,
        collateral: toNano('10'),
        claimWindow: 600,
        keyWindow: 600,
        executionWindow: 600,
        reviewWindow: 600,
        minStake: 0n,
        ...changes.spec,
    };
    await client.sender.sendMessages([
        {
            to: job.address,
            value:
                escrowOf(spec.maxPrice, decoded.jobParams) +
                messageFees.jobStorage(prices) +
                withMargin(messageFees.post(prices)),
            init: job.init,
            body: jobBodies.post({
                terms,
                spec: encodeJobSpec(spec),
                input: changes.input ?? inlinePayload(sealed),
                sealedKey: changes.sealedKey ?? sealed.sealedKey,
            }),
        },
    ]);
    return job.address;
}

let nonce = 1n;

/** Puts another engine behind the model until `restore`. */
function replaceEngine(changes: Partial<Engine>): { restore: () => void } {
    const model = worker.context.models.get(NULL_MODEL)! as { engine: Engine };
    const { engine } = model;
    model.engine = { ...engine, ...changes };
    return {
        restore: () => {
            model.engine = engine;
        },
    };
}

test('a direct and an open job are answered and paid; no prompt is in logs or journal', async () => {
    const direct = await client.jobs.runJob({ ...order, node: node.index });
    const open = await client.jobs.runJob({ ...order, items: items(8) });
    for (const { job, answers } of [direct, open]) {
        expect(answers.every(({ text }) => text === 'x'.repeat(16))).toBe(true);
        expect(await reaches(job, 'settled')).toMatchObject({ paid: toNano('0.95'), price: toNano('1') });
    }
    expect(output).toContain('job paid');
    expect(output).not.toContain(SECRET);
    for (const suffix of ['', '-wal']) {
        const bytes = readFileSync(join(directory, `journal.db${suffix}`));
        expect(bytes.includes(SECRET)).toBe(false);
        expect(bytes.includes('xxxxxxxxxxxxxxxx')).toBe(false);
    }
});

test('an input that is no sealed batch is left alone, without a claim', async () => {
    const garbage = encodePayload({ kind: 'inline', bytes: Uint8Array.of(9, 9, 9) });
    const job = await postRaw({ input: garbage });
    expect(await reaches(job, 'skipped')).toMatchObject({ reason: 'payload_malformed' });
    const other = await postRaw({ input: Cell.EMPTY });
    expect(await reaches(other, 'skipped')).toMatchObject({ reason: 'payload_malformed' });
    expect((await client.jobs.getJob({ job }))?.status).toBe('open');
});

test('a batch with another number of items than the job says is left alone', async () => {
    const job = await postRaw({ spec: { items: 2 } });
    expect(await reaches(job, 'skipped')).toMatchObject({ reason: 'input_malformed' });
});

test('a URL that leads into the own network is refused', async () => {
    const input = encodePayload({
        kind: 'uri',
        sha256: new Uint8Array(32),
        size: 100,
        url: 'https://127.0.0.1:1/batch',
    });
    expect(await reaches(await postRaw({ input }), 'skipped')).toMatchObject({
        reason: 'payload_fetch_refused',
    });
});

test('a job that does not pay enough, or gives too little time, is left alone', async () => {
    const cheap = await postRaw({ spec: { startPrice: 1n, maxPrice: 2n } });
    const hasty = await postRaw({ spec: { executionWindow: 1, collateral: toNano('200') } });
    expect(await reaches(cheap, 'skipped')).toMatchObject({ reason: 'price_too_low' });
    expect(await reaches(hasty, 'skipped')).toMatchObject({ reason: 'collateral_too_high' });
});

test('an input that does not match its commitment is given back at once, for the least cost', async () => {
    const { stake } = await client.nodes.getNode({ node: node.index });
    const job = await postRaw({ spec: { inputTop: 1n } });
    expect(await reaches(job, 'declined')).toMatchObject({ reason: 'payload_commitment_mismatch' });
    const after = await client.nodes.getNode({ node: node.index });
    expect(stake - after.stake).toBe(toNano('1'));
    expect((await client.jobs.getJob({ job }))?.status).toBe('refunded');
});

test('a content key that does not open is given back', async () => {
    const { encryptionKey } = await client.nodes.getNode({ node: node.index });
    const sealedKey = sealedKeyToCell(
        await sealKey({
            contentKey: new Uint8Array(32),
            recipientPublicKey: integerToHash(encryptionKey),
            context: {
                networkId: NETWORK_ID,
                job: node.address,
                direction: 'input',
                claim: 0,
            },
        }),
    );
    const job = await postRaw({ sealedKey });
    expect(await reaches(job, 'declined')).toMatchObject({ reason: 'payload_decryption_failed' });
});

test('one garbage item is answered with an error of its own; the others are answered', async () => {
    const good = encodeRequest(items(1)[0]!);
    const job = await postRaw({ items: [good, Uint8Array.of(1, 2, 3), good] });
    await reaches(job, 'submitted');
    const { promptTokens, completionTokens } = worker.context.journal.results.get(job.toRawString())!.usage;
    expect({ promptTokens, completionTokens }).toEqual({ promptTokens: 2, completionTokens: 32 });
});

test('without a key in time the claim is ended and its fee collected', async () => {
    const { address } = await client.jobs.postJob({ ...order, keyWindow: 1 });
    expect(await reaches(address, 'failed')).toMatchObject({ reason: 'no_key', paid: toNano('0.05') });
    expect((await client.jobs.getJob({ job: address }))?.status).toBe('open');
});

test('while the engine is down nothing is claimed, and health is red; then work goes on', async () => {
    let looks = 0;
    const down = replaceEngine({
        health: async () => {
            looks++;
            return { ok: false, reason: 'gone' };
        },
    });
    const job = await postRaw({});
    const { jobs } = worker.context.journal;
    // Each look is an opportunity to claim.
    await until(() => looks >= 3 && jobs.get(job.toRawString())?.reason === 'engine_down');
    await reaches(job, 'seen');
    down.restore();
    await reaches(job, 'submitted');
});

test('an engine that fails is tried again; the job is given back before its deadline', async () => {
    const broken = replaceEngine({
        complete: () =>
            Promise.reject(new EngineError('unreachable', 'the server is gone', { remedy: 'start it' })),
    });
    const job = await postRaw({ spec: { executionWindow: 10 } });
    const alive = await postRaw({});
    const record = await reaches(job, 'declined');
    expect(record).toMatchObject({ reason: 'unreachable' });
    expect(record.attempts).toBeGreaterThan(0);
    broken.restore();
    await reaches(alive, 'submitted');
});

test('a claim that a lost journal does not know is taken up again', async () => {
    const stalled = replaceEngine({
        complete: (_request, options) =>
            new Promise((_resolve, reject) => {
                options?.signal?.addEventListener('abort', () => reject(new Error('put down')));
            }),
    });
    const job = await postRaw({});
    await reaches(job, 'executing');
    stalled.restore();
    await restart();
    await reaches(job, 'submitted');
    expect(output).toContain('the journal does not know');
});

/** Puts the work down, loses the journal, and starts again. */
async function restart(): Promise<void> {
    stop.abort();
    cut.abort();
    await running.catch(() => undefined);
    await worker.close();
    for (const suffix of ['', '-wal', '-shm'])
        rmSync(join(directory, `journal.db${suffix}`), { force: true });
    worker = await start();
}
