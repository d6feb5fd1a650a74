import '@ton/test-utils';
import { toNano } from '@ton/core';
import { courtBodies } from 'cocoon-wrappers';
import { giveKey, keyFrom, receipt } from '../helpers/accusation';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { exitCodeOn, expectAllDone, send, type Wallet } from '../helpers/trace';
import { accusers, accuseSession } from './disputed';

// Whoever has the key that signs receipts can forge two that conflict, for a vault of its own that never was. What the
// owner can lose by that before it rotates the key must have a bound.

const SLOTS = 16;

let scene: Scene;
let victim: Operator;

beforeEach(async () => {
    scene = await createScene();
    victim = operatorOf(scene);
    await giveKey(victim, keyFrom(1));
});

function convict(accuser: Wallet, sequence: bigint) {
    const options = { accuser, sequence, price: toNano('1000') };
    const conflicting = receipt(scene, { ...options, responseHash: 99n });
    return accuseSession(scene, accuser, { ...options, conflicting });
}

it('forged conflicts take a slot each, so that they take no more than the reserve until the hard end', async () => {
    const before = await victim.node.getNode();
    const thieves = await accusers(scene, SLOTS + 2);
    const first = await convict(thieves[0]!, 0n);
    expect((await first.dispute.getDispute())?.outcome).toBe('client');
    for (let i = 1; i < SLOTS; i++) await convict(thieves[i]!, BigInt(i));
    const lost = before.stake - (await victim.node.getNode()).stake;
    expect(lost).toBe(BigInt(SLOTS) * toNano('5')); // maxReceiptSlash
    expect(lost).toBeLessThanOrEqual(before.reserve);
    expect(await victim.node.getCourt()).toMatchObject({ accused: 0n, lost: SLOTS });

    const further = await convict(thieves[SLOTS]!, 99n);
    expect((await further.dispute.getDispute())?.phase).toBe('busy');
    expect(before.stake - (await victim.node.getNode()).stake).toBe(lost);
    const free = courtBodies.releaseExpiredCourt({ dispute: first.dispute.address });
    const early = await send(scene.keeper, victim.node.address, free);
    expect(exitCodeOn(early, victim.node.address)).toBe(ERR.ERR_LOCK_ALIVE);
    advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute + 1);
    expectAllDone(await send(scene.keeper, victim.node.address, free));
    expect((await victim.node.getCourt()).accusations).toHaveLength(SLOTS - 1);
});

it('no accuser has more than two slots, whatever it proves', async () => {
    const [thief] = await accusers(scene, 1);
    await convict(thief!, 1n);
    await convict(thief!, 2n);
    const third = await convict(thief!, 3n);
    expect(exitCodeOn(third.result, victim.node.address)).toBe(ERR.ERR_ACCUSATIONS_FULL);
    expect((await victim.node.getCourt()).lost).toBe(2);
});
