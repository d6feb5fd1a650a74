export { answerOfDeltas, answerOfResult, claimOf } from './answer';
export { FALSE_POSITIVE_BOUND, type ScoringOptions, scoreCompletion } from './score';
export type {
    ClaimedAnswer,
    ClaimedRequest,
    ModelTolerance,
    Repeated,
    Rescored,
    TestStatistic,
    TokenScore,
    Verdict,
    VerdictReason,
    VerdictStatistics,
    VerifiedModel,
    VerifierEngine,
} from './types';
export { evidenceMissing, type VerifyOptions, verifyCompletion } from './verify';
