import { JournalError, REPORT_REMEDY } from './errors';
import type { Sqlite } from './sqlite';

/** A finished result exactly as it will be submitted: sealed to the client, never in clear. */
export interface JobResult {
    claimNumber: number;
    /** Bytes of what goes into `SubmitResult` (or to the content-addressed store). */
    sealed: Buffer;
    /** Top of the commitment tree over the items' canonical responses, 32 bytes. */
    top: Buffer;
    usage: { promptTokens: number; completionTokens: number };
    /** Content key of the batch, sealed: a dispute asks for what opens one item. Absent in results of older versions. */
    contentKey?: Buffer;
}

/** Results are written once and never changed: a restart submits the same bytes or nothing. */
export class ResultStore {
    readonly #db: Sqlite;
    readonly #now: () => number;

    constructor(db: Sqlite, now: () => number) {
        this.#db = db;
        this.#now = now;
    }

    /** Throws {@link JournalError} `result_conflict` when the job already has a result. */
    insert(job: string, result: JobResult): void {
        const { promptTokens, completionTokens } = result.usage;
        const { changes } = this.#db.run(
            'INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job) DO NOTHING',
            job,
            result.claimNumber,
            result.sealed,
            result.top,
            promptTokens,
            completionTokens,
            this.#now(),
            result.contentKey ?? null,
        );
        if (changes === 1) return;
        throw new JournalError('result_conflict', `job ${job} already has a result`, REPORT_REMEDY);
    }

    get(job: string): JobResult | undefined {
        const row = this.#db.get('SELECT * FROM results WHERE job = ?', job);
        return (
            row && {
                claimNumber: row.claim_number as number,
                sealed: row.sealed as Buffer,
                top: row.top as Buffer,
                usage: {
                    promptTokens: row.prompt_tokens as number,
                    completionTokens: row.completion_tokens as number,
                },
                ...(row.content_key === null ? {} : { contentKey: row.content_key as Buffer }),
            }
        );
    }
}
