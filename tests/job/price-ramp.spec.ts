import { toNano } from '@ton/core';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimJob, postJob, sendClaim, sendDecline } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { expectRefused } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 2 });
});

describe('the price of a job', () => {
    it.each([
        [0, '2'],
        [1, '2.01'],
        [200, '4'],
        [399, '5.99'],
        [400, '6'],
        [3_000, '6'],
    ])('after %i seconds of 400 is %s TON, and a claim fixes it', async (elapsed, price) => {
        const posted = await postJob(scene);
        const start = now(scene.blockchain);
        expect(await posted.job.getPriceAt(start + elapsed)).toBe(toNano(price));
        advance(scene.blockchain, elapsed);
        await claimJob(posted, operatorOf(scene));
        advance(scene.blockchain, 100);
        expect((await posted.job.getJob()).price).toBe(toNano(price));
    });

    it('is the highest at once without a ramp', async () => {
        const posted = await postJob(scene, { spec: { rampSeconds: 0 } });
        await claimJob(posted, operatorOf(scene));
        expect((await posted.job.getJob()).price).toBe(toNano('6'));
    });

    it('stands still while the job is claimed', async () => {
        const posted = await postJob(scene);
        const { claimBy } = await posted.job.getJob();
        advance(scene.blockchain, 100);
        await claimJob(posted, operatorOf(scene));
        advance(scene.blockchain, 150);
        await sendDecline(posted, operatorOf(scene));
        expect((await posted.job.getJob()).claimBy).toBe(claimBy + 150);
        expect(await posted.job.getPriceAt(now(scene.blockchain))).toBe(toNano('3'));
        advance(scene.blockchain, 100);
        await claimJob(posted, operatorOf(scene, 1));
        expect((await posted.job.getJob()).price).toBe(toNano('4'));
    });

    it('must reach what the node asks for', async () => {
        const posted = await postJob(scene);
        advance(scene.blockchain, 100);
        const by = operatorOf(scene);
        const refused = await sendClaim(posted, by, { minPrice: toNano('3') + 1n });
        expectRefused(refused, posted.job.address, ERR.ERR_PRICE);
        expect((await by.node.getNode()).lockCount).toBe(0);
        await claimJob(posted, by, { minPrice: toNano('3') });
    });
});
