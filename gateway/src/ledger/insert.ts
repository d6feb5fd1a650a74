import type { Queryable } from '../db';
import type { LedgerEntry } from './entry';

// One JSON parameter for any number of rows: one prepared statement serves them all. Rows that are there already change
// nothing, and neither do their blocks.
const INSERT = `
    WITH given AS (
        SELECT * FROM jsonb_to_recordset($1::text::jsonb) AS r(
            id text, at bigint, key text, process text, kind text, model text, node text, "promptTokens" integer,
            "cachedTokens" integer, "completionTokens" integer, price bigint, status text, "firstTokenMs" integer,
            "totalMs" integer, period timestamptz, charge bigint)
    ), added AS (
        INSERT INTO ledger (id, at, key_id, process_id, kind, model, node, prompt_tokens, cached_tokens,
            completion_tokens, price, status, first_token_ms, total_ms)
        SELECT id, to_timestamp(at / 1000.0), key, process, kind, model, node, "promptTokens", "cachedTokens",
            "completionTokens", price, status, "firstTokenMs", "totalMs" FROM given
        ON CONFLICT (id) DO NOTHING RETURNING id
    ), charged AS (
        UPDATE budget_blocks b SET spent = b.spent + s.charge
        FROM (SELECT g.process, g.key, g.period, sum(g.charge)::bigint AS charge
              FROM given g JOIN added a ON a.id = g.id WHERE g.period IS NOT NULL
              GROUP BY g.process, g.key, g.period) s
        WHERE b.owner = s.process AND b.key_id = s.key AND b.period_start = s.period
    )
    SELECT id FROM added`;

/** Adds rows and charges their budget blocks, in one statement. Returns the ids of those that were not there yet. */
export async function insertEntries(
    database: Queryable,
    entries: readonly LedgerEntry[],
): Promise<Set<string>> {
    if (entries.length === 0) return new Set();
    const { rows } = await database.query<{ id: string }>(INSERT, [JSON.stringify(entries)]);
    return new Set(rows.map(({ id }) => id));
}
