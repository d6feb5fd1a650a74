import '@ton/test-utils';
import { type Address, beginCell, type Cell, toNano } from '@ton/core';
import type { BlockchainSnapshot, SandboxContract, SendMessageResult } from '@ton/sandbox';
import {
    cellHash,
    courtBodies,
    Dispute,
    disputeBodies,
    encodeJobEvidence,
    encodeJobSubject,
    nodeBodies,
} from 'cocoon-wrappers';
import { loadAccuse, storeSettleLock } from '../../build/Node/Node_Node';
import {
    accusation,
    accuse,
    receipt,
    settleAccusation,
    settleSeat,
    someDispute,
    someSubject,
} from '../helpers/accusation';
import { advance, now } from '../helpers/blockchain';
import { puppet } from '../helpers/court';
import { type PostedJob, submittedJob } from '../helpers/job';
import { freeze, verdictBody } from '../helpers/job-dispute';
import { operatorOf, type Scene } from '../helpers/scene';
import { DAY, WIDEST_DISPUTES } from '../helpers/terms';
import { expectAllDone, forge, send } from '../helpers/trace';
import { disputeStorage, type Fees, feesUnder, openingFee } from './formulas';
import { FULL, fillNode, type Load } from './full-node';
import {
    type Entry,
    entry,
    expectAllWell,
    expectRefusedBelow,
    pricedScene,
    reserveOf,
    storageFeesOf,
} from './minimum';
import { RICH, WIDEST_COURT, WIDEST_SPEC } from './widest';
import { LAST_OLD_KEY, retireKeys, unbondAll } from './worst-node';

// Node, Job and Dispute as they are, the Node full of everything: what a message brings, or a contract attaches to its own, pays
// for all of the trace.

const WHOLE = { price: toNano('1000'), key: LAST_OLD_KEY };

const fill = (scene: Scene, changes: Partial<Load>) =>
    fillNode(scene, { ...FULL, unbondings: 0, retired: 0, from: now(scene.blockchain), ...changes });

interface Opening {
    dispute: SandboxContract<Dispute>;
    open: Entry;
    evidence: Cell;
}

function opening(scene: Scene, subject: Cell, openBefore: number, evidence: Cell): Opening {
    const { registry, termsHash, termsCell } = scene.protocol;
    const identity = { registry: registry.address, termsHash, subject: cellHash(subject), openBefore };
    const dispute = scene.blockchain.openContract(Dispute.fromIdentity(identity));
    const { address: to, init } = dispute;
    const body = disputeBodies.open({ terms: termsCell, subject, evidence });
    return { dispute, open: (value) => scene.client.send({ to, value, init, body, sendMode: 1 }), evidence };
}

/** A session's Dispute with a full Node, of which so many slots are taken. */
async function session(scene: Scene, accusations: number, conflict = false): Promise<Opening> {
    await retireKeys(scene);
    await unbondAll(scene);
    const conflicting = conflict ? receipt(scene, { ...WHOLE, responseHash: 99n }) : undefined;
    const accused = accusation(scene, { ...WHOLE, conflicting });
    await fill(scene, { accusations, dispute: accused.dispute });
    const { subject, evidence } = loadAccuse(accused.body.beginParse());
    return opening(scene, subject, accused.openBefore, evidence);
}

async function submitted(scene: Scene): Promise<PostedJob> {
    const posted = await submittedJob(scene, { spec: { ...WIDEST_SPEC, direct: 0 } });
    await fill(scene, { around: posted.job.address });
    return posted;
}

async function ofJob(scene: Scene, posted: PostedJob): Promise<Opening> {
    const { claims, resultRoot, deadline } = await posted.job.getJob();
    const subject = encodeJobSubject({
        accuser: scene.client.address,
        job: posted.job.address,
        claim: claims,
    });
    const { evidenceWindow } = scene.protocol.terms.stakeParams;
    return opening(
        scene,
        subject,
        deadline - posted.spec.reviewWindow + evidenceWindow,
        encodeJobEvidence(resultRoot),
    );
}

async function expectReserve(scene: Scene, { address }: { address: Address }, factor: bigint): Promise<void> {
    const dispute = scene.blockchain.openContract(new Dispute(address));
    const { balance } = await scene.blockchain.getContract(address);
    const held = (await dispute.getDispute())?.held ?? 0n;
    expect(balance - held).toBeGreaterThanOrEqual(disputeStorage(factor));
}

describe.each([1, 2, 10])('with %s times the prices', (times) => {
    const factor = BigInt(times);
    const fees: Fees = feesUnder(factor);
    let scene: Scene;
    let start: BlockchainSnapshot;

    beforeAll(async () => {
        scene = await pricedScene(factor, WIDEST_COURT);
        start = scene.blockchain.snapshot();
    });
    beforeEach(() => scene.blockchain.loadFrom(start));

    /** Runs and expects that neither the Node nor the Job lost what it keeps for storage. */
    async function keeping(run: () => ReturnType<Entry>, posted?: PostedJob) {
        const { address } = operatorOf(scene).node;
        const before = await reserveOf(scene);
        const jobBefore = posted && (await reserveOf(scene, posted));
        const result = await run();
        expectAllWell(result);
        expect((await reserveOf(scene)) + storageFeesOf(result, address)).toBeGreaterThanOrEqual(before);
        if (posted && jobBefore !== undefined) {
            const due = storageFeesOf(result, posted.job.address);
            expect((await reserveOf(scene, posted)) + due).toBeGreaterThanOrEqual(jobBefore);
        }
        return result;
    }

    const minimum = (kind: 'job' | 'session') => openingFee(fees, kind, scene.protocol.terms, factor);

    it.each([
        ['is taken', 15, false, 'disclosing'],
        ['finds no slot', 16, false, 'busy'],
        ['proves itself', 15, true, 'resolved'],
    ] as const)('an accusation that %s is paid for by its least value', async (_, slots, conflict, phase) => {
        const { dispute, open } = await session(scene, slots, conflict);
        await expectRefusedBelow(open, dispute.address, minimum('session'));
        await keeping(() => open(minimum('session')));
        expect((await dispute.getDispute())?.phase).toBe(phase);
        await expectReserve(scene, dispute, factor);
    });

    it('asking again is paid for by its least value', async () => {
        const { dispute, open, evidence } = await session(scene, 16);
        await open(minimum('session'));
        const again = entry(scene.keeper, dispute.address, disputeBodies.retry({ evidence }));
        await expectRefusedBelow(again, dispute.address, fees.accuse + fees.retry);
        await keeping(() => again(fees.accuse + fees.retry));
        expect((await dispute.getDispute())?.phase).toBe('busy');
        await expectReserve(scene, dispute, factor);
    });

    /** All went back to the accuser, and nothing is left of the Dispute. */
    async function expectUndone(result: SendMessageResult, { address }: { address: Address }): Promise<void> {
        const { client, blockchain } = scene;
        expect(result.transactions).toHaveTransaction({ from: address, to: client.address, success: true });
        expect((await blockchain.getContract(address)).balance).toBe(0n);
    }

    it('a refused accusation returns what it brought', async () => {
        const { dispute, open } = await session(scene, 14);
        for (const sequence of [20n, 21n]) {
            await accuse(scene, accusation(scene, { price: 1n, key: LAST_OLD_KEY, sequence }));
        }
        expect((await operatorOf(scene).node.getCourt()).accusations).toHaveLength(16);
        const { address } = operatorOf(scene).node;
        const before = await reserveOf(scene);
        const result = await open(minimum('session'));
        expect(result.transactions).toHaveTransaction({ from: address, to: dispute.address, success: true });
        await expectUndone(result, dispute);
        expect((await reserveOf(scene)) + storageFeesOf(result, address)).toBeGreaterThanOrEqual(before);
    });

    it('a job is frozen for the least value, with the deepest dictionary of locks', async () => {
        const posted = await submitted(scene);
        const { dispute, open } = await ofJob(scene, posted);
        await expectRefusedBelow(open, dispute.address, minimum('job'));
        await keeping(() => open(minimum('job')), posted);
        expect((await dispute.getDispute())?.phase).toBe('disclosing');
        expect((await posted.job.getJob()).status).toBe('disputed');
        await expectReserve(scene, dispute, factor);
    });

    it('a lock that is gone leaves the job as it was, for the same value', async () => {
        const posted = await submittedJob(scene, { spec: { ...WIDEST_SPEC, direct: 0 } });
        const { dispute, open } = await ofJob(scene, posted);
        const end = storeSettleLock({
            $$type: 'SettleLock',
            queryId: 0n,
            claimSeq: 0n,
            outcome: 3n,
            earned: 0n,
            slash: 0n,
            client: scene.client.address,
        });
        const { address } = operatorOf(scene).node;
        expectAllDone(await forge(scene, posted.job.address, address, beginCell().store(end).endCell()));
        await fill(scene, { around: posted.job.address });
        const result = await open(minimum('job'));
        expect(result.transactions).toHaveTransaction({
            from: posted.job.address,
            to: dispute.address,
            success: true,
        });
        expect((await posted.job.getJob()).status).toBe('submitted');
        await expectUndone(result, dispute);
    });

    it.each([0n, 1n, 2n])('a verdict of %d is paid for by what the Dispute attaches', async (outcome) => {
        const posted = await submitted(scene);
        const { dispute } = await freeze(scene, posted);
        const { address } = operatorOf(scene).node;
        const body = verdictBody(outcome, { costs: toNano('1000') });
        const result = await keeping(
            () => forge(scene, dispute, posted.job.address, body, { value: fees.verdict }),
            posted,
        );
        expect(result.transactions).toHaveTransaction({
            from: posted.job.address,
            to: address,
            success: true,
        });
        expect((await operatorOf(scene).node.getNode()).lockCount).toBe(63);
    });

    it('the end of an accusation is paid for by what the Dispute attaches', async () => {
        await retireKeys(scene);
        await unbondAll(scene);
        const accused = accusation(scene, WHOLE);
        await accuse(scene, accused);
        await fill(scene, { dispute: accused.dispute });
        const body = settleAccusation(true, toNano('1000'));
        const { address } = operatorOf(scene).node;
        await keeping(() => forge(scene, accused.dispute, address, body, { value: fees.settleAccusation }));
        expect((await operatorOf(scene).node.getCourt()).accusations).toHaveLength(15);
    });

    it('seats are taken for the least value, end with what the Dispute attaches, and expire for the least', async () => {
        const { node, owner, operator } = operatorOf(scene);
        const amount = 2n * WIDEST_DISPUTES.jurorBond;
        await send(owner, node.address, nodeBodies.addStake({ amount }), amount + RICH);
        await fill(scene, { seats: 7 });
        const stand = entry(owner, node.address, courtBodies.setJurorStake({ amount }));
        await expectRefusedBelow(stand, node.address, fees.simple);
        await keeping(() => stand(fees.simple));
        const openBefore = now(scene.blockchain) + 60;
        const seat = { termsHash: scene.protocol.termsHash, openBefore, round: 1, offer: 31, commitment: 7n };
        const take = (n: number) =>
            entry(operator, node.address, courtBodies.takeSeat({ ...seat, subject: someSubject(n) }));
        await expectRefusedBelow(take(1), node.address, fees.takeSeat);
        const refused = await take(1)(fees.takeSeat); // nobody is there: it bounces
        expect(refused.transactions).toHaveTransaction({
            to: node.address,
            inMessageBounced: true,
            success: true,
        });
        const dispute = someDispute(scene, someSubject(2), openBefore);
        await puppet(scene, dispute);
        const held = scene.blockchain.snapshot();
        for (const end of ['settled', 'expired']) {
            await scene.blockchain.loadFrom(held);
            await keeping(() => take(2)(fees.takeSeat));
            expect((await node.getCourt()).seats).toHaveLength(8);
            if (end === 'settled') {
                const value = fees.settleSeat + WIDEST_DISPUTES.jurorFee;
                const body = settleSeat(
                    WIDEST_DISPUTES.jurorFee,
                    WIDEST_DISPUTES.jurorBond,
                    scene.stranger.address,
                );
                await keeping(() => forge(scene, dispute, node.address, body, { value }));
            } else {
                advance(scene.blockchain, 8 * DAY);
                const free = entry(scene.keeper, node.address, courtBodies.releaseExpiredCourt({ dispute }));
                await expectRefusedBelow(free, node.address, fees.releaseLock);
                await keeping(() => free(fees.releaseLock));
            }
            expect((await node.getCourt()).seats).toHaveLength(7);
        }
    });

    it('an accusation expires for the least value', async () => {
        await retireKeys(scene);
        const accused = accusation(scene, WHOLE);
        await accuse(scene, accused);
        await fill(scene, { dispute: accused.dispute });
        advance(scene.blockchain, 8 * DAY);
        const { node } = operatorOf(scene);
        const free = entry(
            scene.keeper,
            node.address,
            courtBodies.releaseExpiredCourt({ dispute: accused.dispute }),
        );
        await expectRefusedBelow(free, node.address, fees.releaseLock);
        await keeping(() => free(fees.releaseLock));
        expect((await node.getCourt()).accusations).toHaveLength(15);
    });
});
