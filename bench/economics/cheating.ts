import { COURSE_FEES, lockOf, type Parameters } from './parameters';

// How often clients must look for cheating not to pay, and whether looking pays them.

/** How surely a juror's verifier tells another model from the real one. */
export const POWER = 0.99;

/**
 * Share of answers that must be scored again and disputed so that a cheaper model earns nothing. The node saves `saving` of
 * the price with every answer and loses the lock with every conviction; above 1: no auditing helps.
 */
export const sessionAuditRate = (price: number, saving: number, p: Parameters, certainty = POWER) =>
    (saving * price) / (certainty * lockOf(price, p));

/** The same for a job with `collateral` times its price at stake: price and collateral are lost. */
export const jobAuditRate = (collateral: number, saving: number, certainty = POWER) =>
    saving / (certainty * (1 + collateral));

/** What an accuser has after a conviction by all jurors, nanoTON: compensation, less what the lock does not pay for. */
export function accuserAfterConviction(price: number, p: Parameters): number {
    const lock = lockOf(price, p);
    const compensation = Math.min(price, Math.floor(lock / 2));
    const cost = p.jurors * p.jurorFee + COURSE_FEES;
    return compensation - Math.max(0, cost - (lock - compensation));
}

/** The cheapest answer whose conviction costs the accuser nothing, nanoTON; undefined: there is none. */
export function leastWorthwhilePrice(p: Parameters): number | undefined {
    let [low, high] = [0, 1e12];
    if (accuserAfterConviction(high, p) < 0) return undefined;
    while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (accuserAfterConviction(middle, p) >= 0) high = middle;
        else low = middle;
    }
    return high;
}

/** Disputes that a node survives before its reserve is gone, one after the other, each locking its part of what is left. */
export function convictionsUntil(remaining: number, price: number, p: Parameters): number {
    let [reserve, count] = [p.reserve, 0];
    while (reserve > remaining) {
        const lock = lockOf(price, p, reserve);
        if (lock <= 0) return Number.POSITIVE_INFINITY;
        reserve -= lock;
        count++;
    }
    return count;
}
