import type { Database, Queryable } from '../db';
import { settleBlocks } from './blocks';
import { insertEntries } from './insert';
import { readLeftLedgers } from './wal';

/** What a channel was known to have served when a process got it, and when another took it over. */
export interface Recovered {
    channel: string;
    node: string;
    /** nanoTON served over the channel's life, as recovered from the node. */
    owed: bigint;
}

/**
 * Notes what was recovered of a channel: it is the end of the former holder's share and the begin of this process's. A
 * channel that this process opened begins at 0.
 */
export async function noteRecovered(
    database: Database,
    process: string,
    recovered: Recovered,
): Promise<void> {
    const { channel, node, owed } = recovered;
    await database.transaction(async (tx) => {
        await tx.query(
            'UPDATE channel_shares SET reached = $3 WHERE channel = $1 AND process_id <> $2 AND reached IS NULL',
            [channel, process, owed],
        );
        await tx.query(
            `INSERT INTO channel_shares AS s (channel, process_id, node, base) VALUES ($1, $2, $3, $4)
             ON CONFLICT (channel, process_id) DO UPDATE SET base = COALESCE(s.base, $4)`,
            [channel, process, node, owed],
        );
    });
}

/** Brings in what dead processes left in the directory. Returns the number of rows that the database did not have. */
export async function replayLeft(database: Database, directory: string): Promise<number> {
    let added = 0;
    for (const left of readLeftLedgers(directory)) {
        await database.transaction(async (tx) => {
            added += (await insertEntries(tx, left.entries)).size;
            await tx.query(
                `UPDATE processes SET ended_at = COALESCE(ended_at, clock_timestamp()), settled_at = clock_timestamp()
                 WHERE id = $1`,
                [left.process],
            );
            // With the file all that it spent is known, so that its blocks need no reserve for the unknown.
            await settleBlocks(tx, left.process);
            await correctUnattributed(tx, left.process);
        });
        left.discard();
    }
    return added;
}

/** Ends this process's accounts after its last row is in the database. */
export async function settleOwn(database: Database, process: string): Promise<void> {
    await database.transaction(async (tx) => {
        await settleBlocks(tx, process);
        await tx.query('DELETE FROM channel_shares WHERE process_id = $1', [process]);
        await tx.query('UPDATE processes SET settled_at = clock_timestamp() WHERE id = $1', [process]);
    });
}

/**
 * Settles processes that died elsewhere, once all channels that they held were recovered: what the channels served beyond
 * the ledger becomes an `unattributed` row of each node, and the keys with an open block are charged it as well, since any
 * of them may have spent it.
 */
export async function settleDead(database: Database): Promise<number> {
    const { rows } = await database.query<{ id: string }>(
        `SELECT p.id FROM processes p WHERE p.ended_at IS NOT NULL AND p.settled_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM channel_shares s WHERE s.process_id = p.id AND s.reached IS NULL)`,
    );
    for (const { id } of rows) {
        await database.transaction(async (tx) => {
            const { count } = await tx.query(
                'UPDATE processes SET settled_at = clock_timestamp() WHERE id = $1 AND settled_at IS NULL',
                [id],
            );
            if (count === 0) return;
            await settleBlocks(tx, id, await bookUnattributed(tx, id));
        });
    }
    return rows.length;
}

const DIFFERENCE = `
    SELECT s.node, (sum(s.reached - COALESCE(s.base, s.reached)) - COALESCE((SELECT sum(l.price) FROM ledger l
        WHERE l.process_id = $1 AND l.node = s.node AND l.kind NOT IN ('unattributed', 'batch')), 0))::bigint AS price
    FROM channel_shares s WHERE s.process_id = $1 AND s.reached IS NOT NULL GROUP BY s.node`;

/** Returns the sum, nanoTON. */
async function bookUnattributed(tx: Queryable, process: string): Promise<bigint> {
    const { rows } = await tx.query<{ price: bigint }>(
        `INSERT INTO ledger (id, at, key_id, process_id, kind, node, price, status)
         SELECT 'unattributed:' || $1 || ':' || d.node, clock_timestamp(), NULL, $1, 'unattributed', d.node, d.price,
            'unattributed' FROM (${DIFFERENCE}) d WHERE d.price > 0
         ON CONFLICT (id) DO NOTHING RETURNING price`,
        [process],
    );
    return rows.reduce((sum, { price }) => sum + price, 0n);
}

/** Rows that came late take their part out of the unattributed ones. */
async function correctUnattributed(tx: Queryable, process: string): Promise<void> {
    await tx.query(
        `UPDATE ledger u SET price = GREATEST(0, d.price) FROM (${DIFFERENCE}) d
         WHERE u.id = 'unattributed:' || $1 || ':' || d.node`,
        [process],
    );
}
