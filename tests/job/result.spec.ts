import { nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { loadResultSubmitted } from '../../build/Job/Job_Job';
import { commitmentRoot } from '../../sdk/src/payload/merkle';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimedJob, sendDecline, sendExpire, sendSubmit } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { eventsOf, expectAllDone, expectRefused, opcodeOf, send } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

describe('a result', () => {
    it.each([1, 2, 3, 255, 4_096])(
        'of %i items is committed to by the same root as in TypeScript',
        async (items) => {
            const posted = await claimedJob(scene, { spec: { items } });
            const top = Buffer.alloc(32, items % 251);
            const result = await sendSubmit(posted, operatorOf(scene).operator, {
                resultTop: BigInt(`0x${top.toString('hex')}`),
            });
            const { status, resultRoot, deadline } = await posted.job.getJob();
            expect(status).toBe('submitted');
            expect(resultRoot.toString(16).padStart(64, '0')).toBe(
                Buffer.from(commitmentRoot(items, top)).toString('hex'),
            );
            expect(deadline).toBe(now(scene.blockchain) + posted.spec.reviewWindow);
            const event = eventsOf(result, posted.job.address).find(
                (body) => opcodeOf(body) === opcodes.ResultSubmitted,
            );
            expect(loadResultSubmitted(event!.beginParse())).toMatchObject({
                claim: 1n,
                resultRoot,
                promptTokens: 11n,
                completionTokens: 22n,
            });
        },
    );

    it('comes from the operator that the claim recorded, for its claim, once', async () => {
        const posted = await claimedJob(scene);
        const { operator, owner } = operatorOf(scene);
        const { address } = posted.job;
        expectRefused(await sendSubmit(posted, owner), address, ERR.ERR_ACCESS);
        expectRefused(await sendSubmit(posted, scene.client), address, ERR.ERR_ACCESS);
        expectRefused(await sendSubmit(posted, operator, { claim: 2 }), address, ERR.ERR_CLAIM_NUMBER);
        await sendSubmit(posted, operator);
        expectRefused(await sendSubmit(posted, operator), address, ERR.ERR_STATE);
    });

    it('comes from that operator even after the node changed its keys', async () => {
        const posted = await claimedJob(scene);
        const { node, owner, operator } = operatorOf(scene);
        const body = nodeBodies.rotateKeys({
            operator: scene.stranger.address,
            operatorKey: 5n,
            encryptionKey: 6n,
        });
        expectAllDone(await send(owner, node.address, body));
        expectRefused(await sendSubmit(posted, scene.stranger), posted.job.address, ERR.ERR_ACCESS);
        expectAllDone(await sendSubmit(posted, operator));
        expect((await posted.job.getJob()).status).toBe('submitted');
    });

    it('counts after its deadline while nobody expired the job', async () => {
        const posted = await claimedJob(scene);
        advance(scene.blockchain, posted.spec.executionWindow + 1_000);
        expectAllDone(await sendSubmit(posted, operatorOf(scene).operator));
        expectRefused(await sendExpire(posted, scene.keeper), posted.job.address, ERR.ERR_STATE);
    });
});

describe('a decline', () => {
    const stake = async () => (await operatorOf(scene).node.getNode()).stake;

    it.each(['operator', 'owner'] as const)(
        'by the %s pays the client its share of the collateral',
        async (who) => {
            const posted = await claimedJob(scene);
            const by = operatorOf(scene);
            const before = await stake();
            advance(scene.blockchain, posted.spec.executionWindow); // still in time
            const result = await sendDecline(posted, by, { from: by[who] });
            expectAllDone(result);
            const share = posted.spec.collateral / 10n;
            expect(result.transactions).toHaveTransaction({
                from: by.node.address,
                to: scene.client.address,
                op: opcodes.SlashCompensation,
                value: share,
            });
            expect(await stake()).toBe(before - share);
            expect((await by.node.getDetails()).counters).toMatchObject({ declined: 1, slashed: share });
            expect(await posted.job.getJob()).toMatchObject({ status: 'open', claims: 1 });
        },
    );

    it('after the deadline is refused, and its value returns to the operator', async () => {
        const posted = await claimedJob(scene);
        const by = operatorOf(scene);
        advance(scene.blockchain, posted.spec.executionWindow + 1);
        const result = await sendDecline(posted, by);
        expect(result.transactions).toHaveTransaction({ to: posted.job.address, exitCode: ERR.ERR_TOO_LATE });
        expect(result.transactions).toHaveTransaction({
            from: by.node.address,
            to: by.operator.address,
            op: opcodes.Excesses,
            value: (value) => value! > 1_900_000_000n,
        });
        expect((await by.node.getNode()).lockCount).toBe(1);
        expect((await posted.job.getJob()).status).toBe('claimed');
    });

    it('of a strange node, of another claim or of an unknown job is refused', async () => {
        const posted = await claimedJob(scene);
        const by = operatorOf(scene);
        const fromStranger = await sendDecline(posted, by, { from: scene.stranger });
        expectRefused(fromStranger, by.node.address, ERR.ERR_ACCESS);
        const other = await sendDecline(posted, by, { claim: 2 });
        expect(other.transactions).toHaveTransaction({
            to: posted.job.address,
            exitCode: ERR.ERR_CLAIM_NUMBER,
        });
        const unknown = nodeBodies.decline({ job: scene.stranger.address, claim: 1 });
        expectRefused(
            await send(by.operator, by.node.address, unknown),
            by.node.address,
            ERR.ERR_LOCK_UNKNOWN,
        );
    });

    it('of a direct job refunds it at once', async () => {
        const posted = await claimedJob(scene, { spec: { direct: 0 } });
        const result = await sendDecline(posted, operatorOf(scene));
        expectAllDone(result);
        expect(await posted.job.getJob()).toMatchObject({ status: 'refunded', escrow: 0n });
        expect(result.transactions).toHaveTransaction({
            from: posted.job.address,
            to: scene.client.address,
            op: opcodes.JobRefund,
            value: (value) => value! > posted.spec.maxPrice,
        });
    });
});
