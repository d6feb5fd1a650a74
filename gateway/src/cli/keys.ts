import { fromNano } from '@ton/core';
import { parseAmount } from '../config';
import { ConfigError } from '../errors';
import { type ApiKey, type BudgetPeriod, createKey, listKeys, revokeKey } from '../keys';
import { withDatabase } from './with-database';

export interface CreateOptions {
    config: string;
    name: string;
    model?: string[];
    rpm?: string;
    tpm?: string;
    maxTokens?: string;
    budget?: string;
    periodBudget?: string;
    period?: string;
}

const PERIODS: readonly string[] = ['hour', 'day', 'week', 'month'];

/** `cocoon-gateway keys create` */
export async function createCommand(options: CreateOptions): Promise<void> {
    const { period } = options;
    if (period !== undefined && !PERIODS.includes(period)) {
        throw new ConfigError('--period is none that budgets have', `pass one of ${PERIODS.join(', ')}`);
    }
    const { secret, key } = await withDatabase(options.config, (database) =>
        createKey(database, {
            name: options.name,
            models: options.model ?? null,
            requestsPerMinute: count('--rpm', options.rpm),
            tokensPerMinute: count('--tpm', options.tpm),
            maxTokens: count('--max-tokens', options.maxTokens),
            budgetTotal: amount('--budget', options.budget),
            budgetPeriod: amount('--period-budget', options.periodBudget),
            period: (period as BudgetPeriod | undefined) ?? null,
        }),
    );
    process.stdout.write(
        `id   ${key.id}\nkey  ${secret}\nThe key is not shown again: the database has its hash only.\n`,
    );
}

/** `cocoon-gateway keys list` */
export async function listCommand(options: { config: string; json?: boolean }): Promise<void> {
    const { keys, spent } = await withDatabase(options.config, async (database) => {
        const { rows } = await database.query<{ key_id: string; price: bigint }>(
            'SELECT key_id, sum(price)::bigint AS price FROM ledger WHERE key_id IS NOT NULL GROUP BY key_id',
        );
        return {
            keys: await listKeys(database),
            spent: new Map(rows.map(({ key_id: key, price }) => [key, price])),
        };
    });
    for (const key of keys) {
        const price = spent.get(key.id) ?? 0n;
        process.stdout.write(`${options.json ? jsonOf(key, price) : lineOf(key, price)}\n`);
    }
}

/** `cocoon-gateway keys revoke` */
export async function revokeCommand(id: string, options: { config: string }): Promise<void> {
    const known = await withDatabase(options.config, (database) => revokeKey(database, id));
    if (!known) throw new ConfigError(`there is no key ${id}`, 'look at `cocoon-gateway keys list`');
    process.stdout.write(`${id} is revoked\n`);
}

function lineOf(key: ApiKey, spent: bigint): string {
    const parts = [key.id, `…${key.hint}`, JSON.stringify(key.name), `spent ${fromNano(spent)} TON`];
    if (key.budgetTotal !== null) parts.push(`of ${fromNano(key.budgetTotal)} TON`);
    if (key.budgetPeriod !== null) parts.push(`${fromNano(key.budgetPeriod)} TON a ${key.period}`);
    if (key.requestsPerMinute !== null) parts.push(`${key.requestsPerMinute} requests/min`);
    if (key.tokensPerMinute !== null) parts.push(`${key.tokensPerMinute} tokens/min`);
    if (key.maxTokens !== null) parts.push(`≤ ${key.maxTokens} tokens`);
    if (key.models !== null) parts.push(key.models.join(' '));
    if (key.revokedAt !== null) parts.push(`revoked ${key.revokedAt.toISOString()}`);
    return parts.join('  ');
}

function jsonOf(key: ApiKey, spent: bigint): string {
    return JSON.stringify({ ...key, spent }, (_, value) =>
        typeof value === 'bigint' ? value.toString() : value,
    );
}

function count(option: string, text: string | undefined): number | null {
    if (text === undefined) return null;
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1) return value;
    throw new ConfigError(`${option} is not a whole number of 1 or more`, `pass ${option} 60, for example`);
}

function amount(option: string, text: string | undefined): bigint | null {
    if (text === undefined) return null;
    // A fraction can only mean TON.
    const value = parseAmount(/^\d+\.\d+$/.test(text) ? `${text} TON` : text);
    if (value !== undefined) return value;
    throw new ConfigError(
        `${option} is not an amount`,
        `pass ${option} "2.5 TON", or a whole number of nanoTON`,
    );
}
