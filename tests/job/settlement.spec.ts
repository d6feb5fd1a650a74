import { type Cell, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { jobBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import {
    claimedJob,
    escrowOf,
    type PostedJob,
    type PostOptions,
    postJob,
    sendAccept,
    sendExpire,
    submittedJob,
} from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { AMPLE, expectAllDone, expectRefused, paidBetween, send, type Wallet } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const balanceOf = async ({ job }: PostedJob) => (await scene.blockchain.getContract(job.address)).balance;
const isGone = async ({ job }: PostedJob) =>
    (await scene.blockchain.getContract(job.address)).accountState?.type !== 'active';
const tell = (from: Wallet, { job }: PostedJob, body: Cell) => send(from, job.address, body);

interface Split {
    earned?: bigint;
    slash?: bigint;
    tip?: bigint;
    /** Who sent the message; the rest of its value is the sender's. */
    by: Wallet;
}

/** Runs the end of a job and expects each nanoTON where it belongs. */
async function expectSplit(
    posted: PostedJob,
    end: () => Promise<SendMessageResult>,
    split: Split,
): Promise<void> {
    const { earned = 0n, slash = 0n, tip = 0n, by } = split;
    const { node, payout } = operatorOf(scene);
    const { terms, treasury } = scene.protocol;
    const { postFee, feeBps } = terms.jobParams;
    const { stake } = await node.getNode();
    const held = await balanceOf(posted);
    const [result] = await expectConserved(scene.blockchain, async () => [await end()]);
    expectAllDone(result!);
    const from = posted.job.address;
    const fee = (earned * BigInt(feeBps)) / 10_000n;
    expect(paidBetween(result!, from, payout.address)).toBe(earned - fee);
    expect(paidBetween(result!, from, treasury.address)).toBe(postFee + fee);
    expect(paidBetween(result!, node.address, scene.client.address, opcodes.SlashCompensation)).toBe(slash);
    expect(await node.getNode()).toMatchObject({ stake: stake - slash, locked: 0n, lockCount: 0 });

    const escrow = escrowOf(posted.spec, terms);
    const isClient = by === scene.client;
    const refund = escrow - earned - postFee - tip + (isClient ? AMPLE : 0n);
    const gone = await isGone(posted);
    const storage = gone ? held - escrow : 0n;
    const toClient = paidBetween(result!, from, scene.client.address);
    const fees = toNano('0.06');
    expect(toClient).toBeLessThanOrEqual(refund + storage + (isClient ? 0n : fees));
    expect(toClient).toBeGreaterThan(refund + storage - fees);
    if (!isClient) {
        const toSender = paidBetween(result!, from, by.address);
        expect(toSender).toBeLessThanOrEqual(AMPLE + tip);
        expect(toSender).toBeGreaterThan(AMPLE + tip - fees);
    }
    const left = await balanceOf(posted);
    if (gone) expect(left).toBe(0n);
    else expect(held - escrow - left).toBeLessThan(10_000n); // storage of the meantime
    expect(left).toBeLessThanOrEqual(held - escrow);
    if (!gone) expect((await posted.job.getJob()).escrow).toBe(0n);
}

/** Soon after posting, so that the job destroys itself when it ends late. */
const SHORT: PostOptions = { openBefore: 1_800_000_000 + 10 };

describe.each([
    ['before openBefore, the job keeps its storage', {}],
    ['after openBefore, the job destroys itself', SHORT],
])('%s', (_, options) => {
    const late = options === SHORT;

    it('an accepted result pays node and treasury; the rest returns to the client', async () => {
        const posted = await submittedJob(scene, options);
        const { price: earned } = await posted.job.getJob();
        advance(scene.blockchain, 20);
        await expectSplit(posted, () => sendAccept(scene, posted), { earned, by: scene.client });
        expect((await operatorOf(scene).node.getDetails()).counters).toMatchObject({ paid: 1, earned });
        expect(await isGone(posted)).toBe(late);
    });

    it('a finalized result pays the same, and the keeper a tip', async () => {
        const posted = await submittedJob(scene, options);
        const { price: earned } = await posted.job.getJob();
        advance(scene.blockchain, posted.spec.reviewWindow);
        const finalize = () => tell(scene.keeper, posted, jobBodies.finalize());
        expectRefused(await finalize(), posted.job.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const tip = scene.protocol.terms.jobParams.keeperTip;
        await expectSplit(posted, finalize, { earned, tip, by: scene.keeper });
    });

    it('a claim without a result refunds the client and slashes the collateral', async () => {
        const posted = await claimedJob(scene, options);
        advance(scene.blockchain, posted.spec.executionWindow);
        const expire = () => sendExpire(posted, scene.keeper);
        expectRefused(await expire(), posted.job.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const tip = scene.protocol.terms.jobParams.keeperTip;
        await expectSplit(posted, expire, { slash: posted.spec.collateral, tip, by: scene.keeper });
        const { counters } = await operatorOf(scene).node.getDetails();
        expect(counters).toMatchObject({ expired: 1, slashed: posted.spec.collateral });
    });

    it('a job that nobody claimed refunds the client', async () => {
        const posted = await postJob(scene, options);
        advance(scene.blockchain, posted.spec.claimWindow);
        const expire = () => sendExpire(posted, scene.keeper);
        expectRefused(await expire(), posted.job.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const tip = scene.protocol.terms.jobParams.keeperTip;
        await expectSplit(posted, expire, { tip, by: scene.keeper });
    });

    it('a cancelled job refunds the client; the post fee stays', async () => {
        const posted = await postJob(scene, options);
        advance(scene.blockchain, 20);
        await expectSplit(posted, () => tell(scene.client, posted, jobBodies.cancel()), { by: scene.client });
    });

    it('a client that pokes itself gets no tip out of its own escrow', async () => {
        const posted = await postJob(scene, options);
        advance(scene.blockchain, posted.spec.claimWindow + 1);
        await expectSplit(posted, () => sendExpire(posted, scene.client), { by: scene.client });
    });
});

describe('the shares', () => {
    it.each([0, 1, 999, 1_000])('follow a fee of %i basis points', async (feeBps) => {
        scene = await createScene({ terms: { jobParams: { feeBps } } });
        const posted = await submittedJob(scene, { spec: { startPrice: 1_000_000_007n } });
        const { price: earned } = await posted.job.getJob();
        await expectSplit(posted, () => sendAccept(scene, posted), { earned, by: scene.client });
    });

    it.each([0, 3_333, 10_000])('follow a timeout slash of %i basis points', async (timeoutSlashBps) => {
        scene = await createScene({ terms: { jobParams: { timeoutSlashBps } } });
        const posted = await claimedJob(scene);
        advance(scene.blockchain, posted.spec.executionWindow + 1);
        const slash = (posted.spec.collateral * BigInt(timeoutSlashBps)) / 10_000n;
        await expectSplit(posted, () => sendExpire(posted, scene.client), { slash, by: scene.client });
    });
});

describe('acceptance', () => {
    it('names the claim and the result that the client saw', async () => {
        const posted = await submittedJob(scene);
        const { claims: claim, resultRoot } = await posted.job.getJob();
        const accept = (changes: object) =>
            tell(scene.client, posted, jobBodies.acceptResult({ claim, resultRoot, ...changes }));
        expectRefused(await accept({ claim: 2 }), posted.job.address, ERR.ERR_CLAIM_NUMBER);
        expectRefused(await accept({ resultRoot: 1n }), posted.job.address, ERR.ERR_RESULT_ROOT);
        expectAllDone(await accept({}));
    });
});

describe('a job that is over', () => {
    it('pays nobody twice', async () => {
        const posted = await submittedJob(scene);
        await sendAccept(scene, posted);
        const held = await balanceOf(posted);
        advance(scene.blockchain, posted.spec.reviewWindow + 1);
        expectRefused(await sendAccept(scene, posted), posted.job.address, ERR.ERR_STATE);
        for (const body of [jobBodies.finalize(), jobBodies.expire()]) {
            expectRefused(await tell(scene.keeper, posted, body), posted.job.address, ERR.ERR_STATE);
        }
        expect(await balanceOf(posted)).toBeLessThanOrEqual(held);
    });

    it.each(['client', 'keeper'] as const)(
        'returns its storage at its destruction by the %s',
        async (who) => {
            const posted = await submittedJob(scene);
            await sendAccept(scene, posted);
            const destroy = () => tell(scene[who], posted, jobBodies.destroy());
            expectRefused(await destroy(), posted.job.address, ERR.ERR_TOO_EARLY);
            advance(scene.blockchain, DAY);
            const held = await balanceOf(posted);
            const [result] = await expectConserved(scene.blockchain, async () => [await destroy()]);
            expectAllDone(result!);
            expect(await isGone(posted)).toBe(true);
            expect(await balanceOf(posted)).toBe(0n);
            const tip = who === 'client' ? 0n : scene.protocol.terms.jobParams.keeperTip;
            const toClient = paidBetween(result!, posted.job.address, scene.client.address);
            expect(toClient).toBeGreaterThan(held - tip + (who === 'client' ? AMPLE : 0n) - toNano('0.02'));
            const toKeeper = paidBetween(result!, posted.job.address, scene.keeper.address);
            if (who === 'keeper') expect(toKeeper).toBeGreaterThan(AMPLE + tip - toNano('0.02'));
            else expect(toKeeper).toBe(0n);
        },
    );
});
