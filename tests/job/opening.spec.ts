import { Address, beginCell, Cell, toNano } from '@ton/core';
import { encodeJobSpec, type JobSpec, jobBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import {
    draftJob,
    escrowOf,
    INPUT,
    jobSpec,
    type PostOptions,
    postBody,
    postJob,
    sendPost,
} from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY, DISPUTES, defaultTerms, type TermsOverrides } from '../helpers/terms';
import {
    AMPLE,
    exitCodeOn,
    expectAllDone,
    expectRefused,
    forge,
    messagesBetween,
    paidBetween,
} from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const YEAR = 365 * DAY;

/** Whose disputes bound nothing that other terms bound. */
const GENEROUS: TermsOverrides = {
    kinds: { ...defaultTerms().kinds, disputes: { ...DISPUTES, jurorBond: toNano('10000') } },
    stakeParams: { evidenceWindow: 7 * DAY, unbondingPeriod: 20 * DAY },
};

async function refuses(options: PostOptions, code: number): Promise<void> {
    const posted = draftJob(scene, options);
    const result = await sendPost(
        scene,
        posted,
        options.client,
        escrowOf(posted.spec, scene.protocol.terms) + AMPLE,
    );
    expectRefused(result, posted.job.address, code);
    expect((await posted.job.getJob()).status).toBe('unopened');
}

describe('opening a job', () => {
    it('holds the escrow and returns the extra value', async () => {
        const posted = draftJob(scene);
        const [result] = await expectConserved(scene.blockchain, async () => [
            await sendPost(scene, posted, scene.client, toNano('50')),
        ]);
        const data = await posted.job.getJob();
        const escrow = escrowOf(posted.spec, scene.protocol.terms);
        expect(data).toMatchObject({ status: 'open', claims: 0, escrow, specHash: posted.specHash });
        expect(data.claimBy).toBe(now(scene.blockchain) + posted.spec.claimWindow);
        const returned = paidBetween(result!, posted.job.address, scene.client.address, opcodes.Excesses);
        expect(returned).toBeGreaterThan(toNano('50') - escrow - toNano('0.5'));
        const { balance } = await scene.blockchain.getContract(posted.job.address);
        expect(balance).toBeGreaterThan(escrow);
    });

    it.each([
        ['the smallest value', 1n, 0n, true],
        ['one nanoTON less', 1n, -1n, false],
    ])('takes %s only when it covers escrow, storage and fees', async (_, __, difference, opens) => {
        const probe = draftJob(scene, { nonce: 1n });
        const result = await sendPost(scene, probe, scene.client, toNano('50'));
        const returned = paidBetween(result, probe.job.address, scene.client.address, opcodes.Excesses);
        const least = toNano('50') - returned;
        const posted = draftJob(scene, { nonce: 2n });
        const second = await sendPost(scene, posted, scene.client, least + difference);
        if (!opens) return expectRefused(second, posted.job.address, ERR.ERR_VALUE);
        expect(second.transactions).toHaveTransaction({ to: posted.job.address, success: true });
        expect((await posted.job.getJob()).status).toBe('open');
    });

    it('is for the client alone and only once', async () => {
        const posted = draftJob(scene);
        expectRefused(await sendPost(scene, posted, scene.stranger), posted.job.address, ERR.ERR_ACCESS);
        await sendPost(scene, posted);
        expectRefused(await sendPost(scene, posted), posted.job.address, ERR.ERR_ALREADY_OPEN);
        expect((await posted.job.getJob()).escrow).toBe(escrowOf(posted.spec, scene.protocol.terms));
    });

    it('must come before openBefore, which lies at most 30 days ahead', async () => {
        const time = now(scene.blockchain);
        await refuses({ openBefore: time }, ERR.ERR_OPEN_BEFORE);
        await refuses({ openBefore: time + 30 * DAY + 1 }, ERR.ERR_OPEN_BEFORE);
        await postJob(scene, { openBefore: time + 30 * DAY, nonce: 2n });
        await postJob(scene, { openBefore: time + 1, nonce: 3n });
    });

    it('checks the terms cell against the hash in its identity', async () => {
        const posted = draftJob(scene);
        const body = jobBodies.post({
            terms: beginCell().endCell(),
            spec: encodeJobSpec(posted.spec),
            input: INPUT,
        });
        const value = escrowOf(posted.spec, scene.protocol.terms) + AMPLE;
        const result = await posted.job.sendMessage(scene.client.getSender(), value, body);
        expectRefused(result, posted.job.address, ERR.ERR_TERMS_HASH);
    });

    it('refuses a client in the masterchain', async () => {
        const client = new Address(-1, Buffer.alloc(32, 7));
        const posted = draftJob(scene);
        const masterJob = draftJob(scene, { client: { address: client } as typeof scene.client });
        await scene.stranger.send({
            to: masterJob.job.address,
            init: masterJob.job.init,
            value: AMPLE,
            bounce: false,
        });
        const result = await forge(scene, client, masterJob.job.address, postBody(scene, posted), {
            value: toNano('50'),
        });
        expect(exitCodeOn(result, masterJob.job.address)).toBe(ERR.ERR_WORKCHAIN);
    });

    it.each<[string, Partial<JobSpec>, Partial<JobSpec>, keyof typeof ERR]>([
        ['items', { items: 1 }, { items: 0 }, 'ERR_SPEC'],
        ['most items', { items: 4_096 }, { items: 4_097 }, 'ERR_SPEC'],
        ['result key', { resultKey: 1n }, { resultKey: 0n }, 'ERR_KEY'],
        ['price', { startPrice: 6n, maxPrice: 6n }, { startPrice: 7n, maxPrice: 6n }, 'ERR_SPEC'],
        ['collateral', { collateral: toNano('1000') }, { collateral: toNano('1000') + 1n }, 'ERR_SPEC'],
        ['index of a direct job', { direct: 2 ** 32 - 1 }, { direct: 2 ** 32 }, 'ERR_SPEC'],
        ['least index of a direct job', { direct: -1 }, { direct: -2 }, 'ERR_SPEC'],
        ...(['claimWindow', 'keyWindow', 'executionWindow', 'reviewWindow'] as const).flatMap(
            (window): [string, Partial<JobSpec>, Partial<JobSpec>, 'ERR_SPEC'][] => [
                [`shortest ${window}`, { [window]: 60 }, { [window]: 59 }, 'ERR_SPEC'],
                [`longest ${window}`, { [window]: 7 * DAY }, { [window]: 7 * DAY + 1 }, 'ERR_SPEC'],
            ],
        ),
    ])('bounds the %s', async (_, at, beyond, code) => {
        scene = await createScene({ terms: GENEROUS });
        await refuses({ spec: beyond, nonce: 1n }, ERR[code]);
        await postJob(scene, { spec: at, nonce: 2n });
    });

    it('refuses an attested image while the terms name no Attestor', async () => {
        await refuses({ spec: { image: 1n } }, ERR.ERR_ATTESTATION);
    });
});

describe('a job that a stranger deployed first', () => {
    const predeploy = (posted: ReturnType<typeof draftJob>, value: bigint) =>
        scene.stranger.send({ to: posted.job.address, init: posted.job.init, value, bounce: false });

    it('opens all the same, and the client gets what the stranger left', async () => {
        const posted = draftJob(scene);
        await predeploy(posted, toNano('3'));
        expect((await posted.job.getJob()).status).toBe('unopened');
        const result = await sendPost(scene, posted);
        const escrow = escrowOf(posted.spec, scene.protocol.terms);
        expect(paidBetween(result, posted.job.address, scene.client.address)).toBeGreaterThan(toNano('3'));
        expect(await posted.job.getJob()).toMatchObject({ status: 'open', escrow });
    });

    it('opens when it owes for its storage: the debt comes out of the value, not out of the reserve', async () => {
        const openBefore = now(scene.blockchain) + YEAR + DAY;
        const posted = draftJob(scene, { openBefore });
        await predeploy(posted, toNano('0.006'));
        advance(scene.blockchain, YEAR);
        const fresh = draftJob(scene, { openBefore, nonce: 2n });
        const value = toNano('50');
        const open = ({ job, spec }: typeof posted, amount: bigint) =>
            scene.client.send({
                to: job.address,
                init: job.init,
                value: amount,
                body: postBody(scene, { ...posted, spec }),
            });
        const returned = async (other: typeof posted) =>
            paidBetween(await open(other, value), other.job.address, scene.client.address, opcodes.Excesses);
        const least = value - (await returned(fresh));
        const tooLittle = await open(posted, least);
        expectRefused(tooLittle, posted.job.address, ERR.ERR_VALUE);
        expect(value - (await returned(posted))).toBeGreaterThan(least);
        expect((await posted.job.getJob()).status).toBe('open');
        // Whatever it still owes is collected now: as much is left as in a job without debt.
        for (const { job } of [posted, fresh])
            await forge(scene, scene.stranger.address, job.address, Cell.EMPTY);
        const [balance, other] = await Promise.all(
            [posted, fresh].map(async ({ job }) => (await scene.blockchain.getContract(job.address)).balance),
        );
        expect(balance).toBeGreaterThanOrEqual(other! - toNano('0.0001'));
    });

    it('returns everything to the client when it was never opened', async () => {
        const posted = draftJob(scene);
        await predeploy(posted, toNano('3'));
        advance(scene.blockchain, DAY);
        const result = await posted.job.sendMessage(scene.keeper.getSender(), AMPLE, jobBodies.destroy());
        expectAllDone(result);
        const refund = paidBetween(result, posted.job.address, scene.client.address, opcodes.JobRefund);
        expect(refund).toBeGreaterThan(toNano('2.98'));
        const contract = await scene.blockchain.getContract(posted.job.address);
        expect(contract.accountState?.type ?? 'uninit').toBe('uninit');
        expect(contract.balance).toBe(0n);
    });
});

describe('the announcement', () => {
    it('of a direct job goes to its node, which keeps the value for storage', async () => {
        const posted = draftJob(scene, { spec: { direct: 0 } });
        const result = await sendPost(scene, posted);
        const { node } = operatorOf(scene);
        expect(messagesBetween(result, posted.job.address, node.address, opcodes.AnnounceJob)).toHaveLength(
            1,
        );
        expectAllDone(result);
    });

    it('may bounce: the job is open all the same', async () => {
        const posted = draftJob(scene, { spec: { direct: 5 } });
        const result = await sendPost(scene, posted);
        expect(result.transactions).toHaveTransaction({
            to: posted.job.address,
            inMessageBounced: true,
            success: true,
        });
        expect((await posted.job.getJob()).status).toBe('open');
        expect(jobSpec({ direct: 5 })).toEqual((await posted.job.getJob()).spec);
    });
});
