export { Batches, type BatchesOptions } from './batches';
export { chainJobs } from './chain-jobs';
export { sqlJobStore } from './job-store';
export type { BatchJobs, BatchOrder, FinishedJob, PreparedBatchJob } from './jobs';
