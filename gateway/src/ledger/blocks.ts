import type { Database, Queryable } from '../db';
import { addUsage, lockUsage } from './usage';

export interface Reservation {
    /** A process, or `batch:<id>`. */
    owner: string;
    key: string;
    /** nanoTON. */
    wanted: bigint;
    /** All of `wanted`, or nothing. */
    whole?: boolean;
}

export interface Reserved {
    /** nanoTON; less than wanted where the budget ends, 0 where nothing is left. */
    amount: bigint;
    period: string;
    periodLeftMs: number;
}

/** Takes from a key's budget into its owner's block, durably. Undefined for a key without budgets. */
export async function reserve(database: Database, reservation: Reservation): Promise<Reserved | undefined> {
    return database.transaction((tx) => reserveIn(tx, reservation));
}

/** As `reserve`, within a transaction. */
export async function reserveIn(
    tx: Queryable,
    { owner, key, wanted, whole = false }: Reservation,
): Promise<Reserved | undefined> {
    const usage = await lockUsage(tx, key);
    if (usage === undefined) return undefined;
    const { periodStart: period, periodLeftMs, left } = usage;
    const possible = left < wanted ? (whole ? 0n : left) : wanted;
    const amount = possible < 0n ? 0n : possible;
    if (amount > 0n) {
        await addUsage(tx, key, period, amount);
        await tx.query(
            `INSERT INTO budget_blocks (owner, key_id, period_start, amount) VALUES ($1, $2, $3, $4)
             ON CONFLICT (owner, key_id, period_start) DO UPDATE SET amount = budget_blocks.amount + $4`,
            [owner, key, period, amount],
        );
    }
    return { amount, period, periodLeftMs };
}

/** Takes out of a block what will not be spent. */
export async function giveBack(
    database: Database,
    { owner, key, period, amount }: { owner: string; key: string; period: string; amount: bigint },
): Promise<void> {
    await database.transaction(async (tx) => {
        const { count } = await tx.query(
            `UPDATE budget_blocks SET amount = amount - $4
             WHERE owner = $1 AND key_id = $2 AND period_start = $3 AND NOT closed`,
            [owner, key, period, amount],
        );
        if (count > 0) await addUsage(tx, key, period, -amount);
    });
}

/**
 * Closes all blocks of an owner: what the ledger charged stays spent, up to `extra` more of each stays charged as well,
 * and the rest is free again. Blocks that were closed before are brought in line with the ledger.
 */
export async function settleBlocks(tx: Queryable, owner: string, extra = 0n): Promise<void> {
    const { rows } = await tx.query<{ key_id: string; period_start: Date; amount: bigint; spent: bigint }>(
        'SELECT key_id, period_start, amount, spent FROM budget_blocks WHERE owner = $1 ORDER BY key_id FOR UPDATE',
        [owner],
    );
    for (const { key_id: key, period_start: period, amount, spent } of rows) {
        const rest = amount - spent;
        const kept = rest <= 0n ? 0n : rest < extra ? rest : extra;
        await tx.query(
            `UPDATE budget_blocks SET amount = $4, closed = true WHERE owner = $1 AND key_id = $2 AND period_start = $3`,
            [owner, key, period, spent + kept],
        );
        await addUsage(tx, key, period, spent + kept - amount);
    }
}
