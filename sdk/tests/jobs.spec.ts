import { type Address, type Sender, toNano } from '@ton/core';
import { PRICES_2024, scalePrices } from 'cocoon-devnet';
import {
    type AnnouncedJob,
    type Cocoon,
    createCocoon,
    memoryJobStore,
    type PostJobReturnType,
    type WriteResult,
} from '../src';
import { captureError } from './helpers/capture';
import { MODEL, startNetwork, startNode, type TestNetwork, type TestNode } from './helpers/network';
import { answerJob } from './helpers/worker';

const HOUR = 3_600;
const order = {
    modelId: MODEL,
    items: [{ messages: [{ role: 'user' as const, content: 'Hi' }] }],
    maxPrice: toNano('2'),
};
/** Storage that passing time eats, and what a Job or Market keeps of it. */
const DUST = toNano('0.02');

let network: TestNetwork;
let node: TestNode;
let other: TestNode;
let client: Cocoon;
let stranger: Cocoon;

beforeAll(async () => {
    network = await startNetwork(scalePrices(PRICES_2024, 2n));
    [node, other] = [await startNode(network, 2), await startNode(network, 3)];
    [client, stranger] = [await network.connect(4), await network.connect(5)];
});
afterAll(() => network.devnet.close());

const status = async (job: Address) => (await client.jobs.getJob({ job }))?.status;
const balance = (of: Cocoon) => network.devnet.balance(of.sender.address);

/** What a write cost its sender beside the fees of the chain. */
async function net(of: Cocoon, write: () => Promise<WriteResult>): Promise<bigint> {
    const before = balance(of);
    const { fees } = await write();
    return before - balance(of) - fees;
}

function expectNear(value: bigint, expected: bigint, dust = DUST): void {
    const difference = value > expected ? value - expected : expected - value;
    expect({ value, expected, near: difference < dust }).toEqual({ value, expected, near: true });
}

const claim = (by: TestNode, { identity, spec, specHash }: PostJobReturnType) =>
    by.operator.jobs.claimJob({
        node: by.index,
        identity,
        bid: { specHash, collateral: spec.collateral, minPrice: 0n },
    });

const result = (text: string) => ({
    text,
    tokenIds: [],
    logprobs: null,
    finishReason: 'stop' as const,
    seed: 1,
    usage: { promptTokens: 1, completionTokens: 2 },
});

describe('jobs that end without a result', () => {
    it('are taken back while nobody claimed them', async () => {
        const job = await client.jobs.postJob(order);
        // The escrow returns; the post fee and the storage reserve stay.
        expectNear(
            await net(client, () => client.jobs.cancelJob({ job: job.address })),
            toNano('0.02') - job.escrow,
        );
        expect(await status(job.address)).toBe('refunded');
        const again = await captureError(() => client.jobs.cancelJob({ job: job.address }));
        expect(again).toMatchObject({ code: 'transaction_failed', exitName: 'ERR_STATE', exitCode: 400 });
        expect(again.remedy).toContain('getJob');
    });

    it('are destroyed after openBefore, and even their storage reserve returns', async () => {
        const now = await client.getTime();
        const job = await client.jobs.postJob({ ...order, openBefore: now + 100 });
        await client.jobs.cancelJob({ job: job.address });
        const stored = network.devnet.balance(job.address);
        expect(stored).toBeGreaterThan(0n);
        expect(await captureError(() => client.jobs.destroyJob({ job: job.address }))).toMatchObject({
            exitName: 'ERR_TOO_EARLY',
        });
        await network.advance(100);
        expectNear(await net(client, () => client.jobs.destroyJob({ job: job.address })), -stored);
        expect(await client.jobs.getJob({ job: job.address })).toBeNull();
        const gone = await captureError(() => client.jobs.discloseKey({ job: job.address }));
        expect(gone.code).toBe('job_not_found');
    });

    it('expire unclaimed; a stranger earns the tip', async () => {
        const job = await client.jobs.postJob({ ...order, claimWindow: 10 });
        await network.advance(11);
        const earned = -(await net(stranger, () => stranger.jobs.expireJob({ job: job.address })));
        expect(earned).toBeGreaterThan(0n);
        expect(earned).toBeLessThan(toNano('0.05'));
        expect(await status(job.address)).toBe('refunded');
        const ended = await captureError(() => client.jobs.finishJob({ job: job.address }));
        expect(ended).toMatchObject({ code: 'job_ended', details: { status: 'refunded' } });
    });

    it('expire undelivered; the collateral goes to the client', async () => {
        const job = await client.jobs.postJob({
            ...order,
            node: node.index,
            executionWindow: 10,
            collateral: toNano(3),
        });
        await claim(node, job);
        await network.advance(11);
        const gained = -(await net(client, () => client.jobs.expireJob({ job: job.address })));
        // What the end of a lock costs at most goes along to the Node and stays there.
        expectNear(gained, job.escrow - toNano('0.02') + toNano(3), toNano('0.06'));
        expect(await status(job.address)).toBe('expired');
        expect((await node.info()).counters).toMatchObject({ expired: 1, slashed: toNano(3) });
    });
});

describe('an open job', () => {
    it('comes back when its claimer declines, and its key goes to the next one', async () => {
        const job = await client.jobs.postJob(order);
        const { claim: first } = await claim(node, job);
        expect(await captureError(() => claim(other, job))).toMatchObject({ exitName: 'ERR_STATE' });
        await node.operator.jobs.declineClaim({ node: node.index, job: job.address, claim: first });
        expect(await status(job.address)).toBe('open');
        expect(await captureError(() => claim(node, job))).toMatchObject({ exitName: 'ERR_CLAIMED_BEFORE' });
        const { claim: second } = await claim(other, job);

        const controller = new AbortController();
        const served: number[] = [];
        await client.jobs.serveKeys({
            signal: controller.signal,
            onDisclosed: (_, number) => {
                served.push(number);
                controller.abort();
            },
        });
        expect(served).toEqual([second]);
        const opened = await other.operator.jobs.readInput({
            job: job.address,
            claim: second,
            secretKey: other.secretKey,
            specHash: job.specHash,
        });
        expect(opened).toHaveLength(1);
        const spied = await captureError(() =>
            node.operator.jobs.readInput({
                job: job.address,
                claim: second,
                secretKey: node.secretKey,
                specHash: job.specHash,
            }),
        );
        expect(spied.code).toBe('payload_decryption_failed');

        await other.operator.jobs.submitResult({
            job: job.address,
            claim: second,
            results: [result('Hello')],
        });
        await client.jobs.serveKeys({ jobs: [job.address] });
        await network.advance(HOUR + 1);
        await other.operator.jobs.finalizeJob({ job: job.address });
        const states = [];
        for await (const data of client.jobs.watchJob({ job: job.address })) states.push(data?.status);
        expect(states).toEqual(['paid']);
        // The result of a paid job is read all the same.
        const finished = await client.jobs.finishJob({ job: job.address });
        expect(finished.answers).toEqual([result('Hello')]);
    });

    it('announces itself again', async () => {
        const job = await client.jobs.postJob(order);
        const announcements = client.jobs.watchAnnouncements({ address: job.market!, start: 'now' });
        const next = announcements.next();
        await stranger.jobs.announceAgain({ job: job.address });
        const { value } = await next;
        expect(value).toMatchObject({ announcement: { specHash: job.specHash, claims: 0 } });
        await announcements.return();
    });
});

describe('errors before anything is sent', () => {
    it('name what the terms do not allow', async () => {
        const before = balance(client);
        const wrong = [
            [{ ...order, reviewWindow: 8 * 86_400 }, 'reviewWindow'],
            [{ ...order, collateral: toNano(101) }, 'collateral'],
            [{ ...order, startPrice: toNano(3) }, 'startPrice'],
            [{ ...order, items: [] }, 'items'],
        ] as const;
        for (const [parameters, field] of wrong) {
            const error = await captureError(() => client.jobs.postJob(parameters));
            expect(error).toMatchObject({ code: 'invalid_argument', details: { field } });
        }
        const large = { messages: [{ role: 'user' as const, content: 'x'.repeat(12_000) }] };
        const tooLarge = await captureError(() => client.jobs.postJob({ ...order, items: [large, large] }));
        expect(tooLarge.code).toBe('payload_too_large');
        expect(tooLarge.remedy).toContain('publish');
        expect(balance(client)).toBe(before);
    });

    it('say that only the poster has the secrets', async () => {
        const job = await client.jobs.postJob({ ...order, node: node.index });
        for (const act of [stranger.jobs.readResult, stranger.jobs.discloseKey]) {
            expect((await captureError(() => act({ job: job.address }))).code).toBe('job_secret_missing');
        }
        const early = await captureError(() => client.jobs.readResult({ job: job.address }));
        expect(early).toMatchObject({ code: 'job_message_not_found', details: { message: 'SubmitResult' } });
        await claim(node, job);
        const given = await captureError(() => client.jobs.discloseKey({ job: job.address }));
        expect(given.code).toBe('job_state');
    });

    it('honour the pause of the guardian', async () => {
        await network.governor.network.pauseNetwork({ duration: HOUR });
        expect(await client.network.isPaused()).toBe(true);
        expect(await captureError(() => client.jobs.postJob(order))).toMatchObject({
            code: 'network_paused',
        });
        await network.governor.network.unpauseNetwork();
        expect(await client.network.isPaused()).toBe(false);
    });
});

it('is finished after a crash by whoever has the job store, behind a wallet app', async () => {
    const prepared = await client.jobs.getPostJobTxParams(order);
    const key = prepared.address.toRawString();
    // The secrets were saved before anything is sent, as plain JSON.
    const saved = JSON.parse(JSON.stringify(await client.jobStore.get(key)));
    expect(saved).toEqual(prepared.record);
    await client.sender.sendMessages(prepared.messages);

    const jobStore = memoryJobStore();
    await jobStore.set(key, saved);
    const { address } = client.sender;
    const app: Sender = {
        address,
        send: async (message) => {
            await client.sender.sendMessages([message]);
        },
    };
    const { url, governor } = network;
    const reborn = createCocoon({
        endpoint: url,
        registry: governor.registry,
        sender: app,
        jobStore,
        intervalMs: 20,
    });
    for await (const data of reborn.jobs.watchJob({ job: prepared.address })) {
        if (data?.status === 'open') break;
    }
    const { identity, spec, specHash } = prepared;
    const announced = { job: prepared.address, identity, announcement: { spec, specHash } };
    const [{ answers }] = await Promise.all([
        reborn.jobs.finishJob({ job: prepared.address }),
        answerJob(node, announced as AnnouncedJob),
    ]);
    expect(answers.map(({ text }) => text)).toEqual(['Re: Hi']);

    // Each message is a trace of its own there.
    const direct = await reborn.jobs.postJob({ ...order, node: node.index });
    expect(direct).toMatchObject({ announced: true, traces: [{ failed: [] }] });
    expect((await reborn.jobs.cancelJob({ job: direct.address })).events).toMatchObject([
        { $$type: 'JobClosed', earned: 0n },
    ]);
});
