import { JournalError, REPORT_REMEDY } from './errors';

/**
 * Where a job stands for this worker.
 *
 *     seen ─▶ claiming ─▶ claimed ─▶ executing ─▶ executed ─▶ submitting ─▶ submitted ─▶ settled
 *
 * `skipped`: not wanted or not won; `declined`: handed back; `expired`: a deadline passed and was used against us;
 * `failed`: ended without pay for another reason. All four and `settled` are final.
 */
const TRANSITIONS = {
    seen: ['claiming', 'skipped'],
    /**
     * Back to `seen`: the claim did not arrive or was refused for a reason that may pass. A claim may also be over before
     * its own trace was read to the end.
     */
    claiming: ['claimed', 'seen', 'skipped', 'declined', 'expired', 'failed'],
    claimed: ['executing', 'declined', 'expired', 'failed'],
    /** Back to `claimed`: the execution was interrupted; it starts over. */
    executing: ['executed', 'claimed', 'declined', 'expired', 'failed'],
    executed: ['submitting', 'settled', 'declined', 'expired', 'failed'],
    /**
     * Back to `executed`: the message expired without effect; the same result is sent in a new one. The client may have
     * accepted the result before the submission's own trace was read to the end.
     */
    submitting: ['submitted', 'executed', 'settled', 'declined', 'expired', 'failed'],
    submitted: ['settled', 'failed'],
    settled: [],
    declined: [],
    expired: [],
    failed: [],
    /** Back to `seen`: another node gave the job back, and it is open again. */
    skipped: ['seen'],
} as const satisfies Record<string, readonly string[]>;

export type JobState = keyof typeof TRANSITIONS;

export const JOB_STATES = Object.keys(TRANSITIONS) as JobState[];

/** States in which the worker has nothing left to do for a job. */
export const FINAL_STATES: JobState[] = ['settled', 'declined', 'expired', 'failed', 'skipped'];

/** States in which stake is or may be locked for the job: what `policy.maxConcurrentJobs` counts. */
export const ACTIVE_STATES: JobState[] = ['claiming', 'claimed', 'executing', 'executed', 'submitting'];

export function canFollow(from: JobState, to: JobState): boolean {
    return (TRANSITIONS[from] as readonly JobState[]).includes(to);
}

export function assertTransition(job: string, from: JobState, to: JobState): void {
    if (canFollow(from, to)) return;
    throw new JournalError('illegal_transition', `job ${job} cannot go from ${from} to ${to}`, REPORT_REMEDY);
}
