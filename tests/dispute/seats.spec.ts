import '@ton/test-utils';
import { beginCell } from '@ton/core';
import { commitmentHash, disputeBodies, VOTE } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import {
    ACCUSED,
    type Court,
    disclosed,
    FIRST_JUROR,
    juror,
    nodeAt,
    PATIENCE,
    reveal,
    revealBody,
    revealing,
    type SeatChanges,
    STAKE,
    seatBody,
    seating,
    sendResolve,
    speak,
    stateOf,
    succeeds,
    takeSeats,
} from '../helpers/court';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectRefused, paidBetween, send } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
});

const sit = (court: Court, k = 0, changes: SeatChanges = {}) =>
    speak(court, court.jurors[k]!.node, seatBody(court, court.jurors[k]!, changes));

async function refuses(court: Court, changes: SeatChanges, error: number, k = 0): Promise<void> {
    expectRefused(await sit(court, k, changes), court.dispute.address, error);
}

/** The number that a node waits for, as docs/spec/disputes.md has it. */
function drawOf(seed: bigint, round: number, index: number): bigint {
    const cell = beginCell().storeUint(seed, 256).storeUint(round, 8).storeUint(index, 32).endCell();
    return BigInt(`0x${cell.hash().subarray(0, 8).toString('hex')}`);
}

describe('a seat', () => {
    it('is taken by a node of the registry, with its sealed vote', async () => {
        const court = await seating(scene);
        const { operator, node, index } = court.jurors[0]!;
        const before = await operator.getBalance();
        await succeeds(court, sit(court));
        const [seat] = (await stateOf(court)).seats;
        expect(seat).toMatchObject({ index, vote: null });
        expect(seat!.node).toEqualAddress(node);
        expect(seat!.operator).toEqualAddress(operator.address);
        expect(await operator.getBalance()).toBeGreaterThan(before);
    });

    it('comes when stake, rate and time outweigh the draw, not a second before', async () => {
        const court = await seating(scene);
        const { seed } = (await stateOf(court)).case!;
        const { begun } = await stateOf(court);
        const { index } = court.jurors[0]!;
        const draw = drawOf(seed, 1, index);
        const seconds = BigInt(now(scene.blockchain) - begun);
        // The smallest stake that is enough now.
        const stake = draw / (court.params.seatRate * seconds) + 1n;
        await refuses(court, { stake: stake - 1n }, ERR.ERR_CHANCE);
        await succeeds(court, sit(court, 0, { stake }));
    });

    it('is nobody’s in the second in which Seating begins', async () => {
        const court = await disclosed(scene, { kind: 'session' });
        await refuses(court, { stake: 10n ** 15n }, ERR.ERR_CHANCE);
    });

    it('is not taken by whom the address does not prove to be that node', async () => {
        const court = await seating(scene);
        const [one, other] = court.jurors;
        const body = seatBody(court, one!);
        for (const from of [other!.node, one!.operator.address, nodeAt(scene, ACCUSED)]) {
            expectRefused(await speak(court, from, body), court.dispute.address, ERR.ERR_ACCESS);
        }
    });

    it('is refused to the accused, its owner’s and the accuser’s nodes', async () => {
        const court = await seating(scene);
        await refuses(court, { owner: court.owner.address }, ERR.ERR_JUROR);
        await refuses(court, { owner: scene.client.address }, ERR.ERR_JUROR);
        const accused = await juror(court, ACCUSED);
        expectRefused(
            await speak(court, accused.node, seatBody(court, accused)),
            court.dispute.address,
            ERR.ERR_JUROR,
        );
    });

    it('needs stake and offer that are old enough, to the second, and the disputed model', async () => {
        const court = await seating(scene);
        const { confirmedAt } = (await stateOf(court)).case!;
        const oldest = confirmedAt - court.params.jurorAge;
        await refuses(court, { stakeSince: oldest + 1 }, ERR.ERR_JUROR);
        await refuses(court, { offeredSince: oldest + 1 }, ERR.ERR_JUROR);
        await refuses(court, { modelId: 5n }, ERR.ERR_JUROR);
        await refuses(court, { bond: court.params.jurorBond - 1n }, ERR.ERR_AMOUNT);
        await succeeds(court, sit(court, 0, { stakeSince: oldest, offeredSince: oldest }));
    });

    it('is of the present round', async () => {
        const court = await seating(scene);
        for (const round of [0, 2]) await refuses(court, { round }, ERR.ERR_ROUND);
        await succeeds(court, sit(court));
    });

    it('is taken until the window’s last second', async () => {
        const court = await seating(scene);
        advance(scene.blockchain, court.params.seatWindow - PATIENCE);
        await succeeds(court, sit(court));
        advance(scene.blockchain, 1);
        await refuses(court, {}, ERR.ERR_TOO_LATE, 1);
    });

    it('that is the last one begins the Revealing', async () => {
        const court = await revealing(scene, [0, 1, 2, 1, 0]);
        expect(await stateOf(court)).toMatchObject({
            phase: 'revealing',
            deadline: now(scene.blockchain) + court.params.revealWindow,
        });
        expect((await stateOf(court)).seats.map(({ index }) => index)).toEqual([100, 101, 102, 103, 104]);
        const sixth = await juror(court, FIRST_JUROR + 5);
        expectRefused(
            await speak(court, sixth.node, seatBody(court, sixth)),
            court.dispute.address,
            ERR.ERR_STATE,
        );
    });

    it('is not there before the disclosure', async () => {
        const court = await disclosed(scene);
        await refuses(court, {}, ERR.ERR_STATE);
    });

    it('in the second round is not for who left a vote of the first unrevealed', async () => {
        const court = await revealing(scene, [1, 1, 1, null, null], { jurors: 7 });
        await reveal(court, [1, 1, 1]);
        advance(scene.blockchain, court.params.revealWindow + 1);
        await succeeds(court, sendResolve(court));
        expect(await stateOf(court)).toMatchObject({ phase: 'seating', round: 2, seats: [] });
        expect((await stateOf(court)).banned.sort()).toEqual([FIRST_JUROR + 3, FIRST_JUROR + 4]);
        advance(scene.blockchain, PATIENCE);
        for (const k of [3, 4]) await refuses(court, { round: 2 }, ERR.ERR_JUROR, k);
        await refuses(court, { round: 1 }, ERR.ERR_ROUND);
        await succeeds(court, sit(court, 0, { round: 2 }));
        await succeeds(court, sit(court, 5, { round: 2 }));
    });
});

describe('a vote', () => {
    it.each([VOTE.node, VOTE.client, VOTE.unavailable])('of %i is revealed by its operator', async (vote) => {
        const court = await revealing(scene, [vote, 1, 1, 1, 1]);
        await reveal(court, [vote]);
        expect((await stateOf(court)).seats.map((seat) => seat.vote)).toEqual([vote, null, null, null, null]);
    });

    it('of each seat stands in its place', async () => {
        const votes = [2, 0, 1, 0, 2];
        const court = await revealing(scene, votes);
        for (const k of [3, 0, 4, 2, 1]) await reveal(court, [votes[k]!], k);
        expect((await stateOf(court)).seats.map((seat) => seat.vote)).toEqual(votes);
    });

    it('is revealed once, by nobody else, as it was sealed', async () => {
        const court = await revealing(scene, [1, 1, 1, 1, 1]);
        const [one, other] = court.jurors;
        const to = court.dispute.address;
        const says = (body: Parameters<typeof send>[2], from = one!.operator) => send(from, to, body);
        expectRefused(await says(revealBody(one!, 1), other!.operator), to, ERR.ERR_ACCESS);
        expectRefused(await says(revealBody(one!, 0)), to, ERR.ERR_COMMITMENT);
        expectRefused(await says(revealBody(one!, 3)), to, ERR.ERR_COMMITMENT);
        const salt = one!.salt + 1n;
        expectRefused(await says(revealBody({ ...one!, salt }, 1)), to, ERR.ERR_COMMITMENT);
        expectRefused(await says(revealBody({ ...one!, index: 9 }, 1)), to, ERR.ERR_SEAT_UNKNOWN);
        await succeeds(court, says(revealBody(one!, 1)));
        expectRefused(await says(revealBody(one!, 1)), to, ERR.ERR_REVEALED);
    });

    it('that was sealed with a number that stands for nothing is never revealed', async () => {
        const court = await seating(scene);
        await takeSeats(court, [3, 1, 1, 1, 1]);
        const [one] = court.jurors;
        const result = await send(one!.operator, court.dispute.address, revealBody(one!, 3));
        expectRefused(result, court.dispute.address, ERR.ERR_COMMITMENT);
    });

    it('is revealed while Revealing lasts, to its last second', async () => {
        const court = await seating(scene);
        await succeeds(court, sit(court, 0, { vote: 1 }));
        const [one, other] = court.jurors;
        const to = court.dispute.address;
        expectRefused(await send(one!.operator, to, revealBody(one!, 1)), to, ERR.ERR_STATE);
        for (const k of [1, 2, 3, 4]) await succeeds(court, sit(court, k, { vote: 1 }));
        advance(scene.blockchain, court.params.revealWindow);
        await succeeds(court, send(one!.operator, to, revealBody(one!, 1)));
        advance(scene.blockchain, 1);
        expectRefused(await send(other!.operator, to, revealBody(other!, 1)), to, ERR.ERR_TOO_LATE);
    });

    it('that was copied with its seal cannot be revealed by the copier', async () => {
        const court = await seating(scene);
        const [one, copier] = court.jurors;
        const commitment = commitmentHash({ ...one!, dispute: court.dispute.address, round: 1, vote: 1 });
        await succeeds(court, sit(court, 0, { vote: 1 }));
        await succeeds(court, sit(court, 1, { commitment }));
        for (const k of [2, 3, 4]) await succeeds(court, sit(court, k, { vote: 1 }));
        await reveal(court, [1]);
        // By now the copier has read vote and salt.
        const body = disputeBodies.reveal({ index: copier!.index, vote: 1, salt: one!.salt });
        const result = await send(copier!.operator, court.dispute.address, body);
        expectRefused(result, court.dispute.address, ERR.ERR_COMMITMENT);
    });

    it('sealed for another dispute or round is not one for this', async () => {
        const court = await seating(scene);
        const seal = (changes: object) =>
            commitmentHash({
                ...court.jurors[0]!,
                dispute: court.dispute.address,
                round: 1,
                vote: 1,
                ...changes,
            });
        const wrong = [seal({ dispute: scene.stranger.address }), seal({ round: 2 })];
        for (const [k, commitment] of wrong.entries()) await succeeds(court, sit(court, k, { commitment }));
        for (const k of [2, 3, 4]) await succeeds(court, sit(court, k, { vote: 1 }));
        for (const k of [0, 1]) {
            const seat = court.jurors[k]!;
            const result = await send(seat.operator, court.dispute.address, revealBody(seat, 1));
            expectRefused(result, court.dispute.address, ERR.ERR_COMMITMENT);
        }
    });

    it('gives back what it does not cost', async () => {
        const court = await revealing(scene, [1, 1, 1, 1, 1]);
        const { operator } = court.jurors[0]!;
        const result = await succeeds(
            court,
            send(operator, court.dispute.address, revealBody(court.jurors[0]!, 1)),
        );
        expect(paidBetween(result, court.dispute.address, operator.address)).toBeGreaterThan(1_990_000_000n);
    });
});

it('stake bought after the accusation is too young in both rounds', async () => {
    const court = await seating(scene);
    advance(scene.blockchain, court.params.seatWindow - PATIENCE + 1);
    await succeeds(court, sendResolve(court));
    advance(scene.blockchain, PATIENCE);
    const { confirmedAt } = (await stateOf(court)).case!;
    await refuses(court, { round: 2, stake: STAKE, stakeSince: confirmedAt }, ERR.ERR_JUROR);
    await succeeds(court, sit(court, 0, { round: 2, stakeSince: confirmedAt - DAY }));
});
