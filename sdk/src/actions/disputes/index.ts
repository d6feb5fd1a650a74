import { answerItem, getAnswerItemTxParams } from './answer-item';
import { destroyDispute, getDestroyDisputeTxParams } from './destroy';
import { discloseItem, getDiscloseItemTxParams } from './disclose-item';
import { discloseSession, getDiscloseSessionTxParams } from './disclose-session';
import { getDispute, getSeats } from './get-dispute';
import { getJurorStake, getSetJurorStakeTxParams, setJurorStake } from './juror-stake';
import { getOpenForJobTxParams, openForJob } from './open-for-job';
import {
    getOpenForConflictTxParams,
    getOpenForReceiptTxParams,
    openForConflict,
    openForReceipt,
} from './open-for-receipt';
import { readDisclosure } from './read-disclosure';
import { getReleaseExpiredCourtTxParams, releaseExpiredCourt } from './release-expired';
import { getResolveDisputeTxParams, resolveDispute } from './resolve';
import { getRetryAccusationTxParams, retryAccusation } from './retry';
import { getRevealVoteTxParams, revealVote } from './reveal';
import { getTakeSeatTxParams, takeSeat } from './take-seat';
import { watchAccusations, watchDispute } from './watch';

export * from './answer-item';
export type { CaseTerms, CaseTermsErrorType } from './case-terms';
export * from './destroy';
export * from './disclose-item';
export * from './disclose-session';
export {
    type DisputeInfo,
    type GetDisputeErrorType,
    type GetDisputeParameters,
    type GetDisputeReturnType,
    type GetSeatsErrorType,
    type GetSeatsReturnType,
    getDispute,
    getSeats,
    type SeatInfo,
} from './get-dispute';
export * from './juror-stake';
export {
    createOpenDisputeBody,
    type OpenDisputeErrorType,
    type OpenDisputeOutcome,
    type OpenDisputeParameters,
    type OpenDisputeReturnType,
    type OpenDisputeTxParams,
} from './open';
export * from './open-for-job';
export * from './open-for-receipt';
export * from './read-disclosure';
export * from './release-expired';
export * from './resolve';
export * from './retry';
export * from './reveal';
export * from './take-seat';
export type { DisputeTarget } from './target';
export * from './watch';

/** Bound as `cocoon.disputes.*`. */
export const disputeActions = {
    openForReceipt,
    getOpenForReceiptTxParams,
    openForConflict,
    getOpenForConflictTxParams,
    openForJob,
    getOpenForJobTxParams,
    retry: retryAccusation,
    getRetryTxParams: getRetryAccusationTxParams,
    discloseItem,
    getDiscloseItemTxParams,
    discloseSession,
    getDiscloseSessionTxParams,
    answerItem,
    getAnswerItemTxParams,
    takeSeat,
    getTakeSeatTxParams,
    reveal: revealVote,
    getRevealTxParams: getRevealVoteTxParams,
    resolve: resolveDispute,
    getResolveTxParams: getResolveDisputeTxParams,
    destroy: destroyDispute,
    getDestroyTxParams: getDestroyDisputeTxParams,
    setJurorStake,
    getSetJurorStakeTxParams,
    getJurorStake,
    releaseExpired: releaseExpiredCourt,
    getReleaseExpiredTxParams: getReleaseExpiredCourtTxParams,
    get: getDispute,
    getSeats,
    readDisclosure,
    watch: watchDispute,
    watchAccusations,
};
