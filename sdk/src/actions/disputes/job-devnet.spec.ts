import type { Address } from '@ton/core';
import { toNano } from '@ton/core';
import { captureError } from '../../../tests/helpers/capture';
import { DISPUTE_PARAMS, reveal, seatAll, startJurors } from '../../../tests/helpers/dispute';
import {
    MODEL,
    startNetwork,
    startNode,
    type TestNetwork,
    type TestNode,
} from '../../../tests/helpers/network';
import {
    buildItemAnswer,
    type ChatResult,
    type Cocoon,
    createSubmitResultBody,
    memoryVoteStore,
    voteOf,
} from '../..';

const yes = { acknowledgePublic: true };
const COUNT = 3;
const INDEX = 1;
const items = Array.from({ length: COUNT }, (_, i) => ({
    messages: [{ role: 'user' as const, content: `question ${i}` }],
}));
const results: ChatResult[] = items.map((_, i) => ({
    text: `answer ${i}`,
    tokenIds: [i],
    logprobs: [-0.5],
    finishReason: 'stop',
    seed: null,
    usage: { promptTokens: 3, completionTokens: 1 },
}));

let network: TestNetwork;
let accused: TestNode;
let jurors: TestNode[];
let client: Cocoon;

beforeAll(async () => {
    network = await startNetwork(undefined, { disputeParams: DISPUTE_PARAMS });
    accused = await startNode(network, 2);
    client = await network.connect(3);
    jurors = await startJurors(network, 10);
    await network.advance(2 * DISPUTE_PARAMS.jurorAge);
});
afterAll(() => network.devnet.close());

/** A job of three requests that the accused node answered; its answer as it keeps it. */
async function submitted(answers = results, publish?: (batch: Uint8Array) => Promise<string>) {
    const posted = await client.jobs.postJob({
        modelId: MODEL,
        node: accused.index,
        items,
        maxPrice: toNano(2),
    });
    const { address: job, identity, spec, specHash } = posted;
    const bid = { specHash, collateral: spec.collateral, minPrice: 0n };
    const { claim } = await accused.operator.jobs.claimJob({ node: accused.index, identity, bid });
    const made = await createSubmitResultBody({
        networkId: network.config.networkId,
        job,
        claim,
        results: answers,
        resultKey: spec.resultKey,
        publish,
    });
    await accused.operator.jobs.submitResult({ job, body: made.body });
    return { job, made, spec };
}

async function judge(dispute: Address, vote: 'client' | 'node') {
    const stores = jurors.map(() => memoryVoteStore());
    await seatAll(network, jurors, dispute, (i) => ({ vote, votes: stores[i]! }));
    await reveal(jurors, dispute, stores);
    await jurors[0]!.operator.disputes.resolve({ dispute });
}

it('one item of a job: the client discloses its request, the node its answer, jurors read both', async () => {
    const { job, made, spec } = await submitted();
    const unasked = await captureError(() =>
        client.disputes.openForJob({ job, index: INDEX, acknowledgePublic: false }),
    );
    expect(unasked.code).toBe('disclosure_not_acknowledged');
    const opened = await client.disputes.openForJob({ job, index: INDEX, ...yes });
    const { dispute, case: built } = opened;
    expect(opened.outcome).toBe('confirmed');
    expect((await client.jobs.getJob({ job }))?.status).toBe('disputed');
    expect(await client.disputes.get({ dispute })).toMatchObject({
        phase: 'disclosing',
        case: { index: accused.index, amount: spec.collateral, modelId: MODEL },
    });
    for await (const found of accused.operator.disputes.watchAccusations({
        address: (await accused.info()).address,
    })) {
        expect(found.dispute.equals(dispute)).toBe(true);
        break;
    }
    await client.disputes.discloseItem({ dispute, case: built, ...yes });
    const before = await jurors[0]!.operator.disputes.readDisclosure({ dispute });
    expect(before.disclosure).toEqual({ kind: 'fault', party: 'accused', reason: 'result_not_shown' });
    const answer = buildItemAnswer({
        networkId: network.config.networkId,
        job,
        contentKey: made.contentKey,
        batch: made.batch,
        count: COUNT,
        resultRoot: made.resultRoot,
        index: (await client.disputes.get({ dispute }))!.shown,
    });
    expect(answer.disclosure.parts.map(({ text }) => text.includes('answer 1'))).toEqual([true]);
    await accused.operator.disputes.answerItem({ dispute, answer, ...yes });
    const { disclosure } = await jurors[0]!.operator.disputes.readDisclosure({ dispute });
    expect(disclosure).toEqual({
        kind: 'job',
        index: INDEX,
        modelId: MODEL,
        request: items[INDEX],
        result: results[INDEX],
    });
    expect(voteOf(disclosure)).toBeUndefined();
    const balance = network.devnet.balance(client.sender.address);
    const { stake } = await accused.info();
    await judge(dispute, 'client');
    expect((await client.jobs.getJob({ job }))?.status).toBe('refunded');
    expect(stake - (await accused.info()).stake).toBe(spec.collateral);
    // Bond and escrow are back.
    expect(network.devnet.balance(client.sender.address) - balance).toBeGreaterThan(toNano(3));
    expect((await network.devnet.supply()).conserved).toBe(true);
});

it('a node that is accused falsely is paid; what it posts is read where its URI is gone', async () => {
    const long = results.map((result) => ({ ...result, text: result.text.repeat(700) }));
    const { job, made } = await submitted(long, async () => 'https://files.example/batch');
    const { dispute, case: built } = await client.disputes.openForJob({ job, index: 0, ...yes });
    await client.disputes.discloseItem({ dispute, case: built, ...yes });
    const { contentKey, batch, resultRoot } = made;
    const place = { networkId: network.config.networkId, job, count: COUNT, index: 0 };
    const answer = buildItemAnswer({ ...place, contentKey, batch, resultRoot });
    const { operator } = jurors[2]!;
    const reading = (fetch: typeof globalThis.fetch, signal?: AbortSignal) =>
        operator.disputes.readDisclosure({ dispute, fetchOptions: { fetch, signal } });
    const gone = async () => {
        throw new TypeError('no route');
    };
    const unanswered = await reading(gone);
    expect([unanswered.disclosure, unanswered.unreachable]).toEqual([
        { kind: 'fault', party: 'accused', reason: 'result_not_shown' },
        ['result'],
    ]);
    const stopped = await captureError(() => reading(gone, AbortSignal.abort()));
    expect(stopped.code).toBe('operation_aborted');
    await accused.operator.disputes.answerItem({ dispute, answer, withCiphertext: true, ...yes });
    const read = await reading(gone);
    expect(read).toMatchObject({ disclosure: { kind: 'job', result: long[0] }, unreachable: ['result'] });
    const served = await reading(async () => new Response(batch as Uint8Array<ArrayBuffer>));
    expect(served).toMatchObject({ disclosure: read.disclosure, unreachable: [] });
    const other = await reading(async () => new Response(new Uint8Array(batch.length)));
    expect(other).toMatchObject({ disclosure: read.disclosure, unreachable: [] });
    await judge(dispute, 'node');
    expect(await client.disputes.get({ dispute })).toMatchObject({ outcome: 'node' });
    expect((await client.jobs.getJob({ job }))?.status).toBe('paid');
});

it('a job without a result in review cannot be disputed, nor an item that it does not have', async () => {
    const { job } = await submitted();
    const missing = await captureError(() => client.disputes.openForJob({ job, index: COUNT, ...yes }));
    expect(missing).toMatchObject({ code: 'evidence_insufficient', details: { check: 'item_index' } });
    const { claim, resultRoot } = await client.jobs.readResult({ job });
    await client.jobs.acceptResult({ job, claim, resultRoot });
    const paid = await captureError(() => client.disputes.openForJob({ job, index: 0, ...yes }));
    expect(paid.code).toBe('job_state');
});
