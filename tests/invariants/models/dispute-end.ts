import type { Address } from '@ton/core';
import type { Note, Ruling } from '../notes';
import { accepted, burnt, type Expected, excessTo, payment, type Verdict } from '../verdict';
import type { DisputeModel } from './dispute';
import { fees } from './dispute-fees';
import type { SeatModel } from './dispute-jury';

/** What a Resolve leads to. */
export interface Ending {
    outcome: Ruling;
    /** Node or Job hear of it. */
    told: boolean;
    /** Nothing is over: seats are to be taken, in the first or the second round. */
    again?: boolean;
    /** The jury revealed: who voted has a fee, who did not loses the bond. */
    voted?: boolean;
    /** This vote was against the outcome. */
    against?: number;
}

export function tally(seats: readonly SeatModel[]) {
    const count = (vote: number) => seats.filter((seat) => seat.vote === vote).length;
    const revealed = seats.filter(({ vote }) => vote !== undefined).length;
    return { revealed, forNode: count(0), forClient: count(1) };
}

/** Ends the seats of a round, then begins the next one or ends the dispute. */
export function end(dispute: DisputeModel, caller: Address, now: number, ending: Ending): Verdict {
    const { suit, params, seats } = dispute;
    const { outcome } = ending;
    const acquitted = outcome === 'node';
    const beneficiary = acquitted && dispute.case ? dispute.case.payout : suit.accuser;
    const voters = ending.voted ? tally(seats).revealed : 0;
    const cost = BigInt(seats.length) * fees.settleSeat + BigInt(voters) * params.jurorFee;
    const tip = caller.equals(suit.accuser) ? 0n : dispute.tip;
    const told = ending.told && !ending.again;
    const given = suit.kind === 'job' ? fees.verdict : fees.settleAccusation;
    const out = cost + tip + (told ? given : 0n);
    if (out > dispute.held) throw new Error('A dispute holds less than its longest course costs.');
    dispute.held -= out;
    dispute.spent += cost;
    const sends = seats.map((seat) => endOfSeat(dispute, seat, ending, beneficiary));
    if (ending.again) {
        if (ending.voted) {
            dispute.banned = seats.filter(({ vote }) => vote === undefined).map(({ index }) => index);
        }
        dispute.startSeating(dispute.round + 1, now);
        return accepted({ sends, ...excessTo(caller, tip) });
    }
    if (told) sends.push(ruling(dispute, outcome, given));
    let rest = dispute.held;
    if (acquitted) {
        const bond = rest < params.accuserBond ? rest : params.accuserBond;
        sends.push(payment('DisputePayout', beneficiary, bond / 2n), burnt(bond - bond / 2n));
        rest -= bond;
    }
    if (rest > 0n) sends.push(payment('DisputePayout', suit.accuser, rest));
    dispute.held = 0n;
    dispute.phase = 'resolved';
    dispute.outcome = outcome;
    return accepted({ sends, ...excessTo(caller, tip) });
}

function endOfSeat(
    { params }: DisputeModel,
    seat: SeatModel,
    { voted, against }: Ending,
    beneficiary: Address,
): Expected {
    const { jurorFee, jurorBond, minorityBps } = params;
    const absent = voted && seat.vote === undefined;
    const wrong = voted && seat.vote !== undefined && seat.vote === against;
    const fee = voted && !absent ? jurorFee : 0n;
    const slash = absent ? jurorBond : wrong ? (jurorBond * BigInt(minorityBps)) / 10_000n : 0n;
    const note: Note = { kind: 'settleSeat', fee, slash, beneficiary };
    return { to: seat.node, opcode: 'SettleSeat', note, exactly: fees.settleSeat + fee };
}

function ruling({ suit, spent }: DisputeModel, outcome: Ruling, given: bigint): Expected {
    const { accused: to, claim } = suit;
    return suit.kind === 'job'
        ? {
              to,
              opcode: 'Verdict',
              note: { kind: 'verdict', outcome, claim, costs: spent },
              exactly: given,
          }
        : {
              to,
              opcode: 'SettleAccusation',
              note: { kind: 'settleAccusation', convicted: outcome === 'client', costs: spent },
              exactly: given,
          };
}
