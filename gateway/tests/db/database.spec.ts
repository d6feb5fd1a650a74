import { lockDirectory } from '../../src/db/directory-lock';
import { migrate } from '../../src/db/migrate';
import { migrations } from '../../src/db/migrations';
import { PgliteDatabase } from '../../src/db/pglite';
import { Sealer } from '../../src/sealer';
import { describeDatabases } from '../helpers/databases';
import { temporaryDirectory } from '../helpers/temporary';

describeDatabases('database', (open) => {
    it('is migrated once, however many start at the same time', async () => {
        const applied = await Promise.all([migrate(open()), migrate(open()), migrate(open())]);
        expect([...applied].sort()).toEqual([0, 0, migrations.length]);
    });

    it('takes migrations that follow, and none that were edited or are unknown', async () => {
        const next = { number: 99, name: 'next', statements: ['CREATE TABLE next_one (id integer)'] };
        expect(await migrate(open(), [...migrations, next])).toBe(1);
        await expect(migrate(open())).rejects.toMatchObject({ code: 'schema_newer' });
        const edited = { ...next, statements: ['CREATE TABLE next_two (id integer)'] };
        await expect(migrate(open(), [...migrations, edited])).rejects.toMatchObject({
            code: 'schema_differs',
        });
        await open().query('DELETE FROM schema_migrations WHERE number = 99');
    });

    it('undoes a migration that fails half-way', async () => {
        const broken = {
            number: 98,
            name: 'broken',
            statements: ['CREATE TABLE half (id integer)', 'SELECT nonsense'],
        };
        await expect(migrate(open(), [...migrations, broken])).rejects.toThrow();
        const { rows } = await open().query<{ found: unknown }>("SELECT to_regclass('half') AS found");
        expect(rows[0]?.found).toBeNull();
    });

    it('gives numbers, bytes, times and lists in the same form', async () => {
        const bytes = Buffer.from([0, 1, 255]);
        const { rows } = await open().query(
            'SELECT $1::bigint AS number, $2::bytea AS bytes, $3::text[] AS list, now() AS at, 5::integer AS small',
            [9_007_199_254_740_993n, bytes, ['a', 'b']],
        );
        expect(rows[0]).toMatchObject({ number: 9_007_199_254_740_993n, list: ['a', 'b'], small: 5 });
        expect(Buffer.compare(rows[0]!.bytes as Buffer, bytes)).toBe(0);
        expect(Buffer.isBuffer(rows[0]!.bytes)).toBe(true);
        expect(rows[0]!.at).toBeInstanceOf(Date);
    });

    it('rolls back what throws', async () => {
        await open().query('CREATE TABLE IF NOT EXISTS rolled (id integer)');
        const failing = open().transaction(async (tx) => {
            await tx.query('INSERT INTO rolled VALUES (1)');
            throw new Error('stop');
        });
        await expect(failing).rejects.toThrow('stop');
        expect((await open().query('SELECT * FROM rolled')).rows).toEqual([]);
    });

    it('lets one at a time into a lock, and others into other locks', async () => {
        const log: string[] = [];
        const enter = (name: string, mark: string) =>
            open().withLock(name, async () => {
                log.push(`${mark} in`);
                await open().query('SELECT 1');
                log.push(`${mark} out`);
            });
        await Promise.all([enter('x', 'a'), enter('x', 'b')]);
        expect(log).toEqual(['a in', 'a out', 'b in', 'b out']);
        await open().withLock('x', () => enter('y', 'c'));
        await expect(open().withLock('x', () => Promise.reject(new Error('inside')))).rejects.toThrow(
            'inside',
        );
        await enter('x', 'd');
    });
});

describe('data directory', () => {
    const directory = temporaryDirectory();

    it('belongs to one gateway at a time', () => {
        const unlock = lockDirectory(directory);
        expect(() => lockDirectory(directory)).toThrow(expect.objectContaining({ code: 'directory_locked' }));
        unlock();
        lockDirectory(directory)();
    });

    it('keeps the embedded database', async () => {
        const first = await PgliteDatabase.open(`${directory}/database`);
        await migrate(first);
        await first.query("INSERT INTO pending_messages VALUES ('w', 'm')");
        await first.close();
        const second = await PgliteDatabase.open(`${directory}/database`);
        expect((await second.query('SELECT * FROM pending_messages')).rows).toEqual([
            { wallet: 'w', message: 'm' },
        ]);
        await second.close();
    });
});

describe('Sealer', () => {
    const sealer = new Sealer(Buffer.alloc(32, 1));

    it('opens what it sealed for the same purpose and row only', () => {
        const sealed = sealer.seal('file', 'a', 'secret words');
        expect(sealed.includes('secret')).toBe(false);
        expect(sealer.open('file', 'a', sealed).toString()).toBe('secret words');
        const wrong = expect.objectContaining({ code: 'master_key_wrong' });
        expect(() => sealer.open('file', 'b', sealed)).toThrow(wrong);
        expect(() => sealer.open('other', 'a', sealed)).toThrow(wrong);
        expect(() => new Sealer(Buffer.alloc(32, 2)).open('file', 'a', sealed)).toThrow(wrong);
        sealed[20]! ^= 1;
        expect(() => sealer.open('file', 'a', sealed)).toThrow(wrong);
    });
});
