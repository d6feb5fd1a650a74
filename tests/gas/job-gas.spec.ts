import '@ton/test-utils';
import { toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { deployMarketBody, type JobSpec, jobBodies, Market } from 'cocoon-wrappers';
import { advance, gasOfTransaction } from '../helpers/blockchain';
import {
    claimJob,
    draftJob,
    type PostedJob,
    postJob,
    sendAccept,
    sendClaim,
    sendDecline,
    sendDisclose,
    sendPost,
    sendSubmit,
} from '../helpers/job';
import { MODEL_ID } from '../helpers/protocol';
import { createScene, operatorOf, registerOperator, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { send, transactionsOn } from '../helpers/trace';
import { FULL, fillNode } from './full-node';
import { expectConstant, gasOn, sizeOf } from './measured';
import { WIDEST_SPEC, WIDEST_TERMS } from './widest';

const DIRECT: Partial<JobSpec> = { ...WIDEST_SPEC, direct: 0 };

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ terms: WIDEST_TERMS, value: toNano('1000') });
});

async function deployMarket(posted: PostedJob): Promise<Market> {
    const { registry, termsHash, terms } = scene.protocol;
    const shard = Market.shardOf(posted.job.address, terms.marketShards);
    const market = Market.fromIdentity({ registry: registry.address, termsHash, modelId: MODEL_ID, shard });
    const { address, init } = market;
    await scene.client.send({ to: address, init, value: toNano('1'), body: deployMarketBody() });
    return market;
}

/** Claimed and given back three times, so that a claim compares the most and a settlement says the last word. */
async function claimedThrice(): Promise<PostedJob> {
    const posted = await postJob(scene, { spec: WIDEST_SPEC });
    for (let i = 0; i < 3; i++) {
        const node = scene.nodes[i + 1] ?? (await registerOperator(scene, toNano('1000')));
        scene.nodes[i + 1] = node;
        await claimJob(posted, node);
        await sendDecline(posted, node);
    }
    return posted;
}

function pokedAfter(seconds: number, posted: PostedJob, body = jobBodies.expire()) {
    advance(scene.blockchain, seconds);
    return send(scene.keeper, posted.job.address, body);
}

it('a posting costs the Job what its constant says', async () => {
    const image = { ...WIDEST_SPEC, image: 1n };
    const open = draftJob(scene, { spec: image });
    await deployMarket(open);
    const direct = draftJob(scene, { spec: { ...image, direct: 0 }, nonce: 2n });
    const gas = [];
    for (const posted of [open, direct]) gas.push(gasOn(await sendPost(scene, posted), posted.job.address));
    expectConstant('GAS_POST_JOB', Math.max(...gas));
});

it('an announcement costs Market or Node what its constant says', async () => {
    await fillNode(scene, { ...FULL, from: 1 });
    const open = draftJob(scene, { spec: WIDEST_SPEC });
    const market = await deployMarket(open);
    const atMarket = gasOn(await sendPost(scene, open), market.address);
    const direct = draftJob(scene, { spec: DIRECT, nonce: 2n });
    const atNode = gasOn(await sendPost(scene, direct), operatorOf(scene).node.address);
    expectConstant('GAS_ANNOUNCE', Math.max(atMarket, atNode));
});

it('a claim costs the Job what its constant says', async () => {
    const posted = await claimedThrice();
    expectConstant('GAS_CLAIMED', gasOn(await sendClaim(posted, operatorOf(scene)), posted.job.address));
});

it('disclosing, submitting and announcing again cost the Job what their constant says', async () => {
    const posted = await claimedThrice();
    await deployMarket(posted);
    const again = await pokedAfter(0, posted, jobBodies.announceAgain());
    await claimJob(posted, operatorOf(scene));
    const disclosed = await sendDisclose(scene, posted);
    const submitted = await sendSubmit(posted, operatorOf(scene).operator);
    const gas = [again, disclosed, submitted].map((result) => gasOn(result, posted.job.address));
    expectConstant('GAS_JOB_STEP', Math.max(...gas));
});

describe('the end of a claim or a job', () => {
    const endings: [string, () => Promise<{ posted: PostedJob; result: SendMessageResult }>][] = [
        ['accepted', () => ended(DIRECT, true, (posted) => sendAccept(scene, posted))],
        ['accepted late', () => ended(DIRECT, true, acceptedLate)],
        ['finalized', () => ended(DIRECT, true, (p) => pokedAfter(10_801, p, jobBodies.finalize()))],
        ['finalized late', () => ended(DIRECT, true, (p) => pokedAfter(DAY, p, jobBodies.finalize()))],
        ['not delivered', () => ended(DIRECT, false, (posted) => pokedAfter(DAY - 1, posted))],
        ['declined', () => ended(DIRECT, false, (p) => sendDecline(p, operatorOf(scene)))],
        ['declined, opens again', () => ended(WIDEST_SPEC, false, (p) => sendDecline(p, operatorOf(scene)))],
        ['no key, opens again', () => ended(WIDEST_SPEC, false, (posted) => pokedAfter(601, posted))],
        ['no key, opens again, declined', lateDecline],
        ['no key, the last claim', lastClaimWithoutKey],
        ['declined, the last claim', lastClaimDeclined],
    ];

    function acceptedLate(posted: PostedJob) {
        advance(scene.blockchain, DAY); // beyond openBefore: the Job goes with its last message
        return sendAccept(scene, posted);
    }

    async function ended(
        spec: Partial<JobSpec>,
        submitted: boolean,
        end: (posted: PostedJob) => Promise<SendMessageResult>,
    ) {
        const posted = await postJob(scene, { spec });
        await claimJob(posted, operatorOf(scene));
        if (submitted) await sendSubmit(posted, operatorOf(scene).operator);
        await fillNode(scene, { ...FULL, from: 1, around: posted.job.address });
        return { posted, result: await end(posted) };
    }

    async function lateDecline() {
        return ended(WIDEST_SPEC, false, (posted) => {
            advance(scene.blockchain, 601);
            return sendDecline(posted, operatorOf(scene));
        });
    }

    async function lastClaimWithoutKey() {
        const posted = await claimedThrice();
        await claimJob(posted, operatorOf(scene));
        await fillNode(scene, { ...FULL, from: 1, around: posted.job.address });
        return { posted, result: await pokedAfter(601, posted) };
    }

    async function lastClaimDeclined() {
        const posted = await claimedThrice();
        await claimJob(posted, operatorOf(scene));
        await fillNode(scene, { ...FULL, from: 1, around: posted.job.address });
        return { posted, result: await sendDecline(posted, operatorOf(scene)) };
    }

    it('costs the Job and the Node what their constants say', async () => {
        const atJob: number[] = [];
        const atNode: number[] = [];
        for (const [, run] of endings) {
            scene = await createScene({ terms: WIDEST_TERMS, value: toNano('1000') });
            const { posted, result } = await run();
            const { address } = operatorOf(scene).node;
            expect(result.transactions).toHaveTransaction({
                from: posted.job.address,
                to: address,
                success: true,
            });
            atJob.push(gasOn(result, posted.job.address));
            atNode.push(...transactionsOn(result, address).map((tx) => Number(gasOfTransaction(tx))));
        }
        expectConstant('GAS_SETTLE', Math.max(...atJob));
        expectConstant('GAS_SETTLE_LOCK', Math.max(...atNode));
    });
});

it('a destruction costs what its constant says', async () => {
    const posted = await postJob(scene, { spec: DIRECT });
    await claimJob(posted, operatorOf(scene));
    await sendSubmit(posted, operatorOf(scene).operator);
    await sendAccept(scene, posted);
    const gas = gasOn(await pokedAfter(DAY, posted, jobBodies.destroy()), posted.job.address);
    expectConstant('GAS_DESTROY', gas);
});

it('a Job at its largest takes up the storage that it reserves', async () => {
    const posted = await claimedThrice();
    await claimJob(posted, operatorOf(scene));
    await sendDisclose(scene, posted);
    await sendSubmit(posted, operatorOf(scene).operator);
    const { cells, bits } = await sizeOf(scene.blockchain, posted.job.address);
    expectConstant('JOB_STORAGE_CELLS', cells, 1);
    expectConstant('JOB_STORAGE_BITS', bits, 1_000);
});

it('a Market takes up the storage that it reserves', async () => {
    const { address } = await deployMarket(draftJob(scene));
    const { cells, bits } = await sizeOf(scene.blockchain, address);
    expectConstant('MARKET_STORAGE_CELLS', cells, 1);
    expectConstant('MARKET_STORAGE_BITS', bits, 500);
});
