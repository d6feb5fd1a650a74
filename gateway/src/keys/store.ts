import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../db';
import { ConfigError } from '../errors';
import type { ApiKey, NewApiKey } from './types';

type KeyRow = {
    id: string;
    hint: string;
    name: string;
    models: string[] | null;
    requests_per_minute: number | null;
    tokens_per_minute: number | null;
    max_tokens: number | null;
    budget_total: bigint | null;
    budget_period: bigint | null;
    period: ApiKey['period'];
    created_at: Date;
    revoked_at: Date | null;
};

const PREFIX = 'sk-cocoon-';
const HINT_LENGTH = 4;
const COLUMNS = `id, hint, name, models, requests_per_minute, tokens_per_minute, max_tokens, budget_total,
    budget_period, period, created_at, revoked_at`;

/** What the database knows a key by. Keys are random: a plain hash cannot be guessed back. */
export function hashOfKey(secret: string): string {
    return createHash('sha256').update(secret).digest('hex');
}

/** Makes a key. The secret is shown here and never again. Throws ConfigError when a period has no budget or the reverse. */
export async function createKey(
    database: Database,
    key: NewApiKey,
): Promise<{ secret: string; key: ApiKey }> {
    if (
        (key.period ?? null) === null
            ? (key.budgetPeriod ?? null) !== null
            : (key.budgetPeriod ?? null) === null
    ) {
        throw new ConfigError('a budget per period needs both amount and period', 'pass both, or neither');
    }
    const secret = PREFIX + randomBytes(32).toString('base64url');
    const { rows } = await database.query<KeyRow>(
        `INSERT INTO api_keys (id, hash, hint, name, models, requests_per_minute, tokens_per_minute, max_tokens,
            budget_total, budget_period, period)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${COLUMNS}`,
        [
            `key_${randomBytes(9).toString('base64url')}`,
            hashOfKey(secret),
            secret.slice(-HINT_LENGTH),
            key.name,
            key.models ?? null,
            key.requestsPerMinute ?? null,
            key.tokensPerMinute ?? null,
            key.maxTokens ?? null,
            key.budgetTotal ?? null,
            key.budgetPeriod ?? null,
            key.period ?? null,
        ],
    );
    return { secret, key: keyOf(rows[0]!) };
}

/** All keys, revoked ones too, oldest first. */
export async function listKeys(database: Database): Promise<ApiKey[]> {
    const { rows } = await database.query<KeyRow>(`SELECT ${COLUMNS} FROM api_keys ORDER BY created_at, id`);
    return rows.map(keyOf);
}

/** False when there is no such key. */
export async function revokeKey(database: Database, id: string): Promise<boolean> {
    const { count } = await database.query(
        'UPDATE api_keys SET revoked_at = COALESCE(revoked_at, clock_timestamp()) WHERE id = $1 RETURNING id',
        [id],
    );
    return count > 0;
}

/** The key with this hash, unless it was revoked. */
export async function findKey(database: Database, hash: string): Promise<ApiKey | undefined> {
    const { rows } = await database.query<KeyRow>(
        `SELECT ${COLUMNS} FROM api_keys WHERE hash = $1 AND revoked_at IS NULL`,
        [hash],
    );
    return rows[0] && keyOf(rows[0]);
}

function keyOf(row: KeyRow): ApiKey {
    return {
        id: row.id,
        hint: row.hint,
        name: row.name,
        models: row.models,
        requestsPerMinute: row.requests_per_minute,
        tokensPerMinute: row.tokens_per_minute,
        maxTokens: row.max_tokens,
        budgetTotal: row.budget_total,
        budgetPeriod: row.budget_period,
        period: row.period,
        createdAt: row.created_at,
        revokedAt: row.revoked_at,
    };
}
