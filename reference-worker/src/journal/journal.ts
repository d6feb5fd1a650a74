import { resolve } from 'node:path';
import { CounterStore } from './counters';
import { CursorStore } from './cursors';
import { openDatabase, openSessionConnection } from './database';
import { DisputeStore } from './disputes';
import { InputStore } from './inputs';
import { type JobDetails, JobStore } from './jobs';
import { lockJournal } from './lock';
import { Outbox } from './outbox';
import { ProgressStore } from './progress';
import { type JobResult, ResultStore } from './results';
import { SessionStore } from './sessions';
import type { Sqlite } from './sqlite';
import type { JobState } from './states';
import { JournalVotes } from './votes';

export interface JournalOptions {
    /** Current time, Unix milliseconds. */
    now?: () => number;
    /** What names this start of the machine; by default as the system says. */
    boot?: string;
}

/**
 * The worker's durable memory (SQLite, WAL, synchronous FULL; sessions: see SessionStore). Everything the worker promises to the network is here
 * before it is promised. Holds no prompt, no answer and no key in clear.
 */
export class Journal {
    readonly jobs: JobStore;
    readonly inputs: InputStore;
    readonly progress: ProgressStore;
    readonly results: ResultStore;
    readonly outbox: Outbox;
    readonly cursors: CursorStore;
    readonly counters: CounterStore;
    readonly sessions: SessionStore;
    readonly disputes: DisputeStore;
    readonly votes: JournalVotes;
    readonly #db: Sqlite;
    readonly #unlock: () => void;

    private constructor(db: Sqlite, file: string, unlock: () => void, options: JournalOptions) {
        const { now = Date.now } = options;
        this.#db = db;
        this.#unlock = unlock;
        this.jobs = new JobStore(db, now);
        this.inputs = new InputStore(db);
        this.progress = new ProgressStore(db);
        this.results = new ResultStore(db, now);
        this.outbox = new Outbox(db, now);
        this.cursors = new CursorStore(db);
        this.counters = new CounterStore(db);
        this.disputes = new DisputeStore(db, now);
        this.votes = new JournalVotes(db);
        const boot = options.boot === undefined ? {} : { boot: options.boot };
        this.sessions = new SessionStore(openSessionConnection(file), file, { now, ...boot });
    }

    /**
     * Opens or creates a journal and locks it for this process. Throws {@link JournalError}: `journal_locked`,
     * `journal_corrupt`, `journal_unwritable`, `journal_newer`.
     */
    static open(path: string, options: JournalOptions = {}): Journal {
        const file = resolve(path);
        const unlock = lockJournal(file);
        try {
            return new Journal(openDatabase(file), file, unlock, options);
        } catch (error) {
            unlock();
            throw error;
        }
    }

    /** Runs changes that must stand or fall together. May be nested: only the outermost commits. */
    transaction<T>(changes: () => T): T {
        return this.#db.atomically(changes);
    }

    /** `executing` → `executed` with its result, in one step: there is never one without the other. */
    recordResult(job: string, result: JobResult): void {
        this.transaction(() => {
            this.results.insert(job, result);
            this.jobs.transition(job, 'executing', 'executed', { retryAt: null, lastError: null });
            this.progress.delete(job);
        });
    }

    /** Moves a job to a final state and deletes what only unfinished work needs. */
    finish(job: string, from: JobState, to: JobState, details: JobDetails = {}): void {
        this.transaction(() => {
            this.jobs.transition(job, from, to, { retryAt: null, ...details });
            this.inputs.delete(job);
            this.progress.delete(job);
        });
    }

    /** Deletes what is finished and older than `before` (Unix ms). Returns the number of jobs. */
    prune(before: number): number {
        return this.transaction(() => {
            this.outbox.prune(before);
            this.disputes.prune(before);
            return this.jobs.prune(before);
        });
    }

    close(): void {
        this.sessions.close();
        // Leaves one plain file behind, so that copying it is a backup.
        this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        this.#db.close();
        this.#unlock();
    }
}
