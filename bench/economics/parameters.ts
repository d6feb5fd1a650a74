import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration, parseTon } from '../../tools/deploy/units';

// What the simulations read of a network's file. Amounts are whole nanoTON in numbers (below 2^53), times seconds.

export interface DisputeParameters {
    jurors: number;
    minorityBps: number;
    receiptMultiple: number;
    discloseWindow: number;
    answerWindow: number;
    seatWindow: number;
    revealWindow: number;
    jurorAge: number;
    /** Chance of a seat per nanoTON and second, in units of 2^-64. */
    seatRate: number;
    jurorFee: number;
    jurorBond: number;
    accuserBond: number;
    maxReceiptSlash: number;
}

export interface Parameters extends DisputeParameters {
    networkId: number;
    keeperTip: number;
    maxCollateral: number;
    minStake: number;
    reserve: number;
    longestDispute: number;
}

export const TON = 1e9;
export const BPS = 10_000;
export const SLOTS = 16;
export const SLOTS_OF_ONE_ACCUSER = 2;
/** Network fees of one dispute from opening to resolution: 400,000 gas, the most it may take, and 40 messages, at today's prices. */
export const COURSE_FEES = 0.035 * TON;

type Section = Record<string, string | number>;

export function loadParameters(file = join(process.cwd(), 'networks', 'mainnet.example.json')): Parameters {
    const { networkId, terms } = JSON.parse(readFileSync(file, 'utf8'));
    const { jobs, stakes, disputes } = terms as Record<string, Section>;
    const from = (section: Section | undefined) => (name: string) => numberOf(file, name, section?.[name]);
    const [job, stake, dispute] = [from(jobs), from(stakes), from(disputes)];
    return {
        networkId,
        keeperTip: job('keeperTip'),
        maxCollateral: job('maxCollateral'),
        minStake: stake('minStake'),
        reserve: stake('reserve'),
        longestDispute: stake('longestDispute'),
        jurors: dispute('jurors'),
        minorityBps: dispute('minorityBps'),
        receiptMultiple: dispute('receiptMultiple'),
        discloseWindow: dispute('discloseWindow'),
        answerWindow: dispute('answerWindow'),
        seatWindow: dispute('seatWindow'),
        revealWindow: dispute('revealWindow'),
        jurorAge: dispute('jurorAge'),
        seatRate: dispute('seatRate'),
        jurorFee: dispute('jurorFee'),
        jurorBond: dispute('jurorBond'),
        accuserBond: dispute('accuserBond'),
        maxReceiptSlash: dispute('maxReceiptSlash'),
    };
}

/** Plain numbers, durations ("6h") and amounts of TON ("0.2"), as network files have them. */
function numberOf(file: string, name: string, value: string | number | undefined): number {
    if (typeof value === 'number') return value;
    const amount = value === undefined ? undefined : (parseDuration(value) ?? parseTon(value));
    if (amount === undefined)
        throw new Error(`${file}: ${name} is ${value}; expected a number, "6h" or "0.2".`);
    return Number(amount);
}

/** Seats that must be revealed for a verdict. */
export const quorumOf = (jurors: number) => Math.ceil((2 * jurors) / 3);

/** What withholding costs at least; no more may be at issue. */
export const mostAtIssue = (p: Parameters) => (p.jurors - quorumOf(p.jurors) + 1) * p.jurorBond;

/** What a Node locks for one answer of `price` with a full reserve. */
export function lockOf(price: number, p: Parameters, reserve = p.reserve): number {
    return Math.min(
        p.receiptMultiple * price,
        p.maxReceiptSlash,
        Math.floor(reserve / SLOTS),
        mostAtIssue(p),
    );
}

const PUBLIC_NETWORKS = [-239, -3];

/** Seconds by which longestDispute must exceed the sum of the windows. */
export const slackOf = ({ networkId }: Parameters) => (PUBLIC_NETWORKS.includes(networkId) ? 3_600 : 60);
