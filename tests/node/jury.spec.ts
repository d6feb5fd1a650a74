import '@ton/test-utils';
import { type Address, toNano } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { loadSeat } from '../../build/Node/Node_Node';
import { settleSeat, someDispute, someSubject } from '../helpers/accusation';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { draftJob, sendClaim } from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { receive } from '../helpers/node';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { DISPUTES } from '../helpers/terms';
import {
    AMPLE,
    exitCodeOn,
    expectRefused,
    forge,
    messagesBetween,
    paidBetween,
    send,
} from '../helpers/trace';

const BOND = DISPUTES.jurorBond;
const STAKE = 9n * BOND;

let scene: Scene;
let by: Operator;
let openBefore: number;

beforeEach(async () => {
    scene = await createScene({ value: toNano('1000') });
    by = operatorOf(scene);
    openBefore = now(scene.blockchain) + 100;
});

const setStake = (amount: bigint, from = by.owner) =>
    send(from, by.node.address, nodeBodies.setJurorStake({ amount }));
const court = () => by.node.getCourt();

function takeSeat(n: number, from = by.operator, offer = 0) {
    const body = nodeBodies.takeSeat({
        termsHash: scene.protocol.termsHash,
        subject: someSubject(n),
        openBefore,
        round: 1,
        offer,
        commitment: 0xc0ffeen,
    });
    return send(from, by.node.address, body);
}

const disputeOf = (n: number): Address => someDispute(scene, someSubject(n), openBefore);

/** What came of a seat that was taken, as if its Dispute had said nothing: the bounce is left out. */
async function sit(n: number): Promise<void> {
    const contract = await scene.blockchain.getContract(by.node.address);
    const body = nodeBodies.takeSeat({
        termsHash: scene.protocol.termsHash,
        subject: someSubject(n),
        openBefore,
        round: 1,
        offer: 0,
        commitment: 0xc0ffeen,
    });
    await receive(contract, by.operator.address, body, { at: scene.blockchain.now });
}

describe('juror stake', () => {
    it('is locked, and ages from its last raise', async () => {
        const { locked } = await by.node.getNode();
        await setStake(STAKE);
        const since = now(scene.blockchain);
        expect((await by.node.getNode()).locked).toBe(locked + STAKE);
        advance(scene.blockchain, 10);
        await setStake(STAKE - 1n);
        expect(await court()).toMatchObject({ jurorStake: STAKE - 1n, jurorSince: since });
        await setStake(STAKE);
        expect(await court()).toMatchObject({ jurorStake: STAKE, jurorSince: since + 10 });
        await setStake(0n);
        expect((await by.node.getNode()).locked).toBe(locked);
    });

    it('is the owner’s to set, out of what is free above the reserve', async () => {
        expectRefused(await setStake(1n, by.operator), by.node.address, ERR.ERR_ACCESS);
        const { stake, reserve } = await by.node.getNode();
        expectRefused(await setStake(stake - reserve + 1n), by.node.address, ERR.ERR_FREE_STAKE);
        await setStake(stake - reserve);
        const claim = await sendClaim(draftJob(scene, { spec: { collateral: 1n } }), by);
        expectRefused(claim, by.node.address, ERR.ERR_FREE_STAKE);
        const unbond = await send(by.owner, by.node.address, nodeBodies.unbond({ amount: reserve + 1n }));
        expectRefused(unbond, by.node.address, ERR.ERR_FREE_STAKE);
    });

    it('is not raised by a node that leaves, nor lowered below its bonds', async () => {
        await setStake(BOND);
        await sit(1);
        expectRefused(await setStake(BOND - 1n), by.node.address, ERR.ERR_FREE_STAKE);
        const { stake, locked } = await by.node.getNode();
        await send(by.owner, by.node.address, nodeBodies.unbond({ amount: stake - locked }));
        expectRefused(await setStake(BOND + 1n), by.node.address, ERR.ERR_EXITING);
    });
});

describe('a seat', () => {
    beforeEach(() => setStake(STAKE));

    it('is asked for at the Dispute that the node derives, with what makes its chance', async () => {
        const dispute = disputeOf(1);
        const result = await takeSeat(1);
        const [message] = messagesBetween(result, by.node.address, dispute, opcodes.Seat);
        expect(loadSeat(message!.body.beginParse())).toMatchObject({
            index: 0n,
            round: 1n,
            bond: BOND,
            stake: STAKE,
            stakeSince: BigInt(now(scene.blockchain)),
            modelId: 0xc0c00_1n,
            offeredSince: BigInt((await by.node.getDetails()).since),
        });
    });

    it('that the Dispute does not give costs nothing: the bounce frees the bond', async () => {
        const [result] = await expectConserved(scene.blockchain, async () => [await takeSeat(1)]);
        expect(result!.transactions).toHaveTransaction({
            to: by.node.address,
            inMessageBounced: true,
            success: true,
        });
        expect(await court()).toMatchObject({ bonds: 0n, seats: [] });
        expect(paidBetween(result!, by.node.address, by.operator.address)).toBeGreaterThan(
            AMPLE - toNano('0.05'),
        );
    });

    it('is the operator’s to take, with an offer, once for a dispute', async () => {
        expectRefused(await takeSeat(1, by.owner), by.node.address, ERR.ERR_ACCESS);
        expectRefused(await takeSeat(1, by.operator, 7), by.node.address, ERR.ERR_OFFER);
        await sit(1);
        expectRefused(await takeSeat(1), by.node.address, ERR.ERR_LOCK_EXISTS);
    });

    it('is one of eight, and never more than the juror stake covers', async () => {
        for (let n = 1; n <= 8; n++) await sit(n);
        expect(await court()).toMatchObject({ bonds: 8n * BOND });
        expectRefused(await takeSeat(9), by.node.address, ERR.ERR_SEATS_FULL);
        await forge(scene, disputeOf(1), by.node.address, settleSeat(0n, 0n, scene.client.address));
        await setStake(8n * BOND - 1n);
        expectRefused(await takeSeat(9), by.node.address, ERR.ERR_SEATS_FULL);
    });

    it('ends with the fee to the payout address', async () => {
        await sit(1);
        const fee = toNano('0.1');
        const result = await forge(
            scene,
            disputeOf(1),
            by.node.address,
            settleSeat(fee, 0n, scene.client.address),
        );
        expect(paidBetween(result, by.node.address, by.payout.address)).toBe(fee);
        expect(await court()).toMatchObject({ bonds: 0n, jurorStake: STAKE, seats: [] });
    });

    it('that is slashed pays half to whom it damaged and burns half', async () => {
        await sit(1);
        const before = await by.node.getNode();
        const slash = toNano('7');
        const result = await forge(
            scene,
            disputeOf(1),
            by.node.address,
            settleSeat(0n, slash, scene.client.address),
        );
        expect(paidBetween(result, by.node.address, scene.client.address)).toBe(slash / 2n);
        const after = await by.node.getNode();
        expect([before.stake - after.stake, before.locked - after.locked]).toEqual([slash, slash]);
        expect(await court()).toMatchObject({ jurorStake: STAKE - slash, bonds: 0n });
    });

    it('costs no more than its bond, and nothing after the hard end', async () => {
        await sit(1);
        await sit(2);
        const end = (n: number) =>
            forge(scene, disputeOf(n), by.node.address, settleSeat(0n, 2n * BOND, scene.client.address));
        await end(1);
        expect(await court()).toMatchObject({ jurorStake: STAKE - BOND });
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute + 1);
        await end(2);
        expect(await court()).toMatchObject({ jurorStake: STAKE - BOND, bonds: 0n, seats: [] });
    });

    it('that is not there still passes its fee on, out of its own value alone', async () => {
        const { stake } = await by.node.getNode();
        const settle = (fee: bigint) =>
            forge(scene, disputeOf(1), by.node.address, settleSeat(fee, toNano('3'), scene.client.address));
        const result = await settle(toNano('0.1'));
        expect(paidBetween(result, by.node.address, by.payout.address)).toBe(toNano('0.1'));
        const greedy = await settle(toNano('100'));
        expect(paidBetween(greedy, by.node.address, by.payout.address)).toBeLessThan(AMPLE);
        expect(messagesBetween(greedy, by.node.address, scene.client.address)).toHaveLength(0);
        expect((await by.node.getNode()).stake).toBe(stake);
    });

    it('is free for anyone to release after its hard end', async () => {
        await sit(1);
        const release = () =>
            send(scene.keeper, by.node.address, nodeBodies.releaseExpiredCourt({ dispute: disputeOf(1) }));
        expectRefused(await release(), by.node.address, ERR.ERR_LOCK_ALIVE);
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute + 1);
        expect(exitCodeOn(await release(), by.node.address)).toBe(0);
        expect(await court()).toMatchObject({ bonds: 0n, seats: [] });
    });
});
