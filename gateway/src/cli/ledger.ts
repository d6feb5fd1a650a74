import { fromNano } from '@ton/core';
import type { Database, Row } from '../db';
import { ConfigError } from '../errors';
import { withDatabase } from './with-database';

export interface LedgerCommandOptions {
    config: string;
    key?: string;
    since?: string;
    rows?: boolean;
    json?: boolean;
}

const DAY_MS = 86_400_000;
const FILTER = 'at >= $1 AND ($2::text IS NULL OR key_id = $2)';

/** `cocoon-gateway ledger` */
export async function ledger(options: LedgerCommandOptions): Promise<void> {
    const since = options.since === undefined ? new Date(Date.now() - DAY_MS) : new Date(options.since);
    if (Number.isNaN(since.getTime()))
        throw new ConfigError('--since is not a time', 'pass --since 2026-01-31T00:00Z');
    const rows = await withDatabase(options.config, (database) =>
        options.rows ? requests(database, since, options.key) : sums(database, since, options.key),
    );
    for (const row of rows) process.stdout.write(`${options.json ? jsonOf(row) : lineOf(row)}\n`);
}

async function requests(database: Database, since: Date, key: string | undefined): Promise<Row[]> {
    const { rows } = await database.query(
        `SELECT at, id, key_id AS key, kind, model, node, prompt_tokens, cached_tokens, completion_tokens, price, status,
            total_ms FROM ledger WHERE ${FILTER} ORDER BY at, id`,
        [since, key ?? null],
    );
    return rows;
}

async function sums(database: Database, since: Date, key: string | undefined): Promise<Row[]> {
    const { rows } = await database.query(
        `SELECT key_id AS key, model, count(*)::integer AS requests, sum(prompt_tokens)::bigint AS prompt_tokens,
            sum(completion_tokens)::bigint AS completion_tokens, sum(price)::bigint AS price
         FROM ledger WHERE ${FILTER} GROUP BY key_id, model ORDER BY key_id, model`,
        [since, key ?? null],
    );
    return rows;
}

function lineOf(row: Row): string {
    return Object.entries(row)
        .filter(([, value]) => value !== null)
        .map(
            ([name, value]) =>
                `${name} ${name === 'price' ? `${fromNano(value as bigint)} TON` : textOf(value)}`,
        )
        .join('  ');
}

function jsonOf(row: Row): string {
    return JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
}

function textOf(value: unknown): string {
    return value instanceof Date ? value.toISOString() : String(value);
}
