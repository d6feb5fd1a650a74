import {
    accuserAfterConviction,
    convictionsUntil,
    jobAuditRate,
    leastWorthwhilePrice,
    POWER,
    sessionAuditRate,
} from '../../bench/economics/cheating';
import { griefing, longestCourse } from '../../bench/economics/griefing';
import { loadParameters, lockOf, slackOf, TON } from '../../bench/economics/parameters';
import { uniform } from '../../bench/economics/random';
import { bestSelfDispute, robberyThreshold } from '../../bench/economics/self-dispute';
import { brokenPromises, study } from '../../bench/economics/study';

const p = loadParameters();

/** Average gain of a cheating answer when a share of them is disputed. */
function cheat(price: number, saving: number, rate: number): number {
    const random = uniform(9);
    const [answers, lock] = [2_000_000, lockOf(price, p)];
    let convicted = 0;
    for (let i = 0; i < answers; i++) if (random() < rate && random() < POWER) convicted++;
    return saving * price - (convicted / answers) * lock;
}

describe('cheating', () => {
    it.each([0.001, 0.1, 1])('at %f TON earns below its audit rate and loses above it', (price) => {
        const rate = sessionAuditRate(price * TON, 0.9, p);
        expect(cheat(price * TON, 0.9, 0.8 * rate)).toBeGreaterThan(0);
        expect(cheat(price * TON, 0.9, 1.2 * rate)).toBeLessThan(0);
    });

    it('needs less auditing the more a job has at stake', () => {
        expect(jobAuditRate(0, 0.9, 1)).toBeCloseTo(0.9);
        expect(jobAuditRate(8, 0.9, 1)).toBeCloseTo(0.1);
    });

    it('is worth a dispute from the price on at which the lock pays the jurors', () => {
        const least = leastWorthwhilePrice(p)!;
        expect(accuserAfterConviction(least, p)).toBeGreaterThanOrEqual(0);
        expect(accuserAfterConviction(least - 1, p)).toBeLessThan(0);
        expect(leastWorthwhilePrice({ ...p, maxReceiptSlash: p.jurorFee })).toBeUndefined();
    });

    it('eats the reserve in as many convictions as the falling lock says', () => {
        const small = { ...p, reserve: 16 * TON, maxReceiptSlash: 100 * TON };
        // 16, 15, 14.0625 …: each takes a sixteenth of what is left.
        expect(convictionsUntil(14.5 * TON, 10 * TON, small)).toBe(2);
        expect(convictionsUntil(0, 0, p)).toBe(Number.POSITIVE_INFINITY);
    });
});

describe('self-dispute', () => {
    it('never earns without jurors of its own, over the range of parameters', () => {
        for (const minorityBps of [0, 2_000, 5_000]) {
            for (const receiptMultiple of [1, 100, 10_000]) {
                for (const accuserBond of [0.1 * TON, 5 * TON]) {
                    for (const price of [1, 1e4, 1e6, 1e9, 1e11]) {
                        const q = { ...p, minorityBps, receiptMultiple, accuserBond };
                        expect(bestSelfDispute(0, lockOf(price, q), price, q)).toBeLessThan(0);
                    }
                }
            }
        }
    });

    it('never earns with less than half of the juror stake', () => {
        for (const price of [1, 1e3, 1e5, 1e7, 1e9]) {
            expect(robberyThreshold(lockOf(price, p), price, p)).toBeGreaterThan(0.5);
        }
    });

    it('would rob honest jurors if they lost more to a captured jury than the dispute costs', () => {
        const harsh = { ...p, minorityBps: 5_000 };
        expect(bestSelfDispute(0.6, lockOf(1, harsh), 1, harsh)).toBeGreaterThan(0);
        const threshold = robberyThreshold(lockOf(1, harsh), 1, harsh);
        expect(bestSelfDispute(threshold - 0.01, lockOf(1, harsh), 1, harsh)).toBeLessThan(0);
    });
});

describe('the parameters of mainnet', () => {
    it('keep every promise', () => {
        expect(brokenPromises(study(p, 20_000, 1), p)).toEqual([]);
    });

    it.each([
        [{ keeperTip: 1_000 }, 'the tip does not pay'],
        [{ longestDispute: 3_600 }, 'longestDispute'],
        [{ jurorBond: 1_000 * TON, minorityBps: 5_000 }, 'self-dispute'],
        [{ accuserBond: 0.1 * TON, jurorFee: 0.01 * TON }, 'by convicting'],
    ])('would break one with %j', (change, text) => {
        const worse = { ...p, ...change };
        expect(brokenPromises(study(worse, 2_000, 1), worse).join()).toContain(text);
    });

    it('make false accusations cost more than they harm', () => {
        const { falseAccusation, accusedGains, busyCost } = griefing(p);
        expect(falseAccusation).toBeGreaterThan(p.accuserBond);
        expect(accusedGains).toBe(p.accuserBond / 2);
        expect(busyCost).toBe(16 * falseAccusation);
        expect(longestCourse(p) + slackOf(p)).toBeLessThanOrEqual(p.longestDispute);
    });
});
