import '@ton/test-utils';
import { beginCell, toNano } from '@ton/core';
import { Job, jobBodies, nodeBodies } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { draftJob, postJob, sendExpire, sendPost } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { AMPLE, expectRefused, send } from '../helpers/trace';

const LARGEST = 2n ** 120n - 1n;

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

describe('amounts at the end of their range', () => {
    // With disputes such a price is refused before anyone asks for the money: no jury could stand for it.
    it.each([{ maxPrice: LARGEST }, { startPrice: LARGEST, maxPrice: LARGEST }])(
        'cannot open a job that nobody can pay: %o',
        async (spec) => {
            const post = async () => {
                const posted = draftJob(scene, { spec });
                const result = await sendPost(scene, posted, scene.client, toNano('1000'));
                return [result, posted.job.address] as const;
            };
            expectRefused(...(await post()), ERR.ERR_SPEC);
            const { kinds } = scene.protocol.terms;
            scene = await createScene({ terms: { kinds: { ...kinds, dispute: null, disputes: null } } });
            expectRefused(...(await post()), ERR.ERR_VALUE);
        },
    );

    it('cannot open a job with more collateral than terms allow', async () => {
        const posted = draftJob(scene, { spec: { collateral: LARGEST } });
        expectRefused(await sendPost(scene, posted), posted.job.address, ERR.ERR_SPEC);
    });

    it('open a job that no stake is large enough for, and its escrow returns', async () => {
        const posted = await postJob(scene, { spec: { minStake: LARGEST } });
        advance(scene.blockchain, posted.spec.claimWindow + 1);
        await sendExpire(posted, scene.keeper);
        expect((await posted.job.getJob()).status).toBe('refunded');
    });

    it('cannot add stake that did not come', async () => {
        const { node, owner } = operatorOf(scene);
        const result = await send(owner, node.address, nodeBodies.addStake({ amount: LARGEST }));
        expectRefused(result, node.address, ERR.ERR_VALUE);
    });

    it('cannot unbond stake that is not there', async () => {
        const { node, owner } = operatorOf(scene);
        const result = await send(owner, node.address, nodeBodies.unbond({ amount: LARGEST }));
        expectRefused(result, node.address, ERR.ERR_FREE_STAKE);
    });
});

describe('openBefore', () => {
    it('is the first second in which a job cannot open', async () => {
        const late = draftJob(scene, { openBefore: now(scene.blockchain) });
        expectRefused(await sendPost(scene, late), late.job.address, ERR.ERR_OPEN_BEFORE);
        const inTime = draftJob(scene, { openBefore: now(scene.blockchain) + 1 });
        await sendPost(scene, inTime);
        expect((await inTime.job.getJob()).status).toBe('open');
    });

    it('is the first second in which a job can be destroyed, and it cannot open again', async () => {
        const posted = await postJob(scene);
        await send(scene.client, posted.job.address, jobBodies.cancel());
        advance(scene.blockchain, posted.identity.openBefore - now(scene.blockchain) - 1);
        const early = await send(scene.keeper, posted.job.address, jobBodies.destroy());
        expectRefused(early, posted.job.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        await send(scene.keeper, posted.job.address, jobBodies.destroy());
        expect((await scene.blockchain.getContract(posted.job.address)).accountState).toBeUndefined();
        expectRefused(await sendPost(scene, posted), posted.job.address, ERR.ERR_OPEN_BEFORE);
        expect((await scene.blockchain.getContract(posted.job.address)).balance).toBe(0n);
    });
});

describe('a stranger that deploys a job before its client', () => {
    it('cannot open it, and does not keep the client from it', async () => {
        const posted = draftJob(scene);
        const { init } = Job.fromIdentity(posted.identity);
        const to = posted.job.address;
        const empty = beginCell().endCell();
        await scene.stranger.send({ to, value: toNano('0.05'), init, bounce: false, body: empty });
        await sendPost(scene, posted, scene.stranger);
        await sendPost(scene, posted);
        expect((await posted.job.getJob()).status).toBe('open');
    });

    it('gives its money to the client when the job never opens', async () => {
        const posted = draftJob(scene);
        const { init } = Job.fromIdentity(posted.identity);
        const to = posted.job.address;
        const body = jobBodies.destroy();
        advance(scene.blockchain, 2 * DAY);
        const result = await scene.stranger.send({ to, value: AMPLE, init, body });
        expect(result.transactions).toHaveTransaction({ from: to, to: scene.client.address, success: true });
        expect((await scene.blockchain.getContract(to)).balance).toBe(0n);
    });
});
