import type { Queryable } from '../db';

/** Begins of periods are UTC; weeks begin on Monday. */
const PERIOD_START = `date_trunc(COALESCE(k.period, 'year'), clock_timestamp() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`;
const PERIOD_END = `(date_trunc(COALESCE(k.period, 'year'), clock_timestamp() AT TIME ZONE 'UTC')
    + ('1 ' || COALESCE(k.period, 'year'))::interval) AT TIME ZONE 'UTC'`;

/** What a key has left and in which period; nanoTON. Locks its usage until the transaction ends. */
export interface LockedUsage {
    readonly periodStart: string;
    /** By the database's time. */
    readonly periodLeftMs: number;
    /** May be negative after a budget was lowered. */
    readonly left: bigint;
}

/** Undefined when the key was revoked or has no budget any more. */
export async function lockUsage(tx: Queryable, keyId: string): Promise<LockedUsage | undefined> {
    await tx.query(
        `INSERT INTO key_usage (key_id, period_start) SELECT k.id, ${PERIOD_START} FROM api_keys k WHERE k.id = $1
         ON CONFLICT (key_id) DO NOTHING`,
        [keyId],
    );
    // A new period begins with nothing used.
    await tx.query(
        `UPDATE key_usage u SET period_total = CASE WHEN u.period_start = ${PERIOD_START} THEN u.period_total ELSE 0 END,
            period_start = ${PERIOD_START}
         FROM api_keys k WHERE k.id = u.key_id AND u.key_id = $1`,
        [keyId],
    );
    const { rows } = await tx.query<{
        period_start: Date;
        left_ms: number;
        budget_total: bigint | null;
        budget_period: bigint | null;
        total: bigint;
        period_total: bigint;
    }>(
        `SELECT u.period_start, u.total, u.period_total, k.budget_total, k.budget_period,
            (EXTRACT(EPOCH FROM ${PERIOD_END} - clock_timestamp()) * 1000)::float8 AS left_ms
         FROM key_usage u JOIN api_keys k ON k.id = u.key_id
         WHERE u.key_id = $1 AND k.revoked_at IS NULL FOR UPDATE OF u`,
        [keyId],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const rests = [
        ...(row.budget_total === null ? [] : [row.budget_total - row.total]),
        ...(row.budget_period === null ? [] : [row.budget_period - row.period_total]),
    ];
    if (rests.length === 0) return undefined;
    return {
        periodStart: row.period_start.toISOString(),
        periodLeftMs: row.left_ms,
        left: rests.reduce((least, rest) => (rest < least ? rest : least)),
    };
}

/** Books `amount` (negative: gives it back) in the total, and in the period where it is still the same. */
export async function addUsage(
    tx: Queryable,
    keyId: string,
    periodStart: string | Date,
    amount: bigint,
): Promise<void> {
    await tx.query(
        `UPDATE key_usage SET total = total + $2,
            period_total = period_total + CASE WHEN period_start = $3::timestamptz THEN $2 ELSE 0 END
         WHERE key_id = $1`,
        [keyId, amount, periodStart],
    );
}
