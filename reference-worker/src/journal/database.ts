import { closeSync, existsSync, openSync } from 'node:fs';
import { messageOf, systemCode } from '../errors';
import { JournalError } from './errors';
import { MIGRATIONS } from './migrations';
import { Sqlite } from './sqlite';

/** Opens, checks and migrates a journal. Throws {@link JournalError}; a damaged file is never changed. */
export function openDatabase(path: string): Sqlite {
    let database: Sqlite | undefined;
    try {
        // Mode 600: what is in it is sealed, but which jobs a node took is nobody else's business.
        if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
        database = new Sqlite(path);
        quickCheck(database, path);
        configure(database);
        migrate(database, path);
        return database;
    } catch (error) {
        database?.close();
        throw error instanceof JournalError ? error : openError(path, error);
    }
}

/** Pages of the log before they are copied into the file: seldom, because the event loop waits for it. */
const CHECKPOINT_PAGES = 8_000;

/**
 * A second connection to an open journal, for what is written with every request: a commit survives the death of the
 * process but does not wait for the disk. WalSync bounds what a power failure can take.
 */
export function openSessionConnection(path: string): Sqlite {
    const database = new Sqlite(path);
    database.exec(`
        PRAGMA synchronous = NORMAL;
        PRAGMA foreign_keys = ON;
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    `);
    return database;
}

function quickCheck(database: Sqlite, path: string): void {
    const rows = database.all('PRAGMA quick_check');
    if (rows.length === 1 && rows[0]!.quick_check === 'ok') return;
    throw corrupt(path, String(rows[0]?.quick_check));
}

function configure(database: Sqlite): void {
    // FULL: a commit is on disk before the act that it promises. NORMAL may lose the last commits at a power cut.
    database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
    `);
}

function migrate(database: Sqlite, path: string): void {
    const version = Number(database.get('PRAGMA user_version')!.user_version);
    if (version > MIGRATIONS.length) {
        throw new JournalError(
            'journal_newer',
            `the journal ${path} was written by a newer version of the worker`,
            'install that version again; the journal cannot be downgraded',
        );
    }
    for (const [index, migration] of MIGRATIONS.entries()) {
        if (index < version) continue;
        database.atomically(() => {
            database.exec(migration);
            database.exec(`PRAGMA user_version = ${index + 1}`);
        });
    }
}

function openError(path: string, error: unknown): JournalError {
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(systemCode(error) ?? '')) return corrupt(path, messageOf(error));
    return new JournalError(
        'journal_unwritable',
        `the journal ${path} cannot be opened: ${messageOf(error)}`,
        'set journal.path to a file in a directory that the worker may write, on a local disk with free space',
        error,
    );
}

function corrupt(path: string, detail: string): JournalError {
    return new JournalError(
        'journal_corrupt',
        `the journal ${path} is corrupt (${detail.split('\n')[0]!.slice(0, 200)})`,
        'restore it from a backup together with its -wal file; only if no claimed job is open on chain, move it aside and start anew',
    );
}
