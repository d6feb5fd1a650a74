import '@ton/test-utils';
import { toNano } from '@ton/core';
import { courtBodies, disputeBodies, nodeBodies } from 'cocoon-wrappers';
import { giveKey, keyFrom, settleAccusation } from '../helpers/accusation';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { DISPUTES, defaultTerms } from '../helpers/terms';
import { exitCodeOn, expectAllDone, forge, paidBetween, send } from '../helpers/trace';
import { accusers, accuseSession, type Opened } from './disputed';

// An owner accuses its own node, so that nothing is left for who comes next, or keeps others waiting until it is too late.

const SLOTS = 16;
const WHOLE = { price: toNano('1000') };

let scene: Scene;
let accused: Operator;

/** Each accusation may take a whole sixteenth of the reserve. */
beforeEach(async () => {
    const disputes = { ...DISPUTES, maxReceiptSlash: toNano('1000') };
    scene = await createScene({ terms: { kinds: { ...defaultTerms().kinds, disputes } } });
    accused = operatorOf(scene);
    await giveKey(accused, keyFrom(1));
});

async function fillSlots(): Promise<Opened[]> {
    const opened: Opened[] = [];
    for (const [i, accuser] of (await accusers(scene, SLOTS)).entries())
        opened.push(await accuseSession(scene, accuser, { ...WHOLE, sequence: BigInt(100 + i) }));
    return opened;
}

const phase = async ({ dispute }: Opened) => (await dispute.getDispute())?.phase;
const retry = ({ dispute, evidence }: Opened) =>
    send(scene.stranger, dispute.address, disputeBodies.retry({ evidence }));

async function acquit({ dispute }: Opened): Promise<void> {
    expectAllDone(await forge(scene, dispute.address, accused.node.address, settleAccusation(false)));
}

it('when its own accusations hold all that may be taken, the next one waits and the node is frozen', async () => {
    const { stake, reserve } = await accused.node.getNode();
    const all = courtBodies.setJurorStake({ amount: stake - reserve });
    expectAllDone(await send(accused.owner, accused.node.address, all));
    const [own] = await fillSlots();
    expect((await accused.node.getCourt()).accused).toBe(reserve);
    const other = await accuseSession(scene, scene.client, WHOLE);
    expect(await phase(other)).toBe('busy');
    const unbond = await send(accused.owner, accused.node.address, nodeBodies.unbond({ amount: 1n }));
    expect(exitCodeOn(unbond, accused.node.address)).toBe(ERR.ERR_BUSY);
    await acquit(own!);
    expectAllDone(await retry(other));
    expect(await phase(other)).toBe('disclosing');
});

it('a node below its reserve locks the whole amount or says that it is busy', async () => {
    const { stake } = await accused.node.getNode();
    const leave = nodeBodies.unbond({ amount: stake - toNano('10') });
    expectAllDone(await send(accused.owner, accused.node.address, leave));
    advance(scene.blockchain, scene.protocol.terms.stakeParams.unbondingPeriod);
    expectAllDone(await send(accused.owner, accused.node.address, nodeBodies.withdrawUnbonded()));
    const [one] = await accusers(scene, 1);
    const own = await accuseSession(scene, one!, { ...WHOLE, sequence: 1n });
    expect((await accused.node.getCourt()).accused).toBe(toNano('6.25'));
    const other = await accuseSession(scene, scene.client, WHOLE);
    expect(await phase(other)).toBe('busy');
    await acquit(own);
    expectAllDone(await retry(other));
    expect((await accused.node.getCourt()).accused).toBe(toNano('6.25'));
});

it('a Retry that the node refuses ends nothing, whoever sends it', async () => {
    const [first, second, third] = await fillSlots();
    const waiting = await accuseSession(scene, scene.client, WHOLE);
    const before = (await waiting.dispute.getDispute())!;
    expect(before.phase).toBe('busy');
    const mine: Opened[] = [];
    for (const [i, own] of [first!, second!].entries()) {
        await acquit(own);
        mine.push(await accuseSession(scene, scene.client, { ...WHOLE, sequence: BigInt(i) }));
    }
    await acquit(third!);
    const refused = await retry(waiting);
    expect(exitCodeOn(refused, accused.node.address)).toBe(ERR.ERR_ACCUSATIONS_FULL);
    const after = (await waiting.dispute.getDispute())!;
    expect(after).toMatchObject({ phase: 'busy', deadline: before.deadline });
    expect(after.held).toBeGreaterThan(before.held);
    await acquit(mine[0]!);
    expectAllDone(await retry(waiting));
    expect(await phase(waiting)).toBe('disclosing');
});

it('a Dispute that waited in vain returns the bond', async () => {
    await fillSlots();
    const waiting = await accuseSession(scene, scene.client, WHOLE);
    const { held, deadline } = (await waiting.dispute.getDispute())!;
    advance(scene.blockchain, deadline + 1 - scene.blockchain.now!);
    const result = await send(scene.keeper, waiting.dispute.address, disputeBodies.resolve());
    expectAllDone(result);
    const tip = scene.protocol.terms.jobParams.keeperTip;
    expect(paidBetween(result, waiting.dispute.address, scene.client.address)).toBe(held - tip);
    expect((await waiting.dispute.getDispute())?.outcome).toBe('none');
});
