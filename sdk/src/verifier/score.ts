import { betOnEvent, betOnMean, Evidence } from './evidence';
import type { ModelTolerance, Rescored, TestStatistic, TokenScore, VerdictStatistics } from './types';

/** Probability with which an honest completion is found at fault, by all tests together. */
export const FALSE_POSITIVE_BOUND = 1e-9;

const MEAN_STAKES = [0.5, 1, 2, 4, 8];
const EVENT_STAKES = [-4, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 4];
/** Differences, choices, ending: each gets an equal part of the bound. */
const TESTS = 3;
const PPM = 1_000_000;

export type ScoringOptions = {
    /** Temperature that the request asks for; a `top_p` of 0 is temperature 0. */
    readonly temperature: number;
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
    { temperature, falsePositives = FALSE_POSITIVE_BOUND }: ScoringOptions,
): VerdictStatistics {
    const full = tolerance.fullDifferencePpm / PPM;
    const mean = tolerance.meanDifferencePpm / PPM;
    const differences = new Evidence(MEAN_STAKES);
    const choices = new Evidence(temperature === 0 ? MEAN_STAKES : EVENT_STAKES);
    const threshold = Math.log(TESTS / falsePositives);
    let scored = 0;
    let difference = 0;
    let tops = 0;
    let expected = 0;
    rescored.tokens.forEach((score, index) => {
        if (score === null) return;
        scored += 1;
        tops += score.isTop ? 1 : 0;
        expected += temperature === 0 ? 1 : (score.top[0] + score.top[1]) / 2;
        choices.add(choice(score, temperature, full, mean));
        const signed = logprobs?.[index];
        if (signed === undefined) return;
        const value = counted(Math.abs(signed - score.logprob), full);
        difference += value;
        differences.add(betOnMean(value, mean));
    });
    const test = (evidence: number): TestStatistic => ({ evidence, threshold });
    return {
        tokens: rescored.tokens.length,
        scored,
        meanDifference: logprobs === null || scored === 0 ? null : difference / scored,
        topShare: scored === 0 ? 1 : tops / scored,
        expectedTopShare: scored === 0 ? 1 : expected / scored,
        differences: test(differences.nats),
        choices: test(choices.nats),
        ending: test(ended ? endingEvidence(rescored, temperature, tolerance.largestDifferencePpm / PPM) : 0),
    };
}

/** A difference in units of the full one. What could not be chosen differs in full. */
function counted(difference: number, full: number): number {
    return difference < full ? difference / full : 1;
}

/**
 * At temperature 0 an honest node takes a token whose log-probability is lower than the highest only by what two
 * machines differ; above it, takes the likeliest as often as its probability says, give or take the same.
 */
function choice(
    score: TokenScore,
    temperature: number,
    full: number,
    mean: number,
): (stake: number) => number {
    if (temperature === 0) return betOnMean(gap(score, full), Math.min(1, 2 * mean));
    const slack = 2 * full * mean;
    const [low, high] = score.top;
    return betOnEvent(score.isTop, Math.max(0, low - slack), Math.min(1, high + slack));
}

function gap(score: TokenScore, full: number): number {
    return score.isTop ? 0 : counted(Math.log(score.top[0]) - score.logprob, full);
}

/**
 * An end of turn that the node's model gives probability p is drawn somewhere among n places with probability n p at most,
 * and the verifier's log p is lower by the largest difference at most. At temperature 0 the end must have been the likeliest:
 * it lags behind by twice that difference at most.
 */
function endingEvidence({ end, tokens }: Rescored, temperature: number, largest: number): number {
    if (end === null) return 0;
    if (temperature > 0) return Math.max(0, -end.logprob - largest - Math.log(tokens.length + 1));
    const lag = end.isTop ? 0 : Math.log(end.top[0]) - end.logprob;
    return lag > 2 * largest ? Number.POSITIVE_INFINITY : 0;
}
