import '@ton/test-utils';
import { toNano } from '@ton/core';
import { networkConfig, PRICES_2024, scalePrices } from 'cocoon-devnet';
import { cellHash, commitmentHash, courtBodies, disputeBodies, VOTE } from 'cocoon-wrappers';
import { giveKey, keyFrom } from '../helpers/accusation';
import { advance } from '../helpers/blockchain';
import { shownItem, snake } from '../helpers/disclosed';
import { createScene, type Operator, registerOperator, type Scene } from '../helpers/scene';
import { DAY, DISPUTES, HOUR } from '../helpers/terms';
import { exitCodeOn, expectAllDone, send } from '../helpers/trace';
import { accuseSession } from './disputed';

// The network's fees rise tenfold between the opening, which set fees aside, and the end: no Node may pay for it out of its
// stake, and nothing may stay undone.

const SALT = 5n;

async function beside(scene: Scene, { node }: Operator): Promise<bigint> {
    const { stake, unbonding } = await node.getNode();
    return (await scene.blockchain.getContract(node.address)).balance - stake - unbonding;
}

it('a dispute without any disclosure ends when fees are ten times as high', async () => {
    const scene = await createScene({ nodes: 1 });
    const [accused] = scene.nodes as [Operator];
    await giveKey(accused, keyFrom(1));
    const silent = await accuseSession(scene, scene.client, { sequence: 1n });
    scene.blockchain.setConfig(networkConfig(scalePrices(PRICES_2024, 10n)));
    const before = await beside(scene, accused);
    advance(scene.blockchain, DISPUTES.discloseWindow + 1);
    const body = disputeBodies.resolve();
    const result = await send(scene.keeper, silent.dispute.address, body, toNano('9'));
    expect(exitCodeOn(result, accused.node.address)).toBe(0);
    expect((await silent.dispute.getDispute())?.outcome).toBe('node');
    expect((await accused.node.getCourt()).accused).toBe(0n);
    expect(await beside(scene, accused)).toBeGreaterThanOrEqual(before - toNano('0.001')); // storage of hours
});

it('a conviction pays and slashes everybody when fees are ten times as high', async () => {
    const scene = await createScene({ nodes: 1 });
    const [accused] = scene.nodes as [Operator];
    await giveKey(accused, keyFrom(1));
    const jurors: Operator[] = [];
    for (let i = 0; i < DISPUTES.jurors; i++) jurors.push(await registerOperator(scene, toNano('800')));
    const amount = toNano('300');
    for (const { owner, node } of jurors)
        expectAllDone(await send(owner, node.address, courtBodies.setJurorStake({ amount })));
    advance(scene.blockchain, 2 * HOUR);

    const { dispute, subject, openBefore } = await accuseShown(scene);
    advance(scene.blockchain, 2 * HOUR); // everyone's number is drawn
    const place = { termsHash: scene.protocol.termsHash, subject: cellHash(subject), openBefore };
    for (const { index, operator, node } of jurors) {
        const vote = { dispute: dispute.address, round: 1, index, vote: VOTE.client, salt: SALT };
        const seat = { ...place, round: 1, offer: 0, commitment: commitmentHash(vote) };
        expectAllDone(await send(operator, node.address, courtBodies.takeSeat(seat)));
    }
    for (const { index, operator } of jurors.slice(1)) {
        const vote = disputeBodies.reveal({ index, vote: VOTE.client, salt: SALT });
        expectAllDone(await send(operator, dispute.address, vote));
    }
    scene.blockchain.setConfig(networkConfig(scalePrices(PRICES_2024, 10n)));
    const all = [accused, ...jurors];
    const before = await Promise.all(all.map((one) => beside(scene, one)));
    advance(scene.blockchain, DISPUTES.revealWindow + 1);
    const result = await send(scene.keeper, dispute.address, disputeBodies.resolve(), toNano('9'));
    for (const { node } of all) expect(exitCodeOn(result, node.address)).toBe(0);
    expect(await dispute.getDispute()).toMatchObject({ outcome: 'client', held: 0n });
    for (const [i, one] of all.entries()) {
        expect(await beside(scene, one)).toBeGreaterThanOrEqual(before[i]! - toNano('0.001'));
        expect((await one.node.getCourt()).seats).toHaveLength(0);
    }
    expect((await jurors[0]!.node.getCourt()).jurorStake).toBe(amount - DISPUTES.jurorBond);
    expect((await accused.node.getCourt()).lost).toBe(1);
    advance(scene.blockchain, 4 * DAY);
    await send(scene.keeper, dispute.address, disputeBodies.destroy(), toNano('1'));
    expect((await scene.blockchain.getContract(dispute.address)).balance).toBe(0n);
});

/** Accused of an exchange that is disclosed whole. */
async function accuseShown(scene: Scene) {
    const { requestHash, responseHash, request, response, salt } = shownItem(1, 0);
    const opened = await accuseSession(scene, scene.client, { requestHash, responseHash });
    for (const body of [
        disputeBodies.discloseRequest({ salt, task: 1, body: snake(request) }),
        disputeBodies.discloseResponse({ salt, deltas: snake(response) }),
    ])
        expectAllDone(await send(scene.client, opened.dispute.address, body));
    return opened;
}
