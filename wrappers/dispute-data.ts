import { Address, type Cell } from '@ton/core';
import * as binding from '../build/Dispute/Dispute_Dispute';
import { type DisputeParams, decodeDisputeParams } from './dispute-params';

/** Phases of an opened Dispute, by their number on chain. */
export const DISPUTE_PHASES = [
    'opening',
    'busy',
    'disclosing',
    'answering',
    'seating',
    'revealing',
    'resolved',
] as const;

/** Outcomes by their number on chain. `none`: no quorum, or the hard end. */
export const DISPUTE_OUTCOMES = ['none', 'node', 'client'] as const;

export interface DisputeSeat {
    /** Of the juror's node. */
    index: number;
    node: Address;
    /** The only one that may reveal. */
    operator: Address;
    commitment: bigint;
    /** One of VOTE; null until it is revealed. */
    vote: number | null;
}

/** What the Node told of the accused. */
export interface ConfirmedCase {
    /** Fixed by the confirmation; the sortition's. */
    seed: bigint;
    confirmedAt: number;
    /** From then on verdicts are ignored. */
    hardEnd: number;
    /** Of the accused node. */
    index: number;
    /** At issue, in nanoTON. */
    amount: bigint;
    owner: Address;
    operator: Address;
    payout: Address;
    modelId: bigint;
    /** SessionFacts or JobFacts. */
    facts: Cell;
}

/** State of a Dispute that was opened. Amounts in nanoTON, times in Unix seconds. */
export interface DisputeData {
    registry: Address;
    termsHash: bigint;
    openBefore: number;
    /** SessionSubject or JobSubject. */
    subject: Cell;
    /** Of its terms. */
    params: DisputeParams;
    phase: (typeof DISPUTE_PHASES)[number];
    /** 0 before there were seats to take, then 1 or 2. */
    round: number;
    /** Null until it is resolved. */
    outcome: (typeof DISPUTE_OUTCOMES)[number] | null;
    /** Of a job: number of the disclosed item. Of a session: 1 request, 2 response, 3 both. */
    shown: number;
    /** Last second of the phase. */
    deadline: number;
    /** When the seats of this round could be taken first. */
    begun: number;
    /** The accuser's: bond, and what the course may still cost. */
    held: bigint;
    /** What the jurors cost so far. */
    spent: bigint;
    /** Of this round, in the order in which they were taken. */
    seats: DisputeSeat[];
    /** Indices of the nodes that left a vote of the first round unrevealed. */
    banned: number[];
    /** Null until the Node confirmed the accusation. */
    case: ConfirmedCase | null;
}

/** Null for a Dispute that is not open. */
export function decodeDispute(view: binding.DisputeView): DisputeData | null {
    const phase = DISPUTE_PHASES[Number(view.phase)];
    if (phase === undefined || view.subject === null || view.params === null) return null;
    const outcome = DISPUTE_OUTCOMES[Number(view.outcome)] ?? 'none';
    return {
        registry: account(view.registry),
        termsHash: view.termsHash,
        openBefore: Number(view.openBefore),
        subject: view.subject,
        params: decodeDisputeParams(view.params),
        phase,
        round: Number(view.round),
        outcome: phase === 'resolved' ? outcome : null,
        shown: Number(view.shown),
        deadline: Number(view.deadline),
        begun: Number(view.begun),
        held: view.held,
        spent: view.spent,
        seats: decodeSeats(view.seats, view.votes, Number(view.taken)),
        banned: decodeIndices(view.banned),
        case: decodeCase(view),
    };
}

function decodeCase({ parties, facts, ...view }: binding.DisputeView): ConfirmedCase | null {
    if (parties === null || facts === null) return null;
    const { owner, operator, payout } = binding.loadAccusedParties(parties.beginParse());
    return {
        seed: view.seed,
        confirmedAt: Number(view.confirmedAt),
        hardEnd: Number(view.hardEnd),
        index: Number(view.index),
        amount: view.amount,
        owner: account(owner),
        operator: account(operator),
        payout: account(payout),
        modelId: facts.beginParse().loadUintBig(256),
        facts,
    };
}

function decodeSeats(last: Cell | null, votes: bigint, taken: number): DisputeSeat[] {
    const seats: DisputeSeat[] = [];
    for (let cell = last, place = taken - 1; cell !== null; place--) {
        const { index, node, operator, commitment, before } = binding.loadDisputeSeat(cell.beginParse());
        const vote = Number((votes >> BigInt(4 * place)) & 15n);
        seats.unshift({
            index: Number(index),
            node: account(node),
            operator: account(operator),
            commitment,
            vote: vote === 0 ? null : vote - 1,
        });
        cell = before;
    }
    return seats;
}

function decodeIndices(cell: Cell | null): number[] {
    const indices: number[] = [];
    const slice = cell?.beginParse();
    while (slice && slice.remainingBits > 0) indices.push(slice.loadUint(32));
    return indices;
}

function account(id: bigint): Address {
    return new Address(0, Buffer.from(id.toString(16).padStart(64, '0'), 'hex'));
}
