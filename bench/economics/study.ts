import { type Capture, type Strategy, simulateCapture } from './capture';
import {
    accuserAfterConviction,
    convictionsUntil,
    jobAuditRate,
    leastWorthwhilePrice,
    sessionAuditRate,
} from './cheating';
import { atLeast } from './closed-forms';
import { griefing, longestCourse } from './griefing';
import { jurorIncentives } from './jurors';
import { pokes } from './keepers';
import { lockOf, mostAtIssue, type Parameters, slackOf, TON } from './parameters';
import { simulateRace } from './seat-race';
import { bestSelfDispute, robberyThreshold } from './self-dispute';

// All questions, asked with one set of parameters.

const PRICES = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1].map((ton) => ton * TON);
export const SAVINGS = [0.5, 0.9];
const COLLATERALS = [0, 1, 3, 10];
const SHARES = [0.1, 0.2, 1 / 3, 0.4, 0.5];
const STRATEGIES: readonly Strategy[] = ['acquit', 'withhold', 'convict'];
const POOLS = [6, 10, 20, 50, 100, 300, 1_000];
const RACE_ROUNDS = 20_000;
const JUDGING = 120;
/** The price whose lock is the highest. */
const HIGH_PRICE = 1 * TON;

export type Study = ReturnType<typeof study>;

export function study(p: Parameters, disputes: number, seed: number) {
    const cheating = PRICES.map((price) => ({
        price,
        lock: lockOf(price, p),
        auditRates: SAVINGS.map((saving) => sessionAuditRate(price, saving, p)),
        accuser: accuserAfterConviction(price, p),
        convictionsToHalfReserve: convictionsUntil(p.reserve / 2, price, p),
    }));
    const jobs = COLLATERALS.map((collateral) => ({
        collateral,
        auditRates: SAVINGS.map((saving) => jobAuditRate(collateral, saving)),
    }));
    const capture = SHARES.flatMap((share, i) =>
        STRATEGIES.map((strategy, j) => ({
            ...simulateCapture({ share, strategy, disputes, seed: seed + 10 * i + j, price: HIGH_PRICE }, p),
            binomial: atLeast(p.jurors, (p.jurors + 1) / 2, share),
        })),
    );
    const race = POOLS.map((nodes, i) =>
        simulateRace(nodes, p.minStake, 1 / 3, JUDGING, Math.min(RACE_ROUNDS, disputes), seed + 1_000 + i, p),
    );
    const selfDispute = PRICES.map((price) => ({
        price,
        alone: bestSelfDispute(0, lockOf(price, p), price, p),
        withThird: bestSelfDispute(1 / 3, lockOf(price, p), price, p),
        paysFromShare: robberyThreshold(lockOf(price, p), price, p),
    }));
    return {
        cheating,
        leastWorthwhilePrice: leastWorthwhilePrice(p) ?? null,
        jobs,
        mostAtIssue: mostAtIssue(p),
        capture,
        race,
        selfDispute,
        griefing: griefing(p),
        longestCourse: longestCourse(p),
        jurors: jurorIncentives(p),
        keepers: pokes(p),
    };
}

/** What the protocol promises and these numbers must bear out; empty when all hold. */
export function brokenPromises(result: Study, p: Parameters): string[] {
    const broken: string[] = [];
    const promise = (holds: boolean, text: string) => holds || broken.push(text);
    for (const { price, alone, withThird } of result.selfDispute) {
        promise(alone < 0 && withThird < 0, `a self-dispute at ${price} nanoTON earns`);
    }
    promise(
        captureFails(result.capture),
        'withholding beats voting, or a third of the stake earns by convicting',
    );
    promise(result.griefing.falseAccusation > 0, 'a false accusation is free');
    promise(longest(result, p), 'longestDispute is shorter than the windows');
    for (const { name, net } of result.keepers) promise(net[0]! > 0, `the tip does not pay for "${name}"`);
    return broken;
}

/** A withholding coalition must not end better than a voting one, and no third of the stake gains by false accusations. */
function captureFails(all: readonly Capture[]): boolean {
    const gain = (strategy: Strategy, share: number) =>
        all.find((one) => one.strategy === strategy && one.share === share)!.gain;
    return SHARES.every(
        (share) =>
            gain('withhold', share) <= gain('acquit', share) && (share > 1 / 3 || gain('convict', share) < 0),
    );
}

const longest = (result: Study, p: Parameters) => p.longestDispute >= result.longestCourse + slackOf(p);
