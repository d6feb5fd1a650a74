import type { Address, Cell } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { disputeBodies, VOTE } from 'cocoon-wrappers';
import { advance } from '../blockchain';
import { expectConserved } from '../ledger';
import type { Scene } from '../scene';
import { AMPLE, forge, send } from '../trace';
import {
    accusedBody,
    answerBody,
    itemBody,
    openBody,
    requestBody,
    responseBody,
    revealBody,
    seatBody,
} from './bodies';
import { type Court, type CourtOptions, draftCourt, PATIENCE, succeeds } from './court';

export function sendOpen(court: Court, value = court.value, from = court.scene.client) {
    return from.send({
        to: court.dispute.address,
        value,
        init: court.dispute.init,
        body: openBody(court),
        sendMode: 1,
    });
}

/** Speaks for a puppet. */
export async function speak(
    court: Court,
    from: Address,
    body: Cell,
    value = AMPLE,
): Promise<SendMessageResult> {
    court.forged += value;
    return forge(court.scene, from, court.dispute.address, body, { value });
}

export function sendResolve(court: Court, from = court.scene.keeper, value = AMPLE) {
    return send(from, court.dispute.address, disputeBodies.resolve({ queryId: 8n }), value);
}

export const PHASES = ['opened', 'confirmed', 'disclosed', 'seating', 'revealing', 'revealed'] as const;

/** Plays on from where a court is, phase by phase. `votes` are those of the jurors in their order; null does not reveal. */
export async function play(
    court: Court,
    until: (typeof PHASES)[number],
    votes: readonly (number | null)[] = [],
    from: (typeof PHASES)[number] = 'opened',
): Promise<Court> {
    for (const phase of PHASES.slice(PHASES.indexOf(from), PHASES.indexOf(until) + 1)) {
        if (phase === 'opened') await succeeds(court, sendOpen(court));
        if (phase === 'confirmed') await succeeds(court, speak(court, court.node, accusedBody(court)));
        if (phase === 'disclosed') await disclose(court);
        if (phase === 'seating') await answer(court);
        if (phase === 'revealing') await takeSeats(court, votes);
        if (phase === 'revealed') await reveal(court, votes);
    }
    return court;
}

/** What the accuser owes the jurors. A job is in Answering then, a session in Seating. */
async function disclose(court: Court): Promise<void> {
    const { client } = court.scene;
    const bodies = court.kind === 'job' ? [itemBody(court)] : [requestBody(court), responseBody(court)];
    for (const body of bodies) await succeeds(court, send(client, court.dispute.address, body));
}

/** Seats may be taken, and everyone's number is drawn. */
async function answer(court: Court): Promise<void> {
    if (court.kind === 'job') {
        await succeeds(court, send(court.operator, court.dispute.address, answerBody(court)));
    }
    advance(court.scene.blockchain, PATIENCE);
}

export async function takeSeats(court: Court, votes: readonly (number | null)[], round = 1): Promise<void> {
    for (const [k, vote] of votes.entries()) {
        const seat = court.jurors[k]!;
        const body = seatBody(court, seat, { round, vote: vote ?? VOTE.node });
        await succeeds(court, speak(court, seat.node, body));
    }
}

export async function reveal(court: Court, votes: readonly (number | null)[], from = 0): Promise<void> {
    for (const [k, vote] of votes.entries()) {
        if (vote === null) continue;
        const seat = court.jurors[from + k]!;
        await succeeds(court, send(seat.operator, court.dispute.address, revealBody(seat, vote)));
    }
}

// A court of its own in each phase.

export const opened = async (scene: Scene, options: CourtOptions = {}) =>
    play(await draftCourt(scene, options), 'opened');

export const confirmed = async (scene: Scene, options: CourtOptions = {}) =>
    play(await draftCourt(scene, options), 'confirmed');

export const disclosed = async (scene: Scene, options: CourtOptions = {}) =>
    play(await draftCourt(scene, options), 'disclosed');

export const seating = async (scene: Scene, options: CourtOptions = {}) =>
    play(await draftCourt(scene, options), 'seating');

export const revealing = async (
    scene: Scene,
    votes: readonly (number | null)[],
    options: CourtOptions = {},
) => play(await draftCourt(scene, options), 'revealing', votes);

export const revealed = async (scene: Scene, votes: readonly (number | null)[], options: CourtOptions = {}) =>
    play(await draftCourt(scene, options), 'revealed', votes);

/** Plays and expects that what came in, went out and was paid for adds up over all accounts. */
export async function expectCourtConserved(court: Court, actions: () => Promise<unknown>): Promise<void> {
    const before = court.forged;
    court.results = [];
    const run = async () => {
        await actions();
        return court.results;
    };
    await expectConserved(court.scene.blockchain, run, () => court.forged - before);
}
