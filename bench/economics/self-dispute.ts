import { seatsOf } from './closed-forms';
import type { Parameters } from './parameters';
import { outcomeOf, settle, type Votes } from './settlement';

// An owner that accuses its own node, with jurors of its own: what it can gain at best. It knows from the seed which seats
// it will have, and picks the votes that pay it most; honest jurors vote the truth. In a first round without quorum the
// second one is drawn anew.

/** NanoTON that the owner gains on average when it always does the best (below zero: it loses), the better of both
 * truths: a request that was answered wrongly on purpose, and one that was not. */
export function bestSelfDispute(share: number, lock: number, price: number, p: Parameters): number {
    return Math.max(...([true, false] as const).map((guilty) => expected(guilty, share, lock, price, p)));
}

function expected(guilty: boolean, share: number, lock: number, price: number, p: Parameters): number {
    const value = (second: number | undefined) => {
        let sum = 0;
        for (let own = 0; own <= p.jurors; own++) {
            sum += seatsOf(p.jurors, own, share) * best(guilty, own, lock, price, p, second);
        }
        return sum;
    };
    return value(value(undefined));
}

/** `second`: what a second round is worth; undefined in the second. */
function best(
    guilty: boolean,
    own: number,
    lock: number,
    price: number,
    p: Parameters,
    second: number | undefined,
): number {
    // Nothing disclosed: half of the bond is burnt, the other half returns through the node.
    let most = second === undefined ? Number.NEGATIVE_INFINITY : -Math.ceil(p.accuserBond / 2);
    const honest = p.jurors - own;
    for (const choice of choices(own)) {
        const votes = { ...choice };
        votes[guilty ? 'client' : 'node'] += honest;
        const { accuser, accused, juror } = settle(votes, lock, price, p);
        let gain = accuser + accused;
        for (const vote of ['node', 'client', 'unavailable', 'silent'] as const) {
            gain += choice[vote] * juror[vote];
        }
        if (second !== undefined && outcomeOf(votes) === 'no quorum') gain += second;
        most = Math.max(most, gain);
    }
    return most;
}

/** Every way to spread the own seats over the votes. */
function* choices(own: number): Generator<Votes> {
    for (let node = 0; node <= own; node++) {
        for (let client = 0; node + client <= own; client++) {
            for (let unavailable = 0; node + client + unavailable <= own; unavailable++) {
                yield { node, client, unavailable, silent: own - node - client - unavailable };
            }
        }
    }
}

/** The share of juror stake from which on a self-dispute pays; 1 when none does. */
export function robberyThreshold(lock: number, price: number, p: Parameters): number {
    if (bestSelfDispute(1, lock, price, p) <= 0 && bestSelfDispute(0.6, lock, price, p) <= 0) return 1;
    let [low, high] = [0, 0.6];
    if (bestSelfDispute(high, lock, price, p) <= 0) return 1;
    while (high - low > 1e-4) {
        const middle = (low + high) / 2;
        if (bestSelfDispute(middle, lock, price, p) > 0) high = middle;
        else low = middle;
    }
    return high;
}
