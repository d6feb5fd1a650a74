import { Address } from '@ton/core';
import type { DisputeInfo, JurorStake, NodeOffer } from 'cocoon-sdk';
import { type Candidate, eligibility } from '../../src/services/jury/eligible';

const account = (byte: number) => new Address(0, Buffer.alloc(32, byte));
const ACCUSER = account(1);
const MODEL = 77n;

/** Confirmed at 1,000; stake and offers must be there since 900. */
const dispute = (changes: Partial<DisputeInfo> = {}) =>
    ({
        address: account(9),
        termsHash: 5n,
        params: { jurorBond: 50n, jurorAge: 100 },
        case: { index: 3, owner: account(2), modelId: MODEL, confirmedAt: 1_000 },
        seats: [],
        banned: [],
        ...changes,
    }) as unknown as DisputeInfo;

const candidate = (changes: Partial<Candidate> = {}): Candidate => ({
    index: 4,
    owner: account(3),
    since: 10,
    stake: stake(),
    offers: [offer()],
    terms: new Set([5n]),
    maxSeats: 8,
    ...changes,
});
const stake = (changes: Partial<JurorStake> = {}): JurorStake => ({
    stake: 100n,
    bonds: 50n,
    since: 900,
    seats: [],
    ...changes,
});
const offer = (changes: Partial<NodeOffer> = {}) =>
    ({ modelId: MODEL, appearedAt: 900, ...changes }) as NodeOffer;

it('sits where Node and Dispute will agree', () => {
    expect(eligibility(dispute(), ACCUSER, candidate())).toEqual({ may: 'sit' });
    // Offers of the registration have no time of their own.
    const old = candidate({ offers: [offer({ appearedAt: 0 })] });
    expect(eligibility(dispute(), ACCUSER, old)).toEqual({ may: 'sit' });
});

it.each<[string, Partial<Candidate>]>([
    ['accused', { index: 3 }],
    ['accused', { owner: account(2) }],
    ['accuser', { owner: ACCUSER }],
    ['terms', { terms: new Set([6n]) }],
    ['no_juror_stake', { stake: stake({ stake: 0n }) }],
    ['stake_too_young', { stake: stake({ since: 901 }) }],
    ['model_not_offered', { offers: [offer({ modelId: 78n })] }],
    ['offer_too_young', { offers: [offer({ appearedAt: 901 })] }],
    ['offer_too_young', { offers: [offer({ appearedAt: 0 })], since: 901 }],
])('never sits: %s', (reason, changes) => {
    expect(eligibility(dispute(), ACCUSER, candidate(changes))).toEqual({ may: 'never', reason });
});

it.each<[string, Partial<Candidate>, Partial<DisputeInfo>]>([
    ['banned', {}, { banned: [4] }],
    ['seated', {}, { seats: [{ index: 4 }] as DisputeInfo['seats'] }],
    ['asked', { stake: stake({ seats: [account(9)] }) }, {}],
    ['seats_full', { maxSeats: 1, stake: stake({ seats: [account(8)] }) }, {}],
    ['bond', { stake: stake({ bonds: 51n }) }, {}],
])('waits: %s', (reason, changes, info) => {
    expect(eligibility(dispute(info), ACCUSER, candidate(changes))).toEqual({ may: 'wait', reason });
});
