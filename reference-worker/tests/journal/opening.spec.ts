import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../src/journal';
import { Sqlite } from '../../src/journal/sqlite';
import { temporaryDirectory } from '../helpers/temporary';
import { finished, startTsx } from '../helpers/tsx';

const directory = temporaryDirectory();

function filledJournal(name: string): string {
    const path = join(directory, name);
    const journal = Journal.open(path);
    for (let index = 0; index < 200; index++) {
        journal.jobs.insertSeen({
            job: `0:${index}`,
            modelId: 'ab'.repeat(32),
            mode: 'open',
            items: 1,
            spec: Buffer.alloc(500, index),
        });
    }
    journal.close();
    return path;
}

test('a damaged page: one clear message, and the file is left as it is', () => {
    const path = filledJournal('damaged.db');
    const bytes = readFileSync(path);
    for (let page = 2; page < 12; page++) bytes.fill(0x5a, page * 4096, page * 4096 + 2000);
    writeFileSync(path, bytes);
    expect(() => Journal.open(path)).toThrow(
        expect.objectContaining({
            code: 'journal_corrupt',
            exitCode: 4,
            remedy: expect.stringMatching(/restore it from a backup/),
        }),
    );
    expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a file that is no database is never overwritten', () => {
    const path = join(directory, 'text.db');
    writeFileSync(path, 'not a database '.repeat(500));
    expect(() => Journal.open(path)).toThrow(expect.objectContaining({ code: 'journal_corrupt' }));
    expect(readFileSync(path, 'utf8')).toMatch(/^not a database/);
});

test('a journal of a newer worker is refused', () => {
    const path = filledJournal('newer.db');
    const database = new Sqlite(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => Journal.open(path)).toThrow(expect.objectContaining({ code: 'journal_newer' }));
});

test('a place that cannot be written', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(() => Journal.open(join(file, 'journal.db'))).toThrow(
        expect.objectContaining({ code: 'journal_unwritable' }),
    );
});

test('the file is private and durable: mode 600, WAL', () => {
    const path = filledJournal('private.db');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const database = new Sqlite(path);
    expect(database.get('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' });
    database.close();
});

test('two workers on one journal: the second is told so, and gets it when the first is killed', async () => {
    const path = filledJournal('shared.db');
    const holder = startTsx('tests/journal/hold-lock.ts', [path]);
    const ended = finished(holder);
    await new Promise<void>((resolve) => holder.stdout!.once('data', () => resolve()));
    expect(() => Journal.open(path)).toThrow(
        expect.objectContaining({ code: 'journal_locked', message: expect.stringMatching(/another worker/) }),
    );
    holder.kill('SIGKILL');
    await ended;
    const journal = Journal.open(path);
    expect(() => Journal.open(path)).toThrow(expect.objectContaining({ code: 'journal_locked' }));
    expect(journal.jobs.counts().seen).toBe(200);
    journal.close();
});
