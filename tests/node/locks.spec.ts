import { Address } from '@ton/core';
import { claimOutcomes, nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { loadLockSettled } from '../../build/Node/Node_Node';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimedJob, type PostedJob, sendDecline, sendExpire } from '../helpers/job';
import { contractBodies, TON } from '../helpers/node';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import {
    eventsOf,
    exitCodeOn,
    expectAllDone,
    expectRefused,
    forge,
    opcodeOf,
    paidBetween,
    send,
} from '../helpers/trace';

let scene: Scene;
let by: Operator;
let posted: PostedJob;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
    posted = await claimedJob(scene, { openBefore: now(scene.blockchain) + 30 * DAY });
});

const settle = (from: Address, changes: { claimSeq?: bigint; slash?: bigint } = {}) =>
    forge(
        scene,
        from,
        by.node.address,
        contractBodies.settleLock({
            claimSeq: 0n,
            outcome: claimOutcomes.expired,
            slash: 4n * TON,
            client: scene.stranger.address,
            ...changes,
        }),
    );

describe('a lock', () => {
    it('is settled by the contract that holds it alone', async () => {
        const twin = new Address(-1, posted.job.address.hash);
        for (const thief of [
            scene.stranger.address,
            by.owner.address,
            scene.protocol.registry.address,
            twin,
        ]) {
            const result = await settle(thief);
            expect(exitCodeOn(result, by.node.address)).toBe(ERR.ERR_LOCK_UNKNOWN);
        }
        expect(await by.node.getNode()).toMatchObject({ lockCount: 1, locked: posted.spec.collateral });
    });

    it('is settled for the claim that took it alone', async () => {
        const result = await settle(posted.job.address, { claimSeq: 1n });
        expect(exitCodeOn(result, by.node.address)).toBe(ERR.ERR_LOCK_UNKNOWN);
        expect((await by.node.getNode()).lockCount).toBe(1);
    });

    it('bounds what is slashed for it', async () => {
        const { stake } = await by.node.getNode();
        const result = await settle(posted.job.address, { slash: posted.spec.collateral + 1n });
        const slashed = paidBetween(
            result,
            by.node.address,
            scene.stranger.address,
            opcodes.SlashCompensation,
        );
        expect(slashed).toBe(posted.spec.collateral);
        expect(await by.node.getNode()).toMatchObject({
            stake: stake - posted.spec.collateral,
            locked: 0n,
            lockCount: 0,
        });
        expect(exitCodeOn(await settle(posted.job.address), by.node.address)).toBe(ERR.ERR_LOCK_UNKNOWN);
    });
});

describe('the hard end of a lock', () => {
    const release = (holder = posted.job.address) =>
        send(scene.keeper, by.node.address, nodeBodies.releaseExpiredLock({ holder }));

    async function reachHardEnd(): Promise<void> {
        const lock = await by.node.getLock(posted.job.address);
        scene.blockchain.now = lock!.hardEnd;
    }

    it('lets anyone release it, a second later and not before', async () => {
        const { stake } = await by.node.getNode();
        await reachHardEnd();
        expectRefused(await release(), by.node.address, ERR.ERR_LOCK_ALIVE);
        advance(scene.blockchain, 1);
        expectRefused(await release(scene.stranger.address), by.node.address, ERR.ERR_LOCK_UNKNOWN);
        const result = await release();
        expectAllDone(result);
        expect(await by.node.getNode()).toMatchObject({ stake, locked: 0n, lockCount: 0 });
        expect(paidBetween(result, by.node.address, scene.keeper.address)).toBeGreaterThan(TON);
        const event = eventsOf(result, by.node.address).find(
            (body) => opcodeOf(body) === opcodes.LockSettled,
        );
        expect(loadLockSettled(event!.beginParse())).toMatchObject({ outcome: 0n, slash: 0n });
    });

    it('makes the node deaf to a later verdict; the client still gets its escrow', async () => {
        const { stake } = await by.node.getNode();
        await reachHardEnd();
        advance(scene.blockchain, 1);
        await release();
        const result = await sendExpire(posted, scene.keeper);
        expect(result.transactions).toHaveTransaction({
            from: posted.job.address,
            to: by.node.address,
            exitCode: ERR.ERR_LOCK_UNKNOWN,
        });
        expect(paidBetween(result, posted.job.address, scene.client.address)).toBeGreaterThan(
            posted.spec.maxPrice,
        );
        expect(await by.node.getNode()).toMatchObject({ stake, locked: 0n });
        expect((await by.node.getDetails()).counters).toMatchObject({ expired: 0, slashed: 0n });
        expectRefused(await sendDecline(posted, by, { claim: 1 }), by.node.address, ERR.ERR_LOCK_UNKNOWN);
    });

    it('lies beyond the longest path of a job', async () => {
        const { maxWindow } = scene.protocol.terms.jobParams;
        const lock = await by.node.getLock(posted.job.address);
        expect(lock!.hardEnd - now(scene.blockchain)).toBeGreaterThan(3 * maxWindow);
    });
});
