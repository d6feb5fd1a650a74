import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import {
    claimedJob,
    claimJob,
    escrowOf,
    postJob,
    sendDecline,
    sendDisclose,
    sendExpire,
    sendSubmit,
} from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { AMPLE, expectAllDone, expectRefused, messagesBetween, paidBetween } from '../helpers/trace';

let scene: Scene;

const without = { withoutKey: true };

describe('the content key', () => {
    beforeEach(async () => {
        scene = await createScene();
    });

    it('starts the execution when it is disclosed', async () => {
        const posted = await claimedJob(scene, without);
        expect((await posted.job.getJob()).deadline).toBe(now(scene.blockchain) + posted.spec.keyWindow);
        advance(scene.blockchain, 100);
        expectAllDone(await sendDisclose(scene, posted));
        const { keyGiven, deadline } = await posted.job.getJob();
        expect({ keyGiven, deadline }).toEqual({
            keyGiven: true,
            deadline: now(scene.blockchain) + posted.spec.executionWindow,
        });
    });

    it('is for the present claim and for the encryption key of its claimer', async () => {
        const posted = await claimedJob(scene, without);
        const { address } = posted.job;
        expectRefused(await sendDisclose(scene, posted, { claim: 2 }), address, ERR.ERR_CLAIM_NUMBER);
        expectRefused(await sendDisclose(scene, posted, { claim: 0 }), address, ERR.ERR_CLAIM_NUMBER);
        const otherKey = await sendDisclose(scene, posted, { encryptionKey: 1n });
        expectRefused(otherKey, address, ERR.ERR_ENCRYPTION_KEY);
        expectRefused(await sendDisclose(scene, posted, { from: scene.stranger }), address, ERR.ERR_ACCESS);
        await sendDisclose(scene, posted);
        expectRefused(await sendDisclose(scene, posted), address, ERR.ERR_STATE);
    });

    it('may come late while nobody has ended the claim', async () => {
        const posted = await claimedJob(scene, without);
        advance(scene.blockchain, posted.spec.keyWindow + 1_000);
        expectAllDone(await sendDisclose(scene, posted));
        const { deadline } = await posted.job.getJob();
        expect(deadline).toBe(now(scene.blockchain) + posted.spec.executionWindow);
        expectRefused(await sendExpire(posted, scene.keeper), posted.job.address, ERR.ERR_TOO_EARLY);
    });

    it('must be there before a result', async () => {
        const posted = await claimedJob(scene, without);
        const result = await sendSubmit(posted, operatorOf(scene).operator);
        expectRefused(result, posted.job.address, ERR.ERR_STATE);
    });

    it('comes with a direct job: the claim starts the execution', async () => {
        const posted = await claimedJob(scene, { spec: { direct: 0 }, ...without });
        const { keyGiven, deadline } = await posted.job.getJob();
        expect({ keyGiven, deadline }).toEqual({
            keyGiven: true,
            deadline: now(scene.blockchain) + posted.spec.executionWindow,
        });
        expectRefused(await sendDisclose(scene, posted), posted.job.address, ERR.ERR_STATE);
    });
});

describe('a key that does not come in time', () => {
    beforeEach(async () => {
        scene = await createScene({ nodes: 4 });
    });

    const endings = {
        'the node declines': {
            tip: false,
            end: (posted: Awaited<ReturnType<typeof postJob>>) => sendDecline(posted, operatorOf(scene)),
        },
        'a keeper expires the claim': {
            tip: true,
            end: (posted: Awaited<ReturnType<typeof postJob>>) => sendExpire(posted, scene.keeper),
        },
        'the client expires the claim': {
            tip: false,
            end: (posted: Awaited<ReturnType<typeof postJob>>) => sendExpire(posted, scene.client),
        },
    };

    it.each(Object.keys(endings) as (keyof typeof endings)[])(
        'costs the client its fee and the node nothing when %s',
        async (name) => {
            const { tip, end } = endings[name];
            const posted = await claimedJob(scene, without);
            const { claimBy } = await posted.job.getJob();
            const by = operatorOf(scene);
            const { stake } = await by.node.getNode();
            const { keeperTip, noKeyFee } = scene.protocol.terms.jobParams;
            advance(scene.blockchain, posted.spec.keyWindow);
            if (tip) expectRefused(await end(posted), posted.job.address, ERR.ERR_TOO_EARLY);
            advance(scene.blockchain, 1);
            const [result] = await expectConserved(scene.blockchain, async () => [await end(posted)]);
            expectAllDone(result!);
            expect(paidBetween(result!, posted.job.address, by.payout.address, opcodes.JobPayout)).toBe(
                noKeyFee,
            );
            const keeperGot = paidBetween(result!, posted.job.address, scene.keeper.address);
            if (tip) {
                expect(keeperGot).toBeGreaterThan(AMPLE);
                expect(keeperGot).toBeLessThan(AMPLE + keeperTip);
            } else {
                expect(keeperGot).toBe(0n);
            }
            expect(await by.node.getNode()).toMatchObject({ stake, locked: 0n, lockCount: 0 });
            const counters = { paid: 0, expired: 0, declined: 0, earned: 0n, slashed: 0n };
            expect((await by.node.getDetails()).counters).toEqual(counters);
            expect(await posted.job.getJob()).toMatchObject({
                status: 'open',
                claims: 1,
                keyGiven: false,
                claimBy: claimBy + posted.spec.keyWindow + 1,
                escrow: escrowOf(posted.spec, scene.protocol.terms) - noKeyFee - (tip ? keeperTip : 0n),
            });
        },
    );

    it('ends the job at the fourth claim: refunded, each node has its fee, each keeper its tip', async () => {
        const posted = await postJob(scene);
        const { keeperTip, noKeyFee, postFee } = scene.protocol.terms.jobParams;
        for (const [i, by] of scene.nodes.entries()) {
            await claimJob(posted, by);
            advance(scene.blockchain, posted.spec.keyWindow + 1);
            const [result] = await expectConserved(scene.blockchain, async () => [
                await sendExpire(posted, scene.keeper),
            ]);
            expectAllDone(result!);
            expect(paidBetween(result!, posted.job.address, by.payout.address)).toBe(noKeyFee);
            const { status, claims } = await posted.job.getJob();
            expect({ status, claims }).toEqual({ status: i < 3 ? 'open' : 'refunded', claims: i + 1 });
            const refunds = messagesBetween(
                result!,
                posted.job.address,
                scene.client.address,
                opcodes.JobRefund,
            );
            expect(refunds).toHaveLength(i < 3 ? 0 : 1);
            if (i < 3) continue;
            expect(paidBetween(result!, posted.job.address, scene.protocol.treasury.address)).toBe(postFee);
            const left = escrowOf(posted.spec, scene.protocol.terms) - postFee - 4n * (noKeyFee + keeperTip);
            expect(paidBetween(result!, posted.job.address, scene.client.address)).toBeGreaterThan(
                left - AMPLE / 20n,
            );
        }
    });
});
