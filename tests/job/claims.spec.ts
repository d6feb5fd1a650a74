import { Address, toNano } from '@ton/core';
import { cellOf, encodeNodeHot, jobBodies, nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import * as binding from '../../build/Job/Job_Job';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import {
    bidOn,
    claimedJob,
    claimJob,
    draftJob,
    type PostedJob,
    postJob,
    sendClaim,
    sendDecline,
} from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, registerOperator, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { AMPLE, exitCodeOn, expectRefused, forge, paidBetween, plain, send } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

/** The Job refuses, the bounce undoes the lock, the value returns to the operator. */
async function refusesClaim(posted: PostedJob, code: number | undefined, bid = {}, n = 0): Promise<void> {
    const by = operatorOf(scene, n);
    const before = await by.node.getNode();
    const [result] = await expectConserved(scene.blockchain, async () => [await sendClaim(posted, by, bid)]);
    expect(exitCodeOn(result!, posted.job.address)).toBe(code);
    const after = await by.node.getNode();
    expect(plain(after)).toEqual(plain({ ...before, claimSeq: before.claimSeq + 1n }));
    const returned = paidBetween(result!, by.node.address, by.operator.address, opcodes.Excesses);
    expect(returned).toBeGreaterThan(AMPLE - toNano('0.05'));
}

describe('a claim', () => {
    it('locks the collateral and records the claimer', async () => {
        const posted = await postJob(scene);
        const by = operatorOf(scene);
        const [result] = await expectConserved(scene.blockchain, async () => [await sendClaim(posted, by)]);
        const { claimer, ...data } = await posted.job.getJob();
        expect(data).toMatchObject({ status: 'claimed', claims: 1, nodeIndex: 0 });
        const { operator, payout, encryptionKey } = by;
        expect(plain(claimer)).toEqual(
            plain({ operator: operator.address, payout: payout.address, encryptionKey }),
        );
        const { terms } = scene.protocol;
        const lock = await by.node.getLock(posted.job.address);
        const span =
            3 * terms.jobParams.maxWindow + terms.stakeParams.longestDispute + terms.stakeParams.lockGrace;
        expect(lock).toEqual({
            amount: posted.spec.collateral,
            claimSeq: 0n,
            hardEnd: scene.blockchain.now! + span,
        });
        const returned = paidBetween(result!, posted.job.address, by.operator.address, opcodes.Excesses);
        expect(returned).toBeGreaterThan(AMPLE - toNano('0.05'));
    });

    it('is refused when its bid is for another spec or collateral', async () => {
        const posted = await postJob(scene);
        await refusesClaim(posted, ERR.ERR_SPEC_HASH, { specHash: posted.specHash + 1n });
        await refusesClaim(posted, ERR.ERR_COLLATERAL, { collateral: posted.spec.collateral - 1n });
        await refusesClaim(posted, ERR.ERR_COLLATERAL, { collateral: posted.spec.collateral + 1n });
    });

    it('is refused by the same address with a reposted, worse spec', async () => {
        const first = draftJob(scene, { spec: { maxPrice: toNano('6') } });
        await postJob(scene, { spec: { maxPrice: toNano('5') } });
        await refusesClaim(first, ERR.ERR_SPEC_HASH);
    });

    it('is refused by a direct job of another node', async () => {
        scene.nodes.push(await registerOperator(scene));
        const posted = await postJob(scene, { spec: { direct: 1 } });
        await refusesClaim(posted, ERR.ERR_WRONG_NODE);
        await claimJob(posted, operatorOf(scene, 1));
        expect(await posted.job.getJob()).toMatchObject({ status: 'claimed', keyGiven: true });
    });

    it('is refused to a node that claimed the job before', async () => {
        const posted = await claimedJob(scene);
        await sendDecline(posted, operatorOf(scene));
        await refusesClaim(posted, ERR.ERR_CLAIMED_BEFORE);
    });

    it('needs the stake that the client demands', async () => {
        const { stake } = await operatorOf(scene).node.getNode();
        await refusesClaim(await postJob(scene, { spec: { minStake: stake + 1n } }), ERR.ERR_STAKE);
        await claimJob(await postJob(scene, { spec: { minStake: stake }, nonce: 2n }), operatorOf(scene));
    });

    it('goes to the first of two nodes; the other gets its lock back', async () => {
        scene.nodes.push(await registerOperator(scene));
        const posted = await postJob(scene);
        await claimJob(posted, operatorOf(scene));
        await refusesClaim(posted, ERR.ERR_STATE, {}, 1);
    });

    it('is undone when the job was never posted, is not open or is over', async () => {
        await refusesClaim(draftJob(scene, { nonce: 2n }), undefined);
        const unopened = draftJob(scene, { nonce: 3n });
        await scene.stranger.send({
            to: unopened.job.address,
            init: unopened.job.init,
            value: AMPLE,
            bounce: false,
        });
        await refusesClaim(unopened, ERR.ERR_NOT_OPEN);
        const posted = await postJob(scene);
        await send(scene.client, posted.job.address, jobBodies.cancel());
        await refusesClaim(posted, ERR.ERR_STATE);
        advance(scene.blockchain, DAY);
        await send(scene.keeper, posted.job.address, jobBodies.destroy());
        await refusesClaim(posted, undefined);
    });

    it('is still taken after claimBy while nobody expired the job', async () => {
        const posted = await postJob(scene);
        advance(scene.blockchain, posted.spec.claimWindow + 1);
        await claimJob(posted, operatorOf(scene));
    });
});

describe('a forged claim', () => {
    const claimFor = (
        posted: PostedJob,
        index: number,
        nodeVersion = 1,
        attestation: null | Address = null,
    ) =>
        cellOf(
            binding.storeClaimFor({
                $$type: 'ClaimFor',
                queryId: 0n,
                claimSeq: 0n,
                index: BigInt(index),
                nodeVersion: BigInt(nodeVersion),
                stake: toNano('1000000'),
                bid: cellOf(binding.storeBid({ $$type: 'Bid', ...bidOn(posted) })),
                hot: encodeNodeHot({
                    operator: scene.stranger.address,
                    payout: scene.stranger.address,
                    encryptionKey: 1n,
                }),
                attestation:
                    attestation &&
                    cellOf(
                        binding.storeAttestationRecord({
                            $$type: 'AttestationRecord',
                            attestor: attestation,
                            image: 5n,
                            validUntil: 2n ** 32n - 1n,
                        }),
                    ),
            }),
        );

    it('is refused from anything but the node of that index', async () => {
        const posted = await postJob(scene);
        const { node } = operatorOf(scene);
        const { job } = posted;
        const from = (address: Address, index: number) =>
            forge(scene, address, job.address, claimFor(posted, index));
        expect(exitCodeOn(await from(scene.stranger.address, 0), job.address)).toBe(ERR.ERR_ACCESS);
        expect(exitCodeOn(await from(node.address, 1), job.address)).toBe(ERR.ERR_ACCESS);
        const twin = new Address(-1, node.address.hash);
        expect(exitCodeOn(await from(twin, 0), job.address)).toBe(ERR.ERR_ACCESS);
        expect((await job.getJob()).status).toBe('open');
    });

    it('from a node older than the terms demand is refused', async () => {
        const posted = await postJob(scene);
        const { node } = operatorOf(scene);
        const result = await forge(scene, node.address, posted.job.address, claimFor(posted, 0, 0));
        expect(exitCodeOn(result, posted.job.address)).toBe(ERR.ERR_NODE_VERSION);
    });

    it('cannot be made up for a job that wants an attestation', async () => {
        const attestor = new Address(0, Buffer.alloc(32, 0xa7));
        scene = await createScene({
            terms: { kinds: { vault: null, releaseDelay: 0, dispute: null, attestor, disputes: null } },
        });
        const posted = await postJob(scene, { spec: { image: 5n } });
        await refusesClaim(posted, ERR.ERR_ATTESTATION);
        const { node } = operatorOf(scene);
        const claimWith = (from: Address | null) =>
            forge(scene, node.address, posted.job.address, claimFor(posted, 0, 1, from));
        const other = exitCodeOn(await claimWith(scene.stranger.address), posted.job.address);
        expect(other).toBe(ERR.ERR_ATTESTATION);
        expect(exitCodeOn(await claimWith(attestor), posted.job.address)).toBe(0);
    });
});

describe('the Node', () => {
    it('takes claims from its operator alone', async () => {
        const posted = await postJob(scene);
        const by = operatorOf(scene);
        const body = nodeBodies.claim({ job: posted.identity, bid: bidOn(posted) });
        expectRefused(await send(by.owner, by.node.address, body), by.node.address, ERR.ERR_ACCESS);
        expectRefused(await send(scene.stranger, by.node.address, body), by.node.address, ERR.ERR_ACCESS);
    });

    it('refuses terms that it does not hold', async () => {
        const posted = await postJob(scene);
        const by = operatorOf(scene);
        const job = { ...posted.identity, termsHash: 1n };
        const body = nodeBodies.claim({ job, bid: bidOn(posted) });
        expectRefused(
            await send(by.operator, by.node.address, body),
            by.node.address,
            ERR.ERR_TERMS_NOT_ADOPTED,
        );
    });
});
