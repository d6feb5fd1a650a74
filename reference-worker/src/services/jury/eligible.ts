import type { Address } from '@ton/core';
import type { DisputeInfo, JurorStake, NodeOffer } from 'cocoon-sdk';

/** What decides whether a node may sit. Amounts in nanoTON, times in unix seconds. */
export interface Candidate {
    readonly index: number;
    readonly owner: Address;
    /** When the node was registered. */
    readonly since: number;
    readonly stake: JurorStake;
    readonly offers: readonly NodeOffer[];
    /** Hashes of the terms that the node holds. */
    readonly terms: ReadonlySet<bigint>;
    /** Seats that the operator wants to hold at a time. */
    readonly maxSeats: number;
}

/** `wait`: not now, perhaps later in this dispute. `never`: not in this dispute. */
export type Eligibility =
    | { readonly may: 'sit' }
    | { readonly may: 'wait'; readonly reason: string }
    | { readonly may: 'never'; readonly reason: string };

/** What Node and Dispute will say to a seat, sortition apart: asking in vain costs fees. The dispute must be confirmed. */
export function eligibility(info: DisputeInfo, accuser: Address, candidate: Candidate): Eligibility {
    const reason = neverBecause(info, accuser, candidate);
    if (reason !== undefined) return { may: 'never', reason };
    const { stake, index, maxSeats } = candidate;
    if (info.banned.includes(index)) return { may: 'wait', reason: 'banned' };
    if (info.seats.some((seat) => seat.index === index)) return { may: 'wait', reason: 'seated' };
    // The seat was asked for, and the Dispute has not said yes or no.
    if (stake.seats.some((dispute) => dispute.equals(info.address))) return { may: 'wait', reason: 'asked' };
    if (stake.seats.length >= maxSeats) return { may: 'wait', reason: 'seats_full' };
    if (stake.bonds + info.params.jurorBond > stake.stake) return { may: 'wait', reason: 'bond' };
    return { may: 'sit' };
}

function neverBecause(info: DisputeInfo, accuser: Address, candidate: Candidate): string | undefined {
    const { case: accused, params, termsHash } = info;
    if (accused === null) return 'unconfirmed';
    const { owner, stake, offers } = candidate;
    if (candidate.index === accused.index || owner.equals(accused.owner)) return 'accused';
    if (owner.equals(accuser)) return 'accuser';
    if (!candidate.terms.has(termsHash)) return 'terms';
    const bornBefore = accused.confirmedAt - params.jurorAge;
    if (stake.stake === 0n) return 'no_juror_stake';
    if (stake.since > bornBefore) return 'stake_too_young';
    const offer = offers.find(({ modelId }) => modelId === accused.modelId);
    if (offer === undefined) return 'model_not_offered';
    const offeredSince = offer.appearedAt === 0 ? candidate.since : offer.appearedAt;
    return offeredSince > bornBefore ? 'offer_too_young' : undefined;
}
