import { WorkerError } from '../errors';
import { ExitCode } from '../exit-codes';

export type JournalErrorCode =
    | 'journal_corrupt'
    | 'journal_locked'
    | 'journal_unwritable'
    | 'journal_newer'
    /** A change that the state machine does not allow: a bug in the worker, never a user's mistake. */
    | 'illegal_transition'
    /** A second, different result for one job. */
    | 'result_conflict'
    /** A second live message of one wallet, or a change of one that is finished. */
    | 'outbox_conflict'
    | 'cursor_backwards';

export class JournalError extends WorkerError {
    declare readonly code: JournalErrorCode;

    constructor(code: JournalErrorCode, message: string, remedy: string, cause?: unknown) {
        super(message, { code, remedy, exitCode: ExitCode.Journal, cause });
    }
}

export const REPORT_REMEDY = 'this is a bug in the worker: stop it, keep the journal, and report it';
