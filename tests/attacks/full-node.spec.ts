import '@ton/test-utils';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { bidOn, claimJob, type PostedJob, postJob, sendClaim, sendExpire } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectRefused } from '../helpers/trace';

// A node with all its lock slots taken: what a Job attaches to the end of a lock must still suffice, or the stake would
// stay locked and the client without its compensation.

const LOCKS = 64;

it('claims no more, and every one of its locks can still be slashed', async () => {
    const scene: Scene = await createScene();
    const { node } = operatorOf(scene);
    const jobs: PostedJob[] = [];
    const spec = { direct: 0, collateral: 1_000_000_000n };
    for (let nonce = 0n; nonce < LOCKS; nonce++) {
        const posted = await postJob(scene, { nonce, spec });
        await claimJob(posted, operatorOf(scene));
        jobs.push(posted);
    }
    expect((await node.getNode()).lockCount).toBe(LOCKS);
    const onemore = await postJob(scene, { nonce: 999n, spec });
    expectRefused(
        await sendClaim(onemore, operatorOf(scene), bidOn(onemore)),
        node.address,
        ERR.ERR_LOCKS_FULL,
    );

    const before = await node.getNode();
    advance(scene.blockchain, DAY);
    for (const posted of jobs) {
        const balance = (await scene.blockchain.getContract(node.address)).balance;
        const { stake } = await node.getNode();
        const result = await sendExpire(posted, scene.keeper);
        expect(result.transactions).toHaveTransaction({
            from: posted.job.address,
            to: node.address,
            success: true,
        });
        // The Job's message pays for all of it: what the node has beside its stake does not shrink.
        const slack =
            (await scene.blockchain.getContract(node.address)).balance - (await node.getNode()).stake;
        expect(slack).toBeGreaterThanOrEqual(balance - stake - 100_000n * 64n);
    }
    const after = await node.getNode();
    expect(after.lockCount).toBe(0);
    expect(after.locked).toBe(0n);
    expect(before.stake - after.stake).toBe(BigInt(LOCKS) * spec.collateral);
});
