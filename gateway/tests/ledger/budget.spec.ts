import { migrate } from '../../src/db/migrate';
import { PgliteDatabase } from '../../src/db/pglite';
import { type ApiKey, createKey, type NewApiKey } from '../../src/keys';
import { Budgets, insertEntries, type LedgerEntry, settleOwn } from '../../src/ledger';
import { silent } from '../helpers/config';

let database: PgliteDatabase;
let time = 0;

beforeAll(async () => {
    database = await PgliteDatabase.open();
    await migrate(database);
});
afterAll(() => database.close());

const keyWith = async (key: Partial<NewApiKey>) => (await createKey(database, { name: 'test', ...key })).key;
const budgetsOf = (process: string, block = 100n) =>
    new Budgets({ database, logger: silent, process, block, idleMs: 1_000, now: () => time });

async function committed(key: ApiKey): Promise<bigint> {
    const { rows } = await database.query<{ total: bigint }>(
        'SELECT total FROM key_usage WHERE key_id = $1',
        [key.id],
    );
    return rows[0]?.total ?? 0n;
}

const entry = (
    id: string,
    key: ApiKey,
    process: string,
    period: string | null,
    price: bigint,
): LedgerEntry => ({
    id,
    at: 1_750_000_000_000,
    key: key.id,
    process,
    kind: 'chat',
    model: 'tiny',
    node: 'ab',
    promptTokens: 1,
    cachedTokens: 0,
    completionTokens: 1,
    price: price.toString(),
    status: 'ok',
    firstTokenMs: 1,
    totalMs: 2,
    period,
    charge: price.toString(),
});

it('costs nothing for a key without a budget', async () => {
    const hold = budgetsOf('p0').hold(await keyWith({}), 10n, false);
    expect(hold).toMatchObject({ amount: 0n, period: null });
});

it('holds out of a block, synchronously once it is reserved, and frees what was not spent', async () => {
    const key = await keyWith({ budgetTotal: 1_000n });
    const budgets = budgetsOf('p1');
    const first = await budgets.hold(key, 30n, false);
    expect(first.amount).toBe(30n);
    expect(await committed(key)).toBe(100n);
    const second = budgets.hold(key, 20n, false);
    expect(second).not.toBeInstanceOf(Promise);
    first.settle(10n);
    first.settle(0n);
    expect(budgets.hold(key, 70n, false)).not.toBeInstanceOf(Promise);
});

it('never lets processes together exceed a budget', async () => {
    const key = await keyWith({ budgetTotal: 1_000n });
    const all = ['a', 'b', 'c'].map((name) => budgetsOf(`race-${name}`, 70n));
    let spent = 0n;
    const spend = async (budgets: Budgets) => {
        for (let i = 0; i < 30; i++) {
            const hold = await budgets.hold(key, 17n, false);
            const price = BigInt(i % 18);
            spent += price;
            hold.settle(price);
        }
    };
    const results = await Promise.allSettled([...all, ...all].map(spend));
    expect(spent).toBeLessThanOrEqual(1_000n);
    expect(await committed(key)).toBeLessThanOrEqual(1_000n);
    for (const result of results) {
        if (result.status === 'rejected')
            expect(['budget_exceeded', 'max_tokens_over_budget']).toContain(result.reason.code);
    }
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
});

it('gives the rest to a request without a limit of tokens, and refuses one with a limit', async () => {
    const key = await keyWith({ budgetTotal: 50n });
    const budgets = budgetsOf('p2');
    await expect(budgets.hold(key, 51n, false)).rejects.toMatchObject({ code: 'max_tokens_over_budget' });
    const rest = await budgets.hold(key, 51n, true);
    expect(rest.amount).toBe(50n);
    rest.settle(50n);
    await expect(budgets.hold(key, 1n, true)).rejects.toMatchObject({ code: 'budget_exceeded' });
});

it('has a budget for each period, which begins with nothing used', async () => {
    const key = await keyWith({ budgetPeriod: 40n, period: 'hour' });
    const budgets = budgetsOf('p3');
    (await budgets.hold(key, 40n, false)).settle(40n);
    await expect(budgets.hold(key, 1n, true)).rejects.toMatchObject({ code: 'budget_exceeded' });
    // The database's clock does not move for a test: the row is moved into the hour before.
    await database.query(
        "UPDATE key_usage SET period_start = period_start - interval '1 hour' WHERE key_id = $1",
        [key.id],
    );
    const before = time;
    time += 3_600_001;
    expect((await budgets.hold(key, 40n, false)).amount).toBe(40n);
    time = before;
});

it('returns idle blocks, so that other processes can spend them', async () => {
    const key = await keyWith({ budgetTotal: 100n });
    const [one, two] = [budgetsOf('idle-1'), budgetsOf('idle-2')];
    const running = await one.hold(key, 30n, false);
    await expect(two.hold(key, 30n, false)).rejects.toMatchObject({ code: 'budget_exceeded' });
    time += 1_000;
    one.returnIdle();
    while ((await committed(key)) > 30n) await new Promise(setImmediate);
    expect((await two.hold(key, 70n, false)).amount).toBe(70n);
    running.settle(30n);
});

it('settles a process by its ledger: what was spent stays, the rest is free', async () => {
    const key = await keyWith({ budgetTotal: 200n });
    const hold = await budgetsOf('ended').hold(key, 30n, false);
    await database.query(`INSERT INTO processes (id, expires_at) VALUES ('ended', now())`);
    const row = entry('settled-1', key, 'ended', hold.period, 12n);
    expect((await insertEntries(database, [row])).size).toBe(1);
    expect(
        (await insertEntries(database, [row, entry('settled-2', key, 'ended', hold.period, 3n)])).size,
    ).toBe(1);
    await settleOwn(database, 'ended');
    expect(await committed(key)).toBe(15n);
});
