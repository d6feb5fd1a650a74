import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { DatabaseError, systemCode } from '../errors';

/**
 * Takes the data directory for this process and returns how to let go of it. The lock is an open exclusive transaction
 * of an empty SQLite file: the operating system drops it when the process dies in whatever way, so none is ever left behind.
 * Throws DatabaseError `directory_locked` or `directory_unwritable`.
 */
export function lockDirectory(directory: string): () => void {
    let held: Libsql.Database | undefined;
    try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        held = new Libsql(join(directory, 'lock'), { timeout: 0 });
        held.exec('BEGIN EXCLUSIVE');
    } catch (error) {
        held?.close();
        if (systemCode(error)?.startsWith('SQLITE_BUSY')) {
            throw new DatabaseError(
                'directory_locked',
                `another gateway is using the directory ${directory}`,
                'stop the other gateway, or give this one a directory of its own and let both use one PostgreSQL',
                error,
            );
        }
        throw new DatabaseError(
            'directory_unwritable',
            `the data directory cannot be used: ${directory}`,
            'set directory to one that the gateway may write',
            error,
        );
    }
    const lock = held;
    return () => {
        lock.exec('ROLLBACK');
        lock.close();
    };
}
