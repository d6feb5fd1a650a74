import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import { cellOf, encodeNodeHot } from 'cocoon-wrappers';
import * as jobBinding from '../../build/Job/Job_Job';
import * as nodeBinding from '../../build/Node/Node_Node';
import { ERR } from '../helpers/errors';
import { claimedJob, type PostedJob, postJob } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { exitCodeOn, forge } from '../helpers/trace';
import { flat } from './flat';

// Contracts know each other by their addresses alone.

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 2 });
});

/** The same account id on the masterchain: not the same contract. */
function twin({ hash }: Address): Address {
    return new Address(-1, hash);
}

function settleLock(claimSeq: bigint, slash: bigint) {
    const client = scene.stranger.address;
    const fields = { queryId: 0n, claimSeq, outcome: 2n, earned: toNano('1000000'), slash, client };
    return cellOf(nodeBinding.storeSettleLock({ $$type: 'SettleLock', ...fields }));
}

function claimFor({ specHash, spec }: PostedJob, index: number) {
    const { operator, payout, encryptionKey } = operatorOf(scene, index);
    const bid = cellOf(
        nodeBinding.storeBid({ $$type: 'Bid', specHash, collateral: spec.collateral, minPrice: 0n }),
    );
    const hot = encodeNodeHot({ operator: operator.address, payout: payout.address, encryptionKey });
    return cellOf(
        jobBinding.storeClaimFor({
            $$type: 'ClaimFor',
            queryId: 0n,
            claimSeq: 0n,
            index: BigInt(index),
            nodeVersion: 99n,
            stake: toNano('1000000'),
            bid,
            hot,
            attestation: null,
        }),
    );
}

describe('nobody but the job', () => {
    it.each([
        ['a stranger', () => scene.stranger.address],
        ['the other node', () => operatorOf(scene, 1).node.address],
        ['the operator', () => operatorOf(scene).operator.address],
    ])('can slash a lock: not %s', async (_, from) => {
        const posted = await claimedJob(scene);
        const { node } = operatorOf(scene);
        const before = await node.getNode();
        const result = await forge(scene, from(), node.address, settleLock(0n, posted.spec.collateral));
        expect(exitCodeOn(result, node.address)).toBe(ERR.ERR_LOCK_UNKNOWN);
        expect(flat(await node.getNode())).toEqual(flat(before));
    });

    it('can slash a lock: not its account id on the masterchain', async () => {
        const posted = await claimedJob(scene);
        const { node } = operatorOf(scene);
        const body = settleLock(0n, posted.spec.collateral);
        const result = await forge(scene, twin(posted.job.address), node.address, body);
        expect(result.transactions).toHaveTransaction({ to: node.address, success: false });
        expect((await node.getNode()).locked).toBe(posted.spec.collateral);
    });

    it('can slash a lock: not itself under the number of another claim', async () => {
        const posted = await claimedJob(scene);
        const { node } = operatorOf(scene);
        const result = await forge(scene, posted.job.address, node.address, settleLock(7n, 1n));
        expect(exitCodeOn(result, node.address)).toBe(ERR.ERR_LOCK_UNKNOWN);
    });

    it('takes more than was locked, even if the job says so', async () => {
        const posted = await claimedJob(scene);
        const { node } = operatorOf(scene);
        const before = await node.getNode();
        await forge(scene, posted.job.address, node.address, settleLock(0n, toNano('400')));
        const { stake, locked } = await node.getNode();
        expect(before.stake - stake).toBe(posted.spec.collateral);
        expect(locked).toBe(0n);
    });
});

describe('nobody but the node', () => {
    it.each([
        ['a stranger', () => scene.stranger.address],
        ['its owner', () => operatorOf(scene).owner.address],
        ['another node', () => operatorOf(scene, 1).node.address],
        ['its account id on the masterchain', () => twin(operatorOf(scene).node.address)],
    ])('can claim for it: not %s', async (_, from) => {
        const posted = await postJob(scene);
        const result = await forge(scene, from(), posted.job.address, claimFor(posted, 0));
        expect(exitCodeOn(result, posted.job.address)).toBe(ERR.ERR_ACCESS);
        expect((await posted.job.getJob()).status).toBe('open');
    });

    it.each([
        ['a stranger', () => scene.stranger.address],
        ['the client', () => scene.client.address],
        ['another node', () => operatorOf(scene, 1).node.address],
    ])('can decline for it: not %s', async (_, from) => {
        const posted = await claimedJob(scene);
        const body = cellOf(jobBinding.storeDeclineClaim({ $$type: 'DeclineClaim', queryId: 0n, claim: 1n }));
        const result = await forge(scene, from(), posted.job.address, body);
        expect(exitCodeOn(result, posted.job.address)).toBe(ERR.ERR_ACCESS);
        expect((await posted.job.getJob()).status).toBe('claimed');
    });
});
