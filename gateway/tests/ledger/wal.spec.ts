import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate';
import { PgliteDatabase } from '../../src/db/pglite';
import type { Database } from '../../src/db/types';
import { createKey } from '../../src/keys';
import {
    Budgets,
    Ledger,
    type LedgerEntry,
    type LedgerStart,
    LedgerWal,
    noteRecovered,
    replayLeft,
    settleDead,
} from '../../src/ledger';
import { readLeftLedgers } from '../../src/ledger/wal';
import { silent } from '../helpers/config';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();
const NODE = 'ab'.repeat(32);
let database: PgliteDatabase;

beforeAll(async () => {
    database = await PgliteDatabase.open();
    await migrate(database);
});
afterAll(() => database.close());

const start = (id: string, extra: Partial<LedgerStart> = {}): LedgerStart => ({
    id,
    at: 1_750_000_000_000,
    key: 'k',
    kind: 'chat',
    model: 'tiny',
    period: null,
    hold: '0',
    ...extra,
});
const end = (begun: LedgerStart, process: string, price: bigint): LedgerEntry => ({
    ...begun,
    process,
    node: NODE,
    promptTokens: 3,
    cachedTokens: 0,
    completionTokens: 4,
    price: price.toString(),
    status: 'ok',
    firstTokenMs: 1,
    totalMs: 2,
    charge: begun.period === null ? '0' : price.toString(),
});
const ledgerOf = (folder: string, process: string, over: Database = database, segmentBytes?: number) => {
    const wal = new LedgerWal(join(directory, folder), process, segmentBytes);
    return {
        wal,
        ledger: new Ledger({ database: over, wal, logger: silent, flushMs: 5, flushRows: 10, retryMs: 5 }),
    };
};
const idsLike = async (pattern: string) =>
    (
        await database.query<{ id: string; status: string }>(
            'SELECT id, status FROM ledger WHERE id LIKE $1 ORDER BY id',
            [pattern],
        )
    ).rows;

it('brings rows into the database in batches and deletes the file when all are there', async () => {
    const { ledger } = ledgerOf('good', 'good');
    for (let i = 0; i < 25; i++) {
        const begun = start(`good-${i}`);
        ledger.begin(begun).end(end(begun, 'good', 1n));
    }
    await ledger.close();
    expect(await idsLike('good-%')).toHaveLength(25);
    expect(readdirSync(join(directory, 'good'))).toEqual([]);
});

it('replays what a crash left: whole rows once, begun ones as interrupted, a cut line not at all', async () => {
    const { wal } = ledgerOf('crash', 'crash');
    for (const name of ['a', 'b']) {
        wal.start(start(`crash-${name}`));
        wal.end(end(start(`crash-${name}`), 'crash', 5n));
    }
    wal.start(start('crash-open'));
    // One row had reached the database; the process died within the next write.
    const { insertEntries } = await import('../../src/ledger');
    await insertEntries(database, [end(start('crash-a'), 'crash', 5n)]);
    const [file] = readdirSync(join(directory, 'crash'));
    appendFileSync(join(directory, 'crash', file!), 'E{"id":"crash-cut","pri');
    expect(await replayLeft(database, join(directory, 'crash'))).toBe(2);
    expect(await idsLike('crash-%')).toEqual([
        { id: 'crash-a', status: 'ok' },
        { id: 'crash-b', status: 'ok' },
        { id: 'crash-open', status: 'interrupted' },
    ]);
    expect(readdirSync(join(directory, 'crash'))).toEqual([]);
    expect(await replayLeft(database, join(directory, 'crash'))).toBe(0);
});

it('begins new files and keeps the old ones while a request in them runs', async () => {
    const { ledger } = ledgerOf('rotate', 'rotate', database, 400);
    const long = ledger.begin(start('rotate-long'));
    for (let i = 0; i < 10; i++) {
        const begun = start(`rotate-${i}`);
        ledger.begin(begun).end(end(begun, 'rotate', 1n));
    }
    await ledger.flush();
    const left = readLeftLedgers(join(directory, 'rotate'));
    expect(left[0]?.entries.map(({ id, status }) => [id, status])).toContainEqual([
        'rotate-long',
        'interrupted',
    ]);
    expect(readdirSync(join(directory, 'rotate')).length).toBeLessThanOrEqual(2);
    long.end(end(start('rotate-long'), 'rotate', 1n));
    await ledger.close();
    expect(readdirSync(join(directory, 'rotate'))).toEqual([]);
    expect(await idsLike('rotate-%')).toHaveLength(11);
});

it('keeps rows while the database is away', async () => {
    let away = true;
    const flaky: Database = {
        ...bound(database),
        query: (sql, parameters) =>
            away ? Promise.reject(new Error('connection refused')) : database.query(sql, parameters),
    };
    const { ledger } = ledgerOf('away', 'away', flaky);
    const begun = start('away-1');
    ledger.begin(begun).end(end(begun, 'away', 1n));
    await expect(ledger.flush()).rejects.toThrow('refused');
    expect(ledger.pending).toBe(1);
    away = false;
    await ledger.flush();
    expect(await idsLike('away-%')).toHaveLength(1);
    await ledger.close();
});

function bound(target: Database): Database {
    return {
        kind: target.kind,
        query: (sql, parameters) => target.query(sql, parameters),
        transaction: (work) => target.transaction(work),
        withLock: (name, work) => target.withLock(name, work),
        close: () => target.close(),
    };
}

describe('a process that died elsewhere', () => {
    const total = async (key: string) =>
        (await database.query<{ total: bigint }>('SELECT total FROM key_usage WHERE key_id = $1', [key]))
            .rows[0]?.total;
    const unattributed = async (process: string) =>
        (
            await database.query<{ price: bigint; key_id: string | null }>(
                "SELECT price, key_id FROM ledger WHERE kind = 'unattributed' AND process_id = $1",
                [process],
            )
        ).rows;

    it('is settled once its channels are recovered; the difference is a row of its own', async () => {
        const { key } = await createKey(database, { name: 'test', budgetTotal: 1_000n });
        const budgets = new Budgets({
            database,
            logger: silent,
            process: 'dead',
            block: 100n,
            idleMs: 1_000,
        });
        const { period } = await budgets.hold(key, 50n, false);
        budgets.close();
        await database.query(
            `INSERT INTO processes (id, expires_at, ended_at) VALUES ('dead', now(), now())`,
        );
        await noteRecovered(database, 'dead', { channel: 'c', node: NODE, owed: 10n });
        const { wal, ledger } = ledgerOf('dead', 'dead');
        const known = start('dead-known', { key: key.id, period, hold: '50' });
        const lost = start('dead-lost', { key: key.id, period, hold: '50' });
        ledger.begin(known).end(end(known, 'dead', 20n));
        await ledger.flush();
        wal.start(lost);
        wal.end(end(lost, 'dead', 7n));

        await settleDead(database);
        expect(await total(key.id)).toBe(100n);
        await noteRecovered(database, 'heir', { channel: 'c', node: NODE, owed: 41n });
        await settleDead(database);
        // 41 − 10 were served, 20 are known: 11 belong to somebody, and this key may be the one.
        expect(await unattributed('dead')).toEqual([{ price: 11n, key_id: null }]);
        expect(await total(key.id)).toBe(31n);

        // The machine comes back with its file: now it is known who spent 7 of them.
        expect(await replayLeft(database, join(directory, 'dead'))).toBe(1);
        expect(await unattributed('dead')).toEqual([{ price: 4n, key_id: null }]);
        expect(await total(key.id)).toBe(27n);
    });

    it('charges the budget all that an interrupted request could have cost', async () => {
        const { key } = await createKey(database, { name: 'test', budgetTotal: 1_000n });
        const budgets = new Budgets({ database, logger: silent, process: 'cut', block: 100n, idleMs: 1_000 });
        const { period } = await budgets.hold(key, 60n, false);
        budgets.close();
        await database.query(`INSERT INTO processes (id, expires_at) VALUES ('cut', now())`);
        const { wal } = ledgerOf('cut', 'cut');
        wal.start(start('cut-1', { key: key.id, period, hold: '60' }));
        await replayLeft(database, join(directory, 'cut'));
        expect(await total(key.id)).toBe(60n);
    });
});
