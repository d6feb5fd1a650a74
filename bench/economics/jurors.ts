import { BPS, type Parameters } from './parameters';

// What voting earns a juror that does not look, beside one that does.

export interface JurorIncentives {
    /** Chance of an error from which on honest judging loses money. */
    tolerableError: number;
    /** Share of guilty among accused from which on voting for the client unseen earns. */
    blindAbove: number;
    /** Chance of an outage through the whole reveal window from which on sitting loses money. */
    tolerableSilence: number;
    /** What a majority of jurors risks by selling its votes, nanoTON: a bribe below it fails even if all accept. */
    bribe: number;
    /** What one earns that always says that the evidence was not available, nanoTON a seat. */
    alwaysUnavailable: number;
}

export function jurorIncentives(p: Parameters): JurorIncentives {
    const penalty = (p.jurorBond * p.minorityBps) / BPS;
    const tolerableError = penalty === 0 ? 1 : Math.min(1, p.jurorFee / penalty);
    return {
        tolerableError,
        blindAbove: 1 - tolerableError,
        tolerableSilence: p.jurorFee / (p.jurorFee + p.jurorBond),
        bribe: ((p.jurors + 1) / 2) * penalty,
        alwaysUnavailable: p.jurorFee,
    };
}
