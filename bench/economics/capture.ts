import { lockOf, type Parameters, quorumOf } from './parameters';
import { uniform } from './random';
import { equalPool, type Pool, Seating } from './seats';
import { type Money, type Outcome, outcomeOf, settle, type Votes } from './settlement';

// A coalition with a share of the juror stake against honest jurors that sometimes err or fail to reveal: how often it gets
// the wrong verdict, and what that earns it. Monte Carlo over seats, votes and both rounds.

/**
 * acquit: the accused is guilty and the coalition's; its jurors vote for the node when they are the majority, else honestly.
 * The seed tells them beforehand who can sit when.
 * withhold: the same, but without a majority they break the quorum where they can.
 * convict: the accused is honest, the accuser the coalition's; its jurors vote for the client when they are the majority.
 */
export type Strategy = 'acquit' | 'withhold' | 'convict';

export interface Honesty {
    /** Chance that an honest juror votes wrongly. */
    error: number;
    /** Chance that it does not reveal. */
    silence: number;
    /** Seconds until it has its verdict. */
    judging: number;
}

const TYPICAL: Honesty = { error: 0.005, silence: 0.01, judging: 120 };
export const FLAWLESS: Honesty = { error: 0, silence: 0, judging: 0 };

export interface Capture {
    strategy: Strategy;
    share: number;
    disputes: number;
    /** Shares of all disputes. */
    wrong: number;
    noQuorum: number;
    /** NanoTON that the coalition has more after a dispute than before it, on average: slash, bonds, fees, compensation. */
    gain: number;
}

export interface CaptureOptions {
    share: number;
    strategy: Strategy;
    disputes: number;
    seed: number;
    /** Price of the answer in dispute, nanoTON. */
    price: number;
    honesty?: Honesty;
    nodes?: number;
}

const NODES = 60;

export function simulateCapture(options: CaptureOptions, p: Parameters): Capture {
    const { share, strategy, disputes, seed, price, honesty = TYPICAL, nodes = NODES } = options;
    const pool = equalPool(nodes, p.minStake, share, honesty.judging);
    const random = uniform(seed);
    const course = new Course(pool, new Seating(pool, p, random), random, honesty, strategy, p.jurors);
    const wanted: Outcome = strategy === 'convict' ? 'convicted' : 'acquitted';
    const lock = lockOf(price, p);
    const moneyOf = memoised((votes) => settle(votes, lock, price, p));
    let [wrong, noQuorum, gain] = [0, 0, 0];
    for (let i = 0; i < disputes; i++) {
        let outcome: Outcome = 'no quorum';
        for (let round = 1; round <= 2 && outcome === 'no quorum'; round++) {
            if (!course.play(round)) continue;
            outcome = outcomeOf(course.votes);
            gain += gainOf(moneyOf(course.votes), course.own, strategy);
        }
        if (outcome === wanted) wrong++;
        if (outcome === 'no quorum') noQuorum++;
    }
    return {
        strategy,
        share,
        disputes,
        wrong: wrong / disputes,
        noQuorum: noQuorum / disputes,
        gain: gain / disputes,
    };
}

function gainOf(money: Money, own: Votes, strategy: Strategy): number {
    const { juror } = money;
    const seats =
        own.node * juror.node +
        own.client * juror.client +
        own.unavailable * juror.unavailable +
        own.silent * juror.silent;
    return seats + (strategy === 'convict' ? money.accuser : money.accused);
}

/** One dispute's rounds. */
class Course {
    readonly votes: Votes = { node: 0, client: 0, unavailable: 0, silent: 0 };
    readonly own: Votes = { node: 0, client: 0, unavailable: 0, silent: 0 };
    private readonly excluded: Uint8Array;

    constructor(
        private readonly pool: Pool,
        private readonly seating: Seating,
        private readonly random: () => number,
        private readonly honesty: Honesty,
        private readonly strategy: Strategy,
        private readonly jurors: number,
    ) {
        this.excluded = new Uint8Array(pool.stakes.length);
    }

    /** False when too few sat down: bonds return, no votes. */
    play(round: number): boolean {
        const { votes, own, excluded, seating } = this;
        if (round === 1) excluded.fill(0);
        votes.node = votes.client = votes.unavailable = votes.silent = 0;
        own.node = own.client = own.unavailable = own.silent = 0;
        if (seating.round(round === 1 ? undefined : excluded) < this.jurors) return false;
        const choice = this.choiceOf(this.countHostile());
        for (const node of seating.seated) {
            const hostile = this.pool.hostile[node] === 1;
            const vote = hostile ? choice : this.honestVote();
            votes[vote]++;
            if (hostile) own[vote]++;
            if (vote === 'silent') excluded[node] = 1;
        }
        return true;
    }

    private countHostile(): number {
        let count = 0;
        for (const node of this.seating.seated) count += this.pool.hostile[node]!;
        return count;
    }

    private choiceOf(seats: number): keyof Votes {
        const majority = 2 * seats > this.jurors;
        if (this.strategy === 'convict') return majority ? 'client' : 'node';
        if (majority) return 'node';
        const breaksQuorum = seats > this.jurors - quorumOf(this.jurors);
        return this.strategy === 'withhold' && breaksQuorum ? 'silent' : 'client';
    }

    private honestVote(): keyof Votes {
        const { error, silence } = this.honesty;
        const drawn = this.random();
        if (drawn < silence) return 'silent';
        const right = this.strategy === 'convict' ? 'node' : 'client';
        if (drawn >= silence + error) return right;
        return right === 'node' ? 'client' : 'node';
    }
}

function memoised(of: (votes: Votes) => Money): (votes: Votes) => Money {
    const known: (Money | undefined)[] = [];
    return (votes) => {
        const key = ((votes.node * 10 + votes.client) * 10 + votes.unavailable) * 10 + votes.silent;
        known[key] ??= of(votes);
        return known[key];
    };
}
