import '@ton/test-utils';
import { createHash } from 'node:crypto';
import { Address, beginCell, Cell, toNano } from '@ton/core';
import { createShardAccount, type SandboxContract, type SendMessageResult } from '@ton/sandbox';
import {
    cellHash,
    commitmentHash,
    Dispute,
    type DisputeData,
    type DisputeParams,
    disputeBodies,
    encodeJobEvidence,
    encodeJobSubject,
    encodeSessionEvidence,
    encodeSessionSubject,
    Node,
    VOTE,
} from 'cocoon-wrappers';
import {
    storeAccused,
    storeAccusedParties,
    storeJobFacts,
    storeJurorSeat,
    storeSeat,
    storeSessionFacts,
} from '../../build/Dispute/Dispute_Dispute';
import { advance, now } from './blockchain';
import { hash, type Shown, shownItem, snake } from './disclosed';
import { expectConserved } from './ledger';
import { MODEL_ID } from './protocol';
import type { Scene } from './scene';
import { DAY } from './terms';
import { AMPLE, forge, send, type Wallet } from './trace';

/** The accused node's index, and that of the first juror. */
export const ACCUSED = 7;
export const FIRST_JUROR = 100;
const COLLATERAL = toNano('10');
export const STAKE = toNano('1000');
/** Longer than any juror has to wait. */
export const PATIENCE = 3_600;

export interface Juror {
    index: number;
    node: Address;
    owner: Address;
    operator: Wallet;
    salt: bigint;
}

/**
 * A dispute among puppets: accounts at the addresses of nodes and of the job that swallow everything, and in whose name a test
 * speaks.
 */
export interface Court {
    scene: Scene;
    kind: 'job' | 'session';
    params: DisputeParams;
    dispute: SandboxContract<Dispute>;
    openBefore: number;
    subject: Cell;
    evidence: Cell;
    /** Who is asked to freeze: the job, or the node. */
    target: Address;
    node: Address;
    owner: Wallet;
    operator: Wallet;
    payout: Wallet;
    jurors: Juror[];
    shown: Shown;
    facts: Cell;
    value: bigint;
    /** What puppets brought, from nowhere. */
    forged: bigint;
    /** Of all that `succeeds` saw. */
    results: SendMessageResult[];
}

export interface CourtOptions {
    kind?: 'job' | 'session';
    openBefore?: number;
    jurors?: number;
    claim?: number;
    shown?: Shown;
    /** Brought by the opening. */
    value?: bigint;
}

/** Ready to be opened by the scene's client. */
export async function draftCourt(scene: Scene, options: CourtOptions = {}): Promise<Court> {
    const { kind = 'job', jurors = 5, claim = 1, openBefore = now(scene.blockchain) + DAY } = options;
    const { registry, termsHash, terms } = scene.protocol;
    const params = terms.kinds.disputes;
    if (!params) throw new Error('These terms have no disputes.');
    const wallet = (name: string) => scene.blockchain.treasury(name);
    const node = nodeAt(scene, ACCUSED);
    const job = named('job');
    const shown = options.shown ?? shownItem(3, 1);
    const accuser = scene.client.address;
    const subject =
        kind === 'job'
            ? encodeJobSubject({ accuser, job, claim })
            : encodeSessionSubject({
                  accuser,
                  node,
                  vault: named('vault'),
                  slot: 3,
                  generation: 2n,
                  sequence: 9n,
              });
    const court: Court = {
        scene,
        kind,
        params,
        openBefore,
        subject,
        evidence:
            kind === 'job'
                ? encodeJobEvidence(shown.resultRoot)
                : encodeSessionEvidence({
                      vaultNonce: 1n,
                      vaultOpenBefore: openBefore,
                      receipt: beginCell().storeUint(1, 8).endCell(),
                      signature: Buffer.alloc(64, 7),
                  }),
        dispute: scene.blockchain.openContract(
            Dispute.fromIdentity({
                registry: registry.address,
                termsHash,
                subject: cellHash(subject),
                openBefore,
            }),
        ),
        target: kind === 'job' ? job : node,
        node,
        owner: await wallet('accused-owner'),
        operator: await wallet('accused-operator'),
        payout: await wallet('accused-payout'),
        jurors: [],
        shown,
        facts: kind === 'job' ? jobFacts(shown) : sessionFacts(shown),
        value: options.value ?? AMPLE + toNano('5'),
        forged: 0n,
        results: [],
    };
    await puppet(scene, node);
    await puppet(scene, job);
    for (let k = 0; k < jurors; k++) court.jurors.push(await juror(court, FIRST_JUROR + k));
    return court;
}

export async function juror(court: Court, index: number): Promise<Juror> {
    const node = nodeAt(court.scene, index);
    await puppet(court.scene, node);
    return {
        index,
        node,
        owner: named(`juror-owner-${index}`),
        operator: await court.scene.blockchain.treasury(`juror-operator-${index}`),
        salt: hash(Buffer.from(`salt ${index}`)),
    };
}

export function openBody({ scene, subject, evidence }: Court): Cell {
    return disputeBodies.open({ queryId: 3n, terms: scene.protocol.termsCell, subject, evidence });
}

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

export function accusedBody(court: Court, changes: { index?: number; hardEnd?: number } = {}): Cell {
    const id = ({ address }: { address: Address }) => BigInt(`0x${address.hash.toString('hex')}`);
    return beginCell()
        .store(
            storeAccused({
                $$type: 'Accused',
                queryId: 3n,
                index: BigInt(changes.index ?? ACCUSED),
                amount: COLLATERAL,
                hardEnd: BigInt(
                    changes.hardEnd ??
                        now(court.scene.blockchain) + court.scene.protocol.terms.stakeParams.longestDispute,
                ),
                parties: beginCell()
                    .store(
                        storeAccusedParties({
                            $$type: 'AccusedParties',
                            owner: id(court.owner),
                            operator: id(court.operator),
                            payout: id(court.payout),
                        }),
                    )
                    .endCell(),
                facts: court.facts,
            }),
        )
        .endCell();
}

export function itemBody(
    { shown }: Court,
    changes: Partial<Parameters<typeof disputeBodies.discloseItem>[0]> = {},
) {
    const { index, input } = shown;
    return disputeBodies.discloseItem({ index, ...input, ...changes });
}

export function requestBody({ shown }: Court): Cell {
    return disputeBodies.discloseRequest({ salt: shown.salt, task: 1, body: snake(shown.request) });
}

export function responseBody({ shown }: Court): Cell {
    return disputeBodies.discloseResponse({ salt: shown.salt, deltas: snake(shown.response) });
}

export function answerBody({ shown }: Court): Cell {
    return disputeBodies.answerItem(shown.result);
}

export interface SeatChanges {
    round?: number;
    bond?: bigint;
    stake?: bigint;
    stakeSince?: number;
    modelId?: bigint;
    offeredSince?: number;
    owner?: Address;
    vote?: number;
    commitment?: bigint;
}

export function seatBody(court: Court, seat: Juror, changes: SeatChanges = {}): Cell {
    const old = now(court.scene.blockchain) - 30 * DAY;
    const { round = 1, vote = VOTE.client, owner = seat.owner } = changes;
    const commitment =
        changes.commitment ?? commitmentHash({ ...seat, dispute: court.dispute.address, round, vote });
    const juror = beginCell().store(
        storeJurorSeat({
            $$type: 'JurorSeat',
            owner: BigInt(`0x${owner.hash.toString('hex')}`),
            operator: BigInt(`0x${seat.operator.address.hash.toString('hex')}`),
            commitment,
        }),
    );
    return beginCell()
        .store(
            storeSeat({
                $$type: 'Seat',
                queryId: 4n,
                index: BigInt(seat.index),
                round: BigInt(round),
                bond: changes.bond ?? court.params.jurorBond,
                stake: changes.stake ?? STAKE,
                stakeSince: BigInt(changes.stakeSince ?? old),
                modelId: changes.modelId ?? MODEL_ID,
                offeredSince: BigInt(changes.offeredSince ?? old),
                juror: juror.endCell(),
            }),
        )
        .endCell();
}

export function revealBody({ index, salt }: Juror, vote: number): Cell {
    return disputeBodies.reveal({ index, vote, salt });
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

export async function stateOf({ dispute }: Court): Promise<DisputeData> {
    const state = await dispute.getDispute();
    if (!state) throw new Error('The dispute is not open.');
    return state;
}

export async function succeeds(court: Court, sent: Promise<SendMessageResult>): Promise<SendMessageResult> {
    const result = await sent;
    expect(result.transactions).toHaveTransaction({ to: court.dispute.address, success: true });
    court.results.push(result);
    return result;
}

export function nodeAt(scene: Scene, index: number): Address {
    return Node.fromIndex(scene.protocol.registry.address, index).address;
}

export function named(name: string): Address {
    return new Address(0, createHash('sha256').update(name).digest());
}

/** An account that takes whatever comes. */
export async function puppet({ blockchain }: Scene, address: Address): Promise<void> {
    const empty = { address, code: Cell.EMPTY, data: Cell.EMPTY, balance: toNano('1') };
    await blockchain.setShardAccount(address, createShardAccount(empty));
}

function jobFacts(shown: Shown): Cell {
    const { inputTop, resultRoot, items } = shown;
    return beginCell()
        .store(
            storeJobFacts({
                $$type: 'JobFacts',
                modelId: MODEL_ID,
                inputTop,
                resultRoot,
                items: BigInt(items),
            }),
        )
        .endCell();
}

function sessionFacts({ requestHash, responseHash }: Shown): Cell {
    return beginCell()
        .store(storeSessionFacts({ $$type: 'SessionFacts', modelId: MODEL_ID, requestHash, responseHash }))
        .endCell();
}
