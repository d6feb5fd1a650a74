import '@ton/test-utils';
import type { Cell } from '@ton/core';
import { beginCell } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { disputeBodies, VOTE } from 'cocoon-wrappers';
import { storeBusy } from '../../build/Dispute/Dispute_Dispute';
import { disputeStorage, feesUnder } from '../gas/formulas';
import { advance, now } from '../helpers/blockchain';
import {
    answerBody,
    type Court,
    confirmed,
    disclosed,
    draftCourt,
    itemBody,
    opened,
    requestBody,
    responseBody,
    revealBody,
    revealed,
    revealing,
    seatBody,
    seating,
    sendOpen,
    sendResolve,
    speak,
    succeeds,
} from '../helpers/court';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { expectRefused, send, type Wallet } from '../helpers/trace';

const fees = feesUnder(1n);
const FIVE = Array.from({ length: 5 }, () => VOTE.client);

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
});

/** Refused one nanoTON below, done at the minimum. */
async function expectMinimum(
    court: Court,
    minimum: bigint,
    attempt: (value: bigint) => Promise<SendMessageResult>,
): Promise<void> {
    expectRefused(await attempt(minimum - 1n), court.dispute.address, ERR.ERR_VALUE);
    await succeeds(court, attempt(minimum));
}

const says = (court: Court, body: Cell, from: Wallet) => (value: bigint) =>
    send(from, court.dispute.address, body, value);

it.each(['job', 'session'] as const)('OpenDispute of a %s', async (kind) => {
    const court = await draftCourt(scene, { kind });
    const { accuserBond, jurors, jurorFee } = court.params;
    const course = 2n * BigInt(jurors) * (jurorFee + fees.settleSeat);
    const tips = 3n * scene.protocol.terms.jobParams.keeperTip;
    const [asked, end] = kind === 'job' ? [fees.freeze, fees.verdict] : [fees.accuse, fees.settleAccusation];
    const minimum = accuserBond + course + tips + end + asked + fees.openDispute + disputeStorage(1n);
    await expectMinimum(court, minimum, (value) => sendOpen(court, value));
});

it('Retry', async () => {
    const court = await opened(scene, { kind: 'session' });
    const busyUntil = BigInt(now(scene.blockchain) + 500);
    const busy = beginCell()
        .store(storeBusy({ $$type: 'Busy', queryId: 0n, busyUntil }))
        .endCell();
    await succeeds(court, speak(court, court.node, busy));
    const body = disputeBodies.retry({ evidence: court.evidence });
    await expectMinimum(court, fees.accuse + fees.retry, says(court, body, scene.keeper));
});

it('DiscloseItem and AnswerItem', async () => {
    const court = await confirmed(scene);
    await expectMinimum(court, fees.disclose, says(court, itemBody(court), scene.client));
    await expectMinimum(court, fees.disclose, says(court, answerBody(court), court.operator));
});

it('DiscloseRequest and DiscloseResponse', async () => {
    const court = await confirmed(scene, { kind: 'session' });
    await expectMinimum(court, fees.discloseSnake, says(court, requestBody(court), scene.client));
    await expectMinimum(court, fees.discloseSnake, says(court, responseBody(court), scene.client));
});

it('Seat', async () => {
    const court = await seating(scene);
    const [seat] = court.jurors;
    const body = seatBody(court, seat!);
    await expectMinimum(court, fees.seat, (value) => speak(court, seat!.node, body, value));
});

it('Reveal', async () => {
    const court = await revealing(scene, FIVE);
    const [seat] = court.jurors;
    await expectMinimum(court, fees.reveal, says(court, revealBody(seat!, VOTE.client), seat!.operator));
});

it('Resolve, by the number of seats', async () => {
    const full = await revealed(scene, FIVE);
    await expectMinimum(full, fees.resolve(5), (value) => sendResolve(full, scene.keeper, value));
    const empty = await disclosed(scene, { claim: 2 });
    advance(scene.blockchain, DAY);
    await expectMinimum(empty, fees.resolve(0), (value) => sendResolve(empty, scene.keeper, value));
});

it('DestroyDispute', async () => {
    const court = await revealed(scene, FIVE);
    await succeeds(court, sendResolve(court));
    advance(scene.blockchain, 2 * DAY);
    await expectMinimum(court, fees.destroyDispute, says(court, disputeBodies.destroy(), scene.keeper));
});
