import type { Vote } from '../disputes';
import type { SessionTask } from '../session';

/** What a model's manifest says of honest machines that serve it. */
export type ModelTolerance = {
    /** True only where every machine gives the same tokens and log-probabilities; then answers are repeated and compared. */
    readonly deterministic: boolean;
    /**
     * Highest mean difference of a log-probability between honest machines, millionths of a nat, where the model is wholly
     * undecided; where it is not, the mean is as much lower as its doubt is (`TokenScore.doubt`).
     */
    readonly meanDifferencePpm: number;
    /** The same of its square, millionths of a squared nat. */
    readonly meanSquarePpm: number;
    /** Difference that counts in full, millionths of a nat; a larger one counts no more. */
    readonly fullDifferencePpm: number;
    /** A difference of one log-probability that honest machines never have, millionths of a nat. */
    readonly largestDifferencePpm: number;
};

/** The parts of a model's manifest that a verdict depends on. */
export type VerifiedModel = {
    readonly tolerance: ModelTolerance;
    /** Tokens that prompt and answer may fill together on every node that serves the model. */
    readonly contextLength: number;
};

/** What was asked: the disclosed item of a job (task `chat`) or request of a session. */
export type ClaimedRequest = {
    readonly task: SessionTask;
    /** The body of the OpenAI API for that task. */
    readonly body: unknown;
};

/** What the accused signed as the answer. See `answerOfResult` and `answerOfDeltas`. */
export type ClaimedAnswer = {
    readonly text: string;
    /** Empty where the engine does not tell. */
    readonly tokenIds: readonly number[];
    /** Natural logarithms, one for each token id; null where not kept. */
    readonly logprobs: readonly number[] | null;
    /** Null for an answer that broke off and has receipts for what it delivered only. */
    readonly finish: 'stop' | 'length' | 'tool_calls' | 'error' | null;
    /** The seed of the sampler; null where the engine has none. */
    readonly seed: number | null;
    /** Code of an answer that is an error. */
    readonly error?: string;
    /** It fills most of the bytes that it may have, so that the node may have had to cut it. */
    readonly fillsItsRoom?: boolean;
};

/** One place of an answer as the verifier's engine sees it, given the prompt and the tokens claimed before. */
export type TokenScore = {
    /** Log-probability of the claimed token, as the model's engine reports it; -Infinity where it could not be chosen. */
    readonly logprob: number;
    /** The claimed token is the likeliest. */
    readonly isTop: boolean;
    /**
     * Bounds of the probability with which sampling as requested takes the likeliest token; at temperature 0, which takes
     * it always, of its probability at temperature 1.
     */
    readonly top: readonly [low: number, high: number];
    /**
     * How far the log-probability follows when the model's outputs move: twice the probability of all but the likeliest
     * token, over the temperature where that is in the log-probability and below 1.
     */
    readonly doubt: number;
    /** Highest probability with which sampling as requested can have taken the claimed token. */
    readonly chance: number;
};

/** A claimed answer as the verifier's engine sees it. */
export type Rescored = {
    readonly promptTokens: number;
    /** Tokens that the model knows, or more. */
    readonly vocabulary: number;
    /** One for each claimed token; null at places that were not looked at, which never depends on what is claimed there. */
    readonly tokens: readonly (TokenScore | null)[];
    /** The place after the last token, as if the end of the turn were claimed there; null when not looked at. */
    readonly end: TokenScore | null;
    /** Text of all claimed tokens; null when the engine cannot tell. */
    readonly text: string | null;
};

/** An answer that the verifier's own engine made. */
export type Repeated = Pick<ClaimedAnswer, 'text' | 'tokenIds' | 'logprobs'>;

/** Engine of a verifier. cocoon-worker makes one of each of its engines (`verifierEngine`). */
export type VerifierEngine = {
    /**
     * Scores the claimed tokens in one pass over prompt and answer. A word tells that this model refuses the request, or that
     * what it asks for cannot be scored. Throws when the engine failed, which says nothing about the answer.
     */
    rescore(
        request: ClaimedRequest,
        answer: ClaimedAnswer,
        signal?: AbortSignal,
    ): Promise<Rescored | 'request_invalid' | 'not_judgeable'>;
    /** Answers the request anew with a given seed; for deterministic models. */
    repeat(request: ClaimedRequest, seed: number | null, signal?: AbortSignal): Promise<Repeated>;
};

export type VerdictReason =
    /** The answer is what the model says, as far as the tests can tell. */
    | 'consistent'
    /** The answer cannot be judged: the request asks for what cannot be re-scored, or token ids are not kept. */
    | 'not_judgeable'
    /** The model refuses the request, as the node did. */
    | 'request_invalid'
    /** What should have been disclosed cannot be had, or does not open. */
    | 'evidence_missing'
    /** Log-probabilities are not the model's. */
    | 'logprobs_differ'
    /** Tokens were not chosen as the request asks. */
    | 'choices_unlikely'
    /** The answer ends where it should go on. */
    | 'ended_early'
    /** The text is not what the tokens say. */
    | 'text_differs'
    /** More tokens than the request allows. */
    | 'too_long'
    /** An error, for a request that the model can answer. */
    | 'refused'
    /** A deterministic model answers otherwise. */
    | 'not_repeated';

/** One test: `evidence` against the node in nats (natural logarithm of an e-value) and what convicts. */
export type TestStatistic = { readonly evidence: number; readonly threshold: number };

export type VerdictStatistics = {
    /** Tokens claimed. */
    readonly tokens: number;
    /** Of them looked at. */
    readonly scored: number;
    /** Sum of the doubts of the places looked at: how much there was to see. */
    readonly doubt: number;
    /** Differences for each unit of doubt, nats, as the manifest bounds them; null without log-probabilities or doubt. */
    readonly meanDifference: number | null;
    /** The largest of them, nats times the temperature where that is below 1. */
    readonly largestDifference: number | null;
    /** Share of claimed tokens that are the likeliest, and its expectation. */
    readonly topShare: number;
    readonly expectedTopShare: number;
    readonly differences: TestStatistic;
    readonly choices: TestStatistic;
    readonly ending: TestStatistic;
};

export type Verdict = {
    /** Doubt is for the node. */
    readonly vote: Vote;
    readonly reason: VerdictReason;
    /** Null when no test was made. */
    readonly statistics: VerdictStatistics | null;
};
