import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { loadAccused, loadBusy } from '../../build/Node/Node_Node';
import { accusation, accuse, giveKey, keyFrom, PRICE, settleAccusation } from '../helpers/accusation';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { draftJob, sendClaim } from '../helpers/job';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { exitCodeOn, expectRefused, forge, messagesBetween, paidBetween, send } from '../helpers/trace';

// Accusations in the name of forged Disputes, which have the addresses of genuine ones.

const BURN = new Address(0, Buffer.alloc(32));
const LOCK = 100n * PRICE; // receiptMultiple × price

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
    await giveKey(by, keyFrom(1));
});

const court = () => by.node.getCourt();
const settle = (dispute: Address, convicted: boolean, costs = 0n) =>
    forge(scene, dispute, by.node.address, settleAccusation(convicted, costs));

/** Accusations of eight requests by each of so many clients, two at most for one. */
async function fillSlots(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
        const accuser = await scene.blockchain.treasury(`accuser-${i >> 1}`);
        await accuse(scene, accusation(scene, { accuser, sequence: BigInt(100 + i) }));
    }
    expect((await court()).accusations).toHaveLength(count);
}

describe('an accusation', () => {
    it('takes a slot and tells the Dispute who is accused', async () => {
        const accused = accusation(scene);
        const result = await accuse(scene, accused);
        const [answer] = messagesBetween(result, by.node.address, accused.dispute, opcodes.Accused);
        const { longestDispute } = scene.protocol.terms.stakeParams;
        const message = loadAccused(answer!.body.beginParse());
        expect(message).toMatchObject({
            queryId: 5n,
            index: 0n,
            amount: LOCK,
            hardEnd: BigInt(now(scene.blockchain) + longestDispute),
        });
        expect(message.parties.beginParse().loadUintBig(256)).toBe(
            BigInt(`0x${by.owner.address.hash.toString('hex')}`),
        );
        expect(await court()).toMatchObject({ accused: LOCK, busyUntil: 0 });
        expect((await court()).accusations).toMatchObject([{ price: PRICE, amount: LOCK }]);
    });

    it('passes the value on to the Dispute', async () => {
        const accused = accusation(scene);
        const result = await accuse(scene, accused, toNano('1'));
        expect(paidBetween(result, by.node.address, accused.dispute)).toBeGreaterThan(toNano('0.98'));
    });

    it('locks no more than a sixteenth of the reserve, and the highest slash of the terms', async () => {
        await accuse(scene, accusation(scene, { price: toNano('1000') }));
        expect((await court()).accused).toBe(toNano('5')); // maxReceiptSlash
        const poor = await createScene({
            terms: { stakeParams: { minStake: toNano('16'), reserve: toNano('16') } },
        });
        await giveKey(operatorOf(poor), keyFrom(1));
        await accuse(poor, accusation(poor, { price: toNano('1000') }));
        expect((await operatorOf(poor).node.getCourt()).accused).toBe(toNano('1'));
    });

    it('is refused from anyone but its one Dispute', async () => {
        const { body } = accusation(scene);
        const other = accusation(scene, { sequence: 10n });
        for (const from of [scene.stranger.address, other.dispute, new Address(-1, other.dispute.hash)]) {
            expectRefused(await forge(scene, from, by.node.address, body), by.node.address, ERR.ERR_ACCESS);
        }
        expect((await court()).accusations).toHaveLength(0);
    });

    it('is refused a second time, and to a client with two', async () => {
        const first = accusation(scene);
        await accuse(scene, first);
        expectRefused(await accuse(scene, first), by.node.address, ERR.ERR_LOCK_EXISTS);
        await accuse(scene, accusation(scene, { sequence: 10n }));
        const third = await accuse(scene, accusation(scene, { sequence: 11n }));
        expectRefused(third, by.node.address, ERR.ERR_ACCUSATIONS_FULL);
        expect((await court()).accused).toBe(2n * LOCK);
    });

    it('of nothing is refused', async () => {
        expectRefused(await accuse(scene, accusation(scene, { price: 0n })), by.node.address, ERR.ERR_AMOUNT);
    });
});

describe('a verdict', () => {
    it('against the node pays the accuser and burns the rest', async () => {
        const accused = accusation(scene);
        await accuse(scene, accused);
        const { stake } = await by.node.getNode();
        const costs = toNano('0.3');
        const result = await settle(accused.dispute, true, costs);
        expect(paidBetween(result, by.node.address, scene.client.address)).toBe(PRICE + costs);
        expect(paidBetween(result, by.node.address, BURN)).toBe(LOCK - PRICE - costs);
        expect((await by.node.getNode()).stake).toBe(stake - LOCK);
        expect(await court()).toMatchObject({ accused: 0n, lost: 1, won: 0, accusations: [] });
        expect((await by.node.getDetails()).counters.slashed).toBe(LOCK);
    });

    it('never pays the accuser more than what was locked', async () => {
        const accused = accusation(scene);
        await accuse(scene, accused);
        const result = await settle(accused.dispute, true, toNano('100'));
        expect(paidBetween(result, by.node.address, scene.client.address)).toBe(LOCK);
        expect(messagesBetween(result, by.node.address, BURN)).toHaveLength(0);
    });

    it('for the node frees the slot', async () => {
        const accused = accusation(scene);
        await accuse(scene, accused);
        const { stake } = await by.node.getNode();
        await settle(accused.dispute, false);
        expect((await by.node.getNode()).stake).toBe(stake);
        expect(await court()).toMatchObject({ accused: 0n, lost: 0, won: 1, accusations: [] });
    });

    it('counts once; later, or after the hard end, it slashes nothing and its value returns', async () => {
        const accused = accusation(scene);
        await accuse(scene, accused);
        const { stake } = await by.node.getNode();
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute + 1);
        await settle(accused.dispute, true);
        expect(await court()).toMatchObject({ accused: 0n, lost: 0, accusations: [] });
        const again = await settle(accused.dispute, true);
        expect(exitCodeOn(again, by.node.address)).toBe(0);
        expect(paidBetween(again, by.node.address, accused.dispute)).toBeGreaterThan(toNano('1.9'));
        expect((await by.node.getNode()).stake).toBe(stake);
    });

    it('that never comes leaves the slot to anyone after the hard end', async () => {
        const accused = accusation(scene);
        await accuse(scene, accused);
        const release = () =>
            send(scene.keeper, by.node.address, nodeBodies.releaseExpiredCourt({ dispute: accused.dispute }));
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute);
        expectRefused(await release(), by.node.address, ERR.ERR_LOCK_ALIVE);
        advance(scene.blockchain, 1);
        await release();
        expect(await court()).toMatchObject({ accused: 0n, accusations: [] });
        expectRefused(await release(), by.node.address, ERR.ERR_LOCK_UNKNOWN);
    });
});

describe('a node with sixteen accusations', () => {
    it('answers Busy, and neither claims nor unbonds nor pays out until then', async () => {
        await send(by.owner, by.node.address, nodeBodies.unbond({ amount: toNano('1') }));
        advance(scene.blockchain, 15 * DAY);
        await fillSlots(16);
        const waiting = accusation(scene);
        const result = await accuse(scene, waiting);
        const [answer] = messagesBetween(result, by.node.address, waiting.dispute, opcodes.Busy);
        const { busyUntil } = await court();
        expect(busyUntil).toBe(now(scene.blockchain) + scene.protocol.terms.stakeParams.longestDispute);
        expect(loadBusy(answer!.body.beginParse()).busyUntil).toBe(BigInt(busyUntil));
        const refusals = [
            await sendClaim(draftJob(scene), by),
            await send(by.owner, by.node.address, nodeBodies.unbond({ amount: 1n })),
            await send(by.owner, by.node.address, nodeBodies.withdrawUnbonded()),
        ];
        for (const refused of refusals) expectRefused(refused, by.node.address, ERR.ERR_BUSY);
        advance(scene.blockchain, busyUntil - now(scene.blockchain));
        const unbond = await send(by.owner, by.node.address, nodeBodies.unbond({ amount: 1n }));
        expect(exitCodeOn(unbond, by.node.address)).toBe(0);
    });

    it('takes the one that waits as soon as a slot is free', async () => {
        await fillSlots(16);
        const waiting = accusation(scene);
        await accuse(scene, waiting);
        const [first] = (await court()).accusations;
        await settle(first!.dispute, false);
        const result = await accuse(scene, waiting);
        expect(messagesBetween(result, by.node.address, waiting.dispute, opcodes.Accused)).toHaveLength(1);
        expect((await court()).accusations).toHaveLength(16);
    });
});

describe('a node that leaves', () => {
    it('pays for a conviction out of what unbonds when no stake is left', async () => {
        const { stake } = await by.node.getNode();
        await send(by.owner, by.node.address, nodeBodies.unbond({ amount: stake }));
        const accused = accusation(scene);
        await accuse(scene, accused);
        await settle(accused.dispute, true);
        const details = await by.node.getDetails();
        expect((await by.node.getNode()).unbonding).toBe(stake - LOCK);
        expect(details.unbondings.map(({ amount }) => amount)).toEqual([stake - LOCK]);
    });

    it('takes out what no accusation may take', async () => {
        const { stake } = await by.node.getNode();
        await send(by.owner, by.node.address, nodeBodies.unbond({ amount: stake }));
        const { unbondingPeriod } = scene.protocol.terms.stakeParams;
        advance(scene.blockchain, unbondingPeriod - DAY);
        const accused = accusation(scene);
        await accuse(scene, accused);
        advance(scene.blockchain, DAY);
        const result = await send(by.owner, by.node.address, nodeBodies.withdrawUnbonded());
        expect(paidBetween(result, by.node.address, by.owner.address)).toBeGreaterThan(stake - LOCK);
        expect(await by.node.getNode()).toMatchObject({ stake: 0n, unbonding: LOCK });
        const more = await send(by.owner, by.node.address, nodeBodies.withdrawUnbonded());
        expectRefused(more, by.node.address, ERR.ERR_FREE_STAKE);
        await settle(accused.dispute, false);
        const rest = await send(by.owner, by.node.address, nodeBodies.withdrawUnbonded());
        expect(paidBetween(rest, by.node.address, by.owner.address)).toBeGreaterThan(LOCK);
    });
});
