export type { CounterStore } from './counters';
export type { Cursor, CursorStore } from './cursors';
export type { DisputeRecord, DisputeRole, DisputeStore, NewDispute } from './disputes';
export { JournalError, type JournalErrorCode } from './errors';
export type { InputStore, JobInput } from './inputs';
export type { JobDetails, JobRecord, JobStore, NewJob } from './jobs';
export { Journal, type JournalOptions } from './journal';
export type { NewOutboxMessage, Outbox, OutboxAction, OutboxMessage, OutboxState, Purpose } from './outbox';
export type { ProgressStore } from './progress';
export type { JobResult, ResultStore } from './results';
export type {
    AllocationKey,
    AllocationRecord,
    AllocationState,
    RequestRecord,
} from './session-records';
export type { SessionStore } from './sessions';
export { ACTIVE_STATES, canFollow, FINAL_STATES, JOB_STATES, type JobState } from './states';
export type { JournalVotes } from './votes';
