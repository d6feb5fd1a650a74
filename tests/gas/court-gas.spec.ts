import '@ton/test-utils';
import { type Address, type Cell, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { courtBodies, nodeBodies } from 'cocoon-wrappers';
import {
    type Accusation,
    accusation,
    accuse,
    receipt,
    settleAccusation,
    settleSeat,
    someDispute,
    someSubject,
} from '../helpers/accusation';
import { now } from '../helpers/blockchain';
import { puppet } from '../helpers/court';
import { claimJob, type PostedJob, postJob, sendSubmit } from '../helpers/job';
import { freeze, verdictBody } from '../helpers/job-dispute';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { WIDEST_DISPUTES } from '../helpers/terms';
import { expectAllDone, forge, send } from '../helpers/trace';
import { FULL, fillNode } from './full-node';
import { constant, expectConstant, gasOn } from './measured';
import { WIDEST_KINDS, WIDEST_SPEC, WIDEST_TERMS } from './widest';
import { LAST_OLD_KEY, retireKeys, unbondAll } from './worst-node';

// What Node and Job do in disputes, at its dearest: all that a Node can hold is there, keys are ground so that dictionaries are as
// deep as they get, and what is slashed comes out of eight unbonding entries. A message that runs out of gas here is a slash
// that its owner escapes.

const WHOLE = { price: toNano('1000'), key: LAST_OLD_KEY };

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene({ terms: { ...WIDEST_TERMS, kinds: WIDEST_KINDS }, value: toNano('5000') });
    by = operatorOf(scene);
});

const fill = (changes: Partial<Parameters<typeof fillNode>[1]>) =>
    fillNode(scene, { ...FULL, unbondings: 0, retired: 0, from: now(scene.blockchain), ...changes });

function atNode(result: SendMessageResult): number {
    expect(result.transactions).toHaveTransaction({ to: by.node.address, success: true });
    return gasOn(result, by.node.address);
}

/** Of a SettleAccusation, as all that is told to the Node. */
const tell = (from: Address, body: Cell) => forge(scene, from, by.node.address, body);

it('an accusation costs what its constant says: taken, proven by a conflict, or told to wait', async () => {
    await retireKeys(scene);
    await unbondAll(scene);
    const proven = { ...WHOLE, conflicting: receipt(scene, { ...WHOLE, responseHash: 99n }) };
    const costs: number[] = [];
    for (const [options, slots] of [
        [proven, 15],
        [{ ...WHOLE, sequence: 10n }, 14],
        [{ ...WHOLE, sequence: 11n }, 16],
    ] as const) {
        const accused = accusation(scene, options);
        await fill({ accusations: slots, dispute: accused.dispute });
        costs.push(atNode(await accuse(scene, accused, toNano('1'))));
    }
    // Where hashes stand in dictionaries differs from build to build: coarse steps leave room for it.
    expectConstant('GAS_ACCUSE', Math.max(...costs), 5_000);
});

it('the end of an accusation costs what its constant says', async () => {
    await retireKeys(scene);
    await unbondAll(scene);
    const accused: Accusation = accusation(scene, WHOLE);
    atNode(await accuse(scene, accused, toNano('1')));
    await fill({ dispute: accused.dispute });
    const result = await tell(accused.dispute, settleAccusation(true, toNano('1000')));
    expect((await by.node.getCourt()).accusations).toHaveLength(15);
    expectConstant('GAS_SETTLE_ACCUSATION', atNode(result), 2_500);
});

async function submitted(): Promise<PostedJob> {
    const posted = await postJob(scene, { spec: { ...WIDEST_SPEC, direct: 0 } });
    await claimJob(posted, by);
    await sendSubmit(posted, by.operator);
    await fill({ around: posted.job.address });
    return posted;
}

it('a freeze costs Job and Node what their constants say', async () => {
    const posted = await submitted();
    const { frozen } = await freeze(scene, posted);
    expectConstant('GAS_FREEZE', gasOn(frozen, posted.job.address));
    expectConstant('GAS_FREEZE_LOCK', atNode(frozen));
});

it('a verdict costs the Job what its constant says, and a conviction the Node', async () => {
    const costs: number[] = [];
    const convictions: number[] = [];
    for (const outcome of [0n, 1n, 2n]) {
        scene = await createScene({ terms: { ...WIDEST_TERMS, kinds: WIDEST_KINDS }, value: toNano('5000') });
        by = operatorOf(scene);
        const posted = await submitted();
        const { dispute } = await freeze(scene, posted);
        const body = verdictBody(outcome, { costs: toNano('1000') });
        const result = await forge(scene, dispute, posted.job.address, body);
        costs.push(gasOn(result, posted.job.address));
        if (outcome === 2n) convictions.push(atNode(result));
        else expect(atNode(result)).toBeLessThanOrEqual(constant('GAS_SETTLE_LOCK'));
    }
    expectConstant('GAS_VERDICT', Math.max(...costs), 1_000);
    expectConstant('GAS_SETTLE_DISPUTED_LOCK', Math.max(...convictions), 2_500);
});

/** A seat in a Dispute of someone else's, of a node that has all others. */
async function takeSeat(there: boolean): Promise<{ taken: SendMessageResult; dispute: Address }> {
    const amount = 2n * WIDEST_DISPUTES.jurorBond;
    const more = nodeBodies.addStake({ amount });
    expectAllDone(await send(by.owner, by.node.address, more, amount + toNano('2')));
    expectAllDone(await send(by.owner, by.node.address, courtBodies.setJurorStake({ amount })));
    const subject = someSubject(1);
    const openBefore = now(scene.blockchain) + 60;
    const dispute = someDispute(scene, subject, openBefore);
    await fill({ seats: 7, dispute });
    if (there) await puppet(scene, dispute);
    const { termsHash } = scene.protocol;
    const seat = { termsHash, subject, openBefore, round: 1, offer: 31, commitment: 7n };
    const taken = await send(by.operator, by.node.address, courtBodies.takeSeat(seat));
    expect((await by.node.getCourt()).seats).toHaveLength(there ? 8 : 7);
    return { taken, dispute };
}

it('a seat that bounces costs what its constant says', async () => {
    const { taken } = await takeSeat(false);
    const gas = atNode(taken) + gasOn(taken, by.node.address, 1);
    expectConstant('GAS_TAKE_SEAT', gas + constant('GAS_SEAT'), 2_500);
});

it('the end of a seat costs what its constant says', async () => {
    const { dispute } = await takeSeat(true);
    const body = settleSeat(toNano('1'), WIDEST_DISPUTES.jurorBond, scene.stranger.address);
    const ended = await tell(dispute, body);
    expect((await by.node.getCourt()).seats).toHaveLength(7);
    expectConstant('GAS_SETTLE_SEAT', atNode(ended), 2_500);
});
