import { acceptResult, getAcceptResultTxParams } from './accept-result';
import { announceAgain, getAnnounceAgainTxParams } from './announce-again';
import { getMarkets, watchAnnouncements } from './announcements';
import { cancelJob, getCancelJobTxParams } from './cancel-job';
import { claimJob, getClaimJobTxParams } from './claim-job';
import { declineClaim, getDeclineClaimTxParams } from './decline-claim';
import { destroyJob, getDestroyJobTxParams } from './destroy-job';
import { discloseKey, getDiscloseKeyTxParams } from './disclose-key';
import { expireJob, getExpireJobTxParams } from './expire-job';
import { finalizeJob, getFinalizeJobTxParams } from './finalize-job';
import { findOpenJobs } from './find-open-jobs';
import { getJob } from './get-job';
import { getDisclosure, getPosting, getSubmission } from './history';
import { getPostJobTxParams, postJob } from './post-job';
import { readInput } from './read-input';
import { readResult } from './read-result';
import { finishJob, runJob } from './run-job';
import { serveKeys } from './serve-keys';
import { getSubmitResultTxParams, submitResult } from './submit-result';
import { watchJob } from './watch-job';

export * from './accept-result';
export * from './announce-again';
export * from './announcements';
export * from './cancel-job';
export * from './claim-job';
export * from './decline-claim';
export * from './destroy-job';
export * from './disclose-key';
export * from './expire-job';
export * from './finalize-job';
export * from './find-open-jobs';
export { type GetJobErrorType, type GetJobParameters, type GetJobReturnType, getJob } from './get-job';
export { type Accepted, getDisclosure, getPosting, getSubmission } from './history';
export type { JobOrder } from './job-order';
export * from './post-job';
export { escrowOf, type PreparedJob, type PrepareJobParameters, prepareJob } from './prepare-job';
export * from './read-input';
export {
    type ReadResultErrorType,
    type ReadResultParameters,
    type ReadResultReturnType,
    readResult,
} from './read-result';
export * from './run-job';
export * from './serve-keys';
export * from './submit-result';
export type { JobTarget } from './target';
export * from './watch-job';

/** Bound as `cocoon.jobs.*`. */
export const jobActions = {
    getPostJobTxParams,
    postJob,
    getJob,
    watchJob,
    getClaimJobTxParams,
    claimJob,
    getDeclineClaimTxParams,
    declineClaim,
    getDiscloseKeyTxParams,
    discloseKey,
    serveKeys,
    getSubmitResultTxParams,
    submitResult,
    getAcceptResultTxParams,
    acceptResult,
    getFinalizeJobTxParams,
    finalizeJob,
    getExpireJobTxParams,
    expireJob,
    getCancelJobTxParams,
    cancelJob,
    getDestroyJobTxParams,
    destroyJob,
    getAnnounceAgainTxParams,
    announceAgain,
    getMarkets,
    watchAnnouncements,
    findOpenJobs,
    getPosting,
    getDisclosure,
    getSubmission,
    readInput,
    readResult,
    runJob,
    finishJob,
};
