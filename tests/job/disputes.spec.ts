import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import { createEmptyShardAccount } from '@ton/sandbox';
import { jobBodies, nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { VERDICT_CLIENT, VERDICT_NODE, VERDICT_NONE } from '../../build/Dispute/Dispute_Dispute';
import { loadAccused } from '../../build/Node/Node_Node';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { draftJob, type PostedJob, postJob, sendAccept, sendPost, submittedJob } from '../helpers/job';
import { disputeOf, freeze, freezeBody, verdictBody } from '../helpers/job-dispute';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { DAY, HOUR } from '../helpers/terms';
import {
    AMPLE,
    exitCodeOn,
    expectRefused,
    forge,
    messagesBetween,
    paidBetween,
    plain,
    send,
    transactionsOn,
} from '../helpers/trace';

const BURN = new Address(0, Buffer.alloc(32));
const COLLATERAL = toNano('10');
const MAX_PRICE = toNano('6');

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
});

const statusOf = async ({ job }: PostedJob) => (await job.getJob()).status;
const rule = (posted: PostedJob, dispute: Address, outcome: bigint, changes = {}) =>
    forge(scene, dispute, posted.job.address, verdictBody(outcome, changes));

describe('posting under terms with disputes', () => {
    const atIssue = (price: bigint, collateral: bigint) =>
        sendPost(
            scene,
            draftJob(scene, { spec: { maxPrice: price, collateral }, nonce: 7n * price + collateral }),
        );

    it('takes no more at issue than withholding a quorum costs', async () => {
        const [price, collateral] = [toNano('40'), toNano('60')]; // (5 - 4 + 1) × 50
        expect((await atIssue(price, collateral)).transactions).toHaveTransaction({
            deploy: true,
            success: true,
        });
        expect((await atIssue(price + 1n, collateral)).transactions).toHaveTransaction({
            exitCode: ERR.ERR_SPEC,
        });
        expect((await atIssue(price, collateral + 1n)).transactions).toHaveTransaction({
            exitCode: ERR.ERR_SPEC,
        });
    });

    it('takes no review longer than evidence is good for', async () => {
        await postJob(scene, { spec: { reviewWindow: 3 * DAY } });
        const result = await sendPost(
            scene,
            draftJob(scene, { spec: { reviewWindow: 3 * DAY + 1 }, nonce: 2n }),
        );
        expect(result.transactions).toHaveTransaction({ exitCode: ERR.ERR_SPEC });
    });
});

describe('freezing a job', () => {
    it('disputes it until the longest dispute is over; the Node tells who is accused', async () => {
        const posted = await submittedJob(scene);
        const { dispute, frozen } = await freeze(scene, posted);
        const hardEnd = now(scene.blockchain) + scene.protocol.terms.stakeParams.longestDispute;
        expect(await posted.job.getJob()).toMatchObject({ status: 'disputed', deadline: hardEnd, claims: 1 });
        const [answer] = messagesBetween(frozen, by.node.address, dispute, opcodes.Accused);
        const accused = loadAccused(answer!.body.beginParse());
        expect(accused).toMatchObject({
            queryId: 8n,
            index: 0n,
            amount: COLLATERAL,
            hardEnd: BigInt(hardEnd),
        });
        const facts = accused.facts.beginParse();
        expect(facts.loadUintBig(256)).toBe(posted.spec.modelId);
        expect(facts.loadUintBig(256)).toBe(posted.spec.inputTop);
        expect(facts.loadUintBig(256)).toBe((await posted.job.getJob()).resultRoot);
        expect(facts.loadUint(16)).toBe(posted.spec.items);
        expect(paidBetween(frozen, by.node.address, dispute)).toBeGreaterThan(AMPLE - toNano('0.03'));
    });

    it('is its Dispute’s alone', async () => {
        const posted = await submittedJob(scene);
        const body = await freezeBody(posted);
        for (const from of [scene.client.address, by.node.address, scene.stranger.address]) {
            expectRefused(
                await forge(scene, from, posted.job.address, body),
                posted.job.address,
                ERR.ERR_ACCESS,
            );
        }
        expect(await statusOf(posted)).toBe('submitted');
    });

    it('names claim and result', async () => {
        const posted = await submittedJob(scene);
        const dispute = await disputeOf(scene, posted);
        const other = await forge(scene, dispute, posted.job.address, await freezeBody(posted, { claim: 2 }));
        expectRefused(other, posted.job.address, ERR.ERR_CLAIM_NUMBER);
        const root = await forge(
            scene,
            dispute,
            posted.job.address,
            await freezeBody(posted, { resultRoot: 1n }),
        );
        expectRefused(root, posted.job.address, ERR.ERR_RESULT_ROOT);
    });

    it('happens once, and only in review', async () => {
        const posted = await submittedJob(scene);
        const body = await freezeBody(posted);
        const { dispute } = await freeze(scene, posted);
        expectRefused(
            await forge(scene, dispute, posted.job.address, body),
            posted.job.address,
            ERR.ERR_STATE,
        );
        const late = await submittedJob(scene, { nonce: 2n });
        const lateBody = await freezeBody(late);
        const lateDispute = await disputeOf(scene, late);
        advance(scene.blockchain, late.spec.reviewWindow + 1);
        const result = await forge(scene, lateDispute, late.job.address, lateBody);
        expectRefused(result, late.job.address, ERR.ERR_TOO_LATE);
    });

    it('needs the value for Node and Dispute', async () => {
        const posted = await submittedJob(scene);
        const dispute = await disputeOf(scene, posted);
        const body = await freezeBody(posted);
        const result = await forge(scene, dispute, posted.job.address, body, { value: toNano('0.01') });
        expectRefused(result, posted.job.address, ERR.ERR_VALUE);
    });

    it('is undone when the Node does not take it: in review as before, the value is the Dispute’s', async () => {
        const posted = await submittedJob(scene);
        const before = await posted.job.getJob();
        const dispute = await disputeOf(scene, posted);
        // No honest Node loses a lock so early: here there is no Node at all.
        const contract = await scene.blockchain.getContract(by.node.address);
        contract.account = createEmptyShardAccount(by.node.address);
        const result = await forge(scene, dispute, posted.job.address, await freezeBody(posted));
        const refused = messagesBetween(result, posted.job.address, dispute, opcodes.FreezeRefused);
        expect(refused).toHaveLength(1);
        expect(paidBetween(result, posted.job.address, dispute)).toBeGreaterThan(AMPLE - toNano('0.03'));
        expect(plain(await posted.job.getJob())).toEqual(plain(before));
    });
});

describe('a disputed job', () => {
    let posted: PostedJob;
    let dispute: Address;

    beforeEach(async () => {
        posted = await submittedJob(scene);
        ({ dispute } = await freeze(scene, posted));
    });

    it('is not accepted, not finalized early, not destroyed', async () => {
        expectRefused(await sendAccept(scene, posted), posted.job.address, ERR.ERR_STATE);
        advance(scene.blockchain, posted.spec.reviewWindow + 1);
        const early = await send(scene.keeper, posted.job.address, jobBodies.finalize());
        expectRefused(early, posted.job.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 2 * DAY);
        const destroyed = await send(scene.keeper, posted.job.address, jobBodies.destroy());
        expectRefused(destroyed, posted.job.address, ERR.ERR_STATE);
    });

    it('convicted returns the escrow, and the whole collateral leaves the node', async () => {
        const { stake } = await by.node.getNode();
        const { escrow } = await posted.job.getJob();
        const costs = toNano('0.7');
        const result = await rule(posted, dispute, VERDICT_CLIENT, { costs });
        expect(await statusOf(posted)).toBe('refunded');
        const { postFee } = scene.protocol.terms.jobParams;
        expect(paidBetween(result, posted.job.address, scene.client.address)).toBeGreaterThanOrEqual(
            escrow - postFee,
        );
        expect(paidBetween(result, by.node.address, scene.client.address)).toBe(COLLATERAL / 2n + costs);
        expect(paidBetween(result, by.node.address, BURN)).toBe(COLLATERAL / 2n - costs);
        expect(await by.node.getNode()).toMatchObject({
            stake: stake - COLLATERAL,
            locked: 0n,
            lockCount: 0,
        });
        expect(await by.node.getCourt()).toMatchObject({ lost: 1 });
        expect(paidBetween(result, posted.job.address, by.payout.address)).toBe(0n);
    });

    it('compensates with no more than the highest price', async () => {
        scene = await createScene();
        by = operatorOf(scene);
        const big = await submittedJob(scene, { spec: { collateral: toNano('40') } });
        const { dispute: about } = await freeze(scene, big);
        const result = await rule(big, about, VERDICT_CLIENT);
        expect(paidBetween(result, by.node.address, scene.client.address)).toBe(MAX_PRICE);
        expect(paidBetween(result, by.node.address, BURN)).toBe(toNano('40') - MAX_PRICE);
    });

    it.each([
        ['acquitted', VERDICT_NODE],
        ['without a quorum', VERDICT_NONE],
    ])('%s pays the node', async (_, outcome) => {
        const { stake } = await by.node.getNode();
        const { price } = await posted.job.getJob();
        const result = await rule(posted, dispute, outcome);
        expect(await statusOf(posted)).toBe('paid');
        expect(paidBetween(result, posted.job.address, by.payout.address)).toBe(price - price / 20n);
        expect(await by.node.getNode()).toMatchObject({ stake, locked: 0n, lockCount: 0 });
        expect((await by.node.getDetails()).counters.paid).toBe(1);
    });

    it('hears no verdict but that of its Dispute, on its claim', async () => {
        for (const from of [scene.client.address, by.node.address, scene.stranger.address]) {
            const result = await rule(posted, from, VERDICT_CLIENT);
            expectRefused(result, posted.job.address, ERR.ERR_ACCESS);
        }
        const other = await rule(posted, dispute, VERDICT_CLIENT, { claim: 2 });
        expectRefused(other, posted.job.address, ERR.ERR_CLAIM_NUMBER);
        expect(await statusOf(posted)).toBe('disputed');
    });

    it('hears one verdict; what a second one brings is the client’s', async () => {
        await rule(posted, dispute, VERDICT_NODE);
        const { stake } = await by.node.getNode();
        const again = await rule(posted, dispute, VERDICT_CLIENT);
        expect(exitCodeOn(again, posted.job.address)).toBe(0);
        expect(paidBetween(again, posted.job.address, scene.client.address)).toBeGreaterThan(
            AMPLE - toNano('0.06'),
        );
        expect(await statusOf(posted)).toBe('paid');
        expect((await by.node.getNode()).stake).toBe(stake);
    });

    it('is paid after the hard end, by anyone or by a verdict that comes too late', async () => {
        const { longestDispute } = scene.protocol.terms.stakeParams;
        const other = await submittedJob(scene, { nonce: 2n, openBefore: now(scene.blockchain) + 20 * DAY });
        const about = await freeze(scene, other);
        advance(scene.blockchain, longestDispute);
        const early = await send(scene.keeper, posted.job.address, jobBodies.finalize());
        expectRefused(early, posted.job.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const result = await send(scene.keeper, posted.job.address, jobBodies.finalize());
        expect(result.transactions).toHaveTransaction({
            from: posted.job.address,
            to: by.payout.address,
            success: true,
        });
        await rule(other, about.dispute, VERDICT_CLIENT);
        expect(await statusOf(other)).toBe('paid');
        expect(await by.node.getNode()).toMatchObject({ locked: 0n, lockCount: 0 });
    });

    it('keeps the lock longer than its hard end', async () => {
        const lock = await by.node.getLock(posted.job.address);
        expect(lock!.hardEnd).toBeGreaterThan((await posted.job.getJob()).deadline + HOUR);
        const body = nodeBodies.releaseExpiredLock({ holder: posted.job.address });
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute + 1);
        expectRefused(await send(scene.keeper, by.node.address, body), by.node.address, ERR.ERR_LOCK_ALIVE);
    });

    it('has a Node that hears its lock holder alone', async () => {
        const { frozen } = await freeze(scene, await submittedJob(scene, { nonce: 9n }));
        const { body } = transactionsOn(frozen, by.node.address)[0]!.inMessage!;
        const result = await forge(scene, scene.stranger.address, by.node.address, body);
        expectRefused(result, by.node.address, ERR.ERR_LOCK_UNKNOWN);
    });
});
