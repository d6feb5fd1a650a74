import { BPS, COURSE_FEES, type Parameters, quorumOf } from './parameters';

// The money of docs/spec/disputes.md, "Resolution", in nanoTON. What leaves one is what the others get or what is burnt.

/** How the seats of one round ended; they add up to the number of jurors. */
export interface Votes {
    node: number;
    client: number;
    unavailable: number;
    silent: number;
}

export type Outcome = 'convicted' | 'acquitted' | 'no quorum';

export interface Money {
    accuser: number;
    accused: number;
    /** Sent to account 0, and fees of the network. */
    burnt: number;
    /** For each juror by how it ended. */
    juror: Votes;
}

export function outcomeOf(votes: Votes): Outcome {
    const seats = votes.node + votes.client + votes.unavailable + votes.silent;
    if (2 * votes.client > seats) return 'convicted';
    return seats - votes.silent >= quorumOf(seats) ? 'acquitted' : 'no quorum';
}

/** The end of one round of a session's dispute. A first round without quorum moves the same money as a second. */
export function settle(votes: Votes, lock: number, price: number, p: Parameters): Money {
    const outcome = outcomeOf(votes);
    const penalty = Math.floor((p.jurorBond * p.minorityBps) / BPS);
    const juror = { node: p.jurorFee, client: p.jurorFee, unavailable: p.jurorFee, silent: -p.jurorBond };
    const voted = votes.node + votes.client + votes.unavailable;
    const cost = voted * p.jurorFee + COURSE_FEES;
    let lost = votes.silent * p.jurorBond;
    if (outcome === 'convicted') {
        juror.node -= penalty;
        lost += votes.node * penalty;
        const compensation = Math.min(price, Math.floor(lock / 2));
        const paid = Math.min(lock - compensation, cost);
        const toAccuser = Math.floor(lost / 2);
        return {
            accuser: compensation - (cost - paid) + toAccuser,
            accused: -lock,
            burnt: lock - compensation - paid + (lost - toAccuser) + COURSE_FEES,
            juror,
        };
    }
    if (outcome === 'no quorum') {
        const half = Math.floor(lost / 2);
        return { accuser: half - cost, accused: 0, burnt: lost - half + COURSE_FEES, juror };
    }
    if (2 * votes.node > voted + votes.silent) {
        juror.client -= penalty;
        lost += votes.client * penalty;
    }
    const toAccused = Math.floor(p.accuserBond / 2) + Math.floor(lost / 2);
    return {
        accuser: -p.accuserBond - cost,
        accused: toAccused,
        burnt: p.accuserBond + lost - toAccused + COURSE_FEES,
        juror,
    };
}

/** Zero for every settlement. */
export function sumOf(money: Money, votes: Votes): number {
    const { accuser, accused, burnt, juror } = money;
    const jurors =
        votes.node * juror.node +
        votes.client * juror.client +
        votes.unavailable * juror.unavailable +
        votes.silent * juror.silent;
    return accuser + accused + burnt + jurors;
}
