import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../errors';
import { JournalError } from './errors';
import { Sqlite } from './sqlite';

/**
 * Takes `<journal>.lock` and returns how to let go of it. It is an empty SQLite database with an open exclusive
 * transaction: the operating system drops the lock when the process dies in whatever way, so no stale lock is ever left
 * behind, and the journal itself stays readable to `sqlite3` while the worker runs.
 */
export function lockJournal(path: string): () => void {
    const file = `${path}.lock`;
    let held: Sqlite | undefined;
    try {
        mkdirSync(dirname(path), { recursive: true });
        held = new Sqlite(file, 0);
        held.exec('BEGIN EXCLUSIVE');
    } catch (error) {
        held?.close();
        if (systemCode(error)?.startsWith('SQLITE_BUSY')) {
            throw new JournalError(
                'journal_locked',
                `another worker is using the journal ${path}`,
                'stop the other worker, or give this one a journal.path of its own',
                error,
            );
        }
        throw new JournalError(
            'journal_unwritable',
            `the journal's lock cannot be taken: ${file}`,
            'set journal.path to a file in a directory that the worker may write',
            error,
        );
    }
    const lock = held;
    return () => {
        lock.exec('ROLLBACK');
        lock.close();
    };
}
