import { betOnEvent, betOnSize, betOnSurprise, Evidence } from './evidence';
import type { ModelTolerance, Rescored, TestStatistic, TokenScore, VerdictStatistics } from './types';

/** Probability with which an honest completion is found at fault, by all tests together. */
export const FALSE_POSITIVE_BOUND = 1e-6;

const SIZE_STAKES = [0.5, 1, 2, 4, 7, 12];
const EVENT_STAKES = [-4, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 4];
const SURPRISES = [0.003, 0.03, 0.3];
/** Differences, choices, ending: each gets an equal part of the bound. */
const TESTS = 3;
const PPM = 1_000_000;
/** Results keep four digits of a log-probability. */
const ROUNDING = 1e-4;

export type ScoringOptions = {
    /** Temperature that the request asks for; a `top_p` of 0 is temperature 0. */
    readonly temperature: number;
    /** The request cuts the distribution (`top_p` below 1): what is within is a matter of small differences. */
    readonly nucleus?: boolean;
    /** Expected probability of a false positive; default {@link FALSE_POSITIVE_BOUND}. */
    readonly falsePositives?: number;
};

/**
 * Compares what a node signed with what the verifier's engine finds. See docs/spec/verification.md for the tests and their bound.
 * @param logprobs signed, one for each token; null where not kept.
 * @param ended the answer says that the model ended its turn after the last token.
 */
export function scoreCompletion(
    logprobs: readonly number[] | null,
    rescored: Rescored,
    ended: boolean,
    tolerance: ModelTolerance,
    { temperature, nucleus = false, falsePositives = FALSE_POSITIVE_BOUND }: ScoringOptions,
): VerdictStatistics {
    const differences = new Evidence(SIZE_STAKES.length);
    const choices = new Evidence(
        temperature === 0 ? SIZE_STAKES.length : EVENT_STAKES.length + SURPRISES.length,
    );
    const threshold = Math.log(TESTS / falsePositives);
    const sums = { scored: 0, difference: 0, doubt: 0, largest: 0, lag: 0, tops: 0, expectedTops: 0 };
    rescored.tokens.forEach((score, index) => {
        if (score === null) return;
        sums.scored += 1;
        sums.doubt += score.doubt;
        sums.tops += score.isTop ? 1 : 0;
        sums.expectedTops += temperature === 0 ? 1 : (score.top[0] + score.top[1]) / 2;
        sums.lag = Math.max(sums.lag, lag(score));
        choices.add(choice(score, rescored.vocabulary, temperature, tolerance));
        const signed = logprobs?.[index];
        if (signed === undefined) return;
        const difference = Math.abs(signed - score.logprob);
        sums.largest = Math.max(sums.largest, difference * Math.min(1, temperature || 1));
        const value = counted(difference, tolerance);
        sums.difference += value;
        const { mean, square } = expected(score, temperature, tolerance);
        differences.add(SIZE_STAKES.map(betOnSize(value, mean, square)));
    });
    const largest = tolerance.largestDifferencePpm / PPM;
    const test = (evidence: number): TestStatistic => ({ evidence, threshold });
    return {
        tokens: rescored.tokens.length,
        scored: sums.scored,
        doubt: sums.doubt,
        meanDifference:
            logprobs === null || sums.doubt === 0
                ? null
                : (sums.difference * tolerance.fullDifferencePpm) / PPM / sums.doubt,
        largestDifference: logprobs === null ? null : sums.largest,
        topShare: share(sums.tops, sums.scored),
        expectedTopShare: share(sums.expectedTops, sums.scored),
        differences: test(!nucleus && sums.largest > largest ? Number.POSITIVE_INFINITY : differences.nats),
        choices: test(temperature === 0 && sums.lag > 2 * largest ? Number.POSITIVE_INFINITY : choices.nats),
        ending: test(ended ? endingEvidence(rescored, temperature, largest) : 0),
    };
}

function share(part: number, whole: number): number {
    return whole === 0 ? 1 : part / whole;
}

/** A difference in units of the full one. What could not be chosen differs in full. */
function counted(difference: number, { fullDifferencePpm }: ModelTolerance): number {
    return Math.min(1, (Math.max(0, difference - ROUNDING) * PPM) / fullDifferencePpm);
}

/** What honest machines differ at this place in the mean, in the same units, and the square of that. */
function expected(
    { doubt }: TokenScore,
    temperature: number,
    { meanDifferencePpm, meanSquarePpm, fullDifferencePpm }: ModelTolerance,
) {
    // A low temperature is in the doubt once, but twice in the square.
    const stretched = temperature > 0 && temperature < 1 ? doubt / temperature : doubt;
    return {
        mean: Math.min(1, (doubt * meanDifferencePpm) / fullDifferencePpm),
        square: Math.min(1, (stretched * meanSquarePpm * PPM) / fullDifferencePpm ** 2),
    };
}

/**
 * At temperature 0 an honest node takes a token whose log-probability is lower than the highest only by what two
 * machines differ, which is the difference at both tokens; above it, takes the likeliest as often as its probability
 * says, give or take that difference, and hardly ever takes tokens that are less likely than one drawn blindly.
 */
function choice(
    score: TokenScore,
    vocabulary: number,
    temperature: number,
    tolerance: ModelTolerance,
): readonly number[] {
    if (temperature === 0) {
        const { mean, square } = expected(score, temperature, tolerance);
        const value = counted(lag(score), tolerance);
        return SIZE_STAKES.map(betOnSize(value, Math.min(1, 2 * mean), Math.min(1, 4 * square)));
    }
    const slack = (score.doubt * tolerance.meanDifferencePpm) / PPM;
    const low = Math.max(0, score.top[0] - slack);
    const high = Math.min(1, score.top[1] + slack);
    const largest = tolerance.largestDifferencePpm / PPM / Math.min(1, temperature);
    // A token that is outside a nucleus by a hair is no surprise: the differences tell how many are.
    const ratio = score.chance > 0 ? 1 / (vocabulary * score.chance * Math.exp(largest)) : 0;
    return [...EVENT_STAKES.map(betOnEvent(score.isTop, low, high)), ...SURPRISES.map(betOnSurprise(ratio))];
}

/** How much less likely than the likeliest. */
function lag({ isTop, top, logprob }: TokenScore): number {
    return isTop ? 0 : Math.max(0, Math.log(top[0]) - logprob);
}

/**
 * An end of turn that the node's model gives probability p is drawn somewhere among n places with probability n p at most,
 * and the verifier's log p is lower by the largest difference at most. At temperature 0 the end must have been the likeliest:
 * it lags behind by twice that difference at most.
 */
function endingEvidence({ end, tokens }: Rescored, temperature: number, largest: number): number {
    if (end === null) return 0;
    if (temperature === 0) return lag(end) > 2 * largest ? Number.POSITIVE_INFINITY : 0;
    return Math.max(0, -end.logprob - largest - Math.log(tokens.length + 1));
}
