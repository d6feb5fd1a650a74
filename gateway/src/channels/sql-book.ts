import {
    type ChannelBook,
    type ChannelLease,
    ChannelLeaseLostError,
    type ChannelRecord,
    ChannelSlotTakenError,
    type VaultRecord,
} from 'cocoon-sdk';
import type { Membership } from '../cluster';
import type { Database } from '../db';
import { systemCode } from '../errors';
import type { Sealer } from '../sealer';
import { type ChannelRow, COLUMNS, channelOf, type VaultRow, vaultOf } from './rows';
import { SqlLease } from './sql-lease';

export interface SqlBookOptions {
    database: Database;
    membership: Membership;
    sealer: Sealer;
}

const UNIQUE_VIOLATION = '23505';
/** Free for others: nobody's, or of a process that has ended. Ending is a fact of the database, see Membership. */
const FREE = `(c.owner IS NULL OR c.owner = $2
    OR NOT EXISTS (SELECT 1 FROM processes p WHERE p.id = c.owner AND p.ended_at IS NULL))`;

/**
 * Vaults and allocations in the database. An allocation is leased to one process by owner and fence: each lease has a higher
 * fence, only its holder's writes pass, and it ends with the process's membership.
 */
export class SqlChannelBook implements ChannelBook {
    readonly #options: SqlBookOptions;
    /** Leases given to this process and not given back or lost. */
    readonly #live = new Map<string, SqlLease>();
    /** Being leased now: a second lease of this process would raise the fence of the first. */
    readonly #taking = new Set<string>();

    constructor(options: SqlBookOptions) {
        this.#options = options;
        options.membership.onLost(() => {
            for (const lease of [...this.#live.values()]) lease.lose();
        });
    }

    async vaults(): Promise<readonly VaultRecord[]> {
        const { rows } = await this.#options.database.query<VaultRow>('SELECT * FROM vaults ORDER BY added');
        return rows.map(vaultOf);
    }

    async setVault({ vault, nonce, openBefore, termsHash, deposited, state }: VaultRecord): Promise<void> {
        await this.#options.database.query(
            `INSERT INTO vaults (vault, nonce, open_before, terms_hash, deposited, state) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (vault) DO UPDATE SET nonce = $2, open_before = $3, terms_hash = $4, deposited = $5, state = $6`,
            [vault, nonce.toString(), openBefore, termsHash, deposited, state],
        );
    }

    async list(): Promise<readonly ChannelRecord[]> {
        const { database, sealer } = this.#options;
        const { rows } = await database.query<ChannelRow>(
            `SELECT ${COLUMNS} FROM channels c WHERE state <> 'retired' ORDER BY added`,
        );
        return rows.map((row) => channelOf(row, sealer));
    }

    async add(record: ChannelRecord): Promise<ChannelLease> {
        const { database, membership, sealer } = this.#options;
        if (!membership.valid) throw new ChannelLeaseLostError(record.id);
        try {
            await database.query(
                `WITH share AS (
                    INSERT INTO channel_shares (channel, process_id, node, base) VALUES ($1, $12, $5, 0)
                 )
                 INSERT INTO channels (id, vault, slot, generation, node, payee, sealed_seed, allocated, state,
                    cumulative, sequence, owner, fence)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)`,
                [
                    record.id,
                    record.vault,
                    record.slot,
                    record.generation,
                    record.node,
                    record.payee,
                    sealer.seal('voucher key', record.id, Buffer.from(record.voucherSeed, 'hex')),
                    record.allocated,
                    record.state,
                    record.cumulative,
                    record.sequence,
                    membership.id,
                ],
            );
        } catch (error) {
            if (systemCode(error) !== UNIQUE_VIOLATION) throw error;
            throw new ChannelSlotTakenError(record.vault, record.slot);
        }
        return this.#hold(record, 1n);
    }

    async lease(id: string): Promise<ChannelLease | undefined> {
        const { membership } = this.#options;
        if (this.#live.has(id) || this.#taking.has(id) || !membership.valid) return undefined;
        this.#taking.add(id);
        try {
            return await this.#take(id);
        } finally {
            this.#taking.delete(id);
        }
    }

    async #take(id: string): Promise<ChannelLease | undefined> {
        const { database, membership, sealer } = this.#options;
        const { rows } = await database.query<ChannelRow>(
            `WITH c AS (
                UPDATE channels c SET owner = $2, fence = c.fence + 1
                WHERE c.id = $1 AND c.state <> 'retired' AND ${FREE} RETURNING c.*
             ), share AS (
                INSERT INTO channel_shares (channel, process_id, node) SELECT c.id, $2, c.node FROM c
                ON CONFLICT (channel, process_id) DO NOTHING
             )
             SELECT ${COLUMNS} FROM c`,
            [id, membership.id],
        );
        const row = rows[0];
        if (row === undefined) return undefined;
        return this.#hold(channelOf(row, sealer), row.fence);
    }

    exclusively<T>(task: () => Promise<T>): Promise<T> {
        return this.#options.database.withLock('vault', task);
    }

    /** Gives all leases back. */
    async close(): Promise<void> {
        await Promise.all([...this.#live.values()].map((lease) => lease.release()));
    }

    #hold(record: ChannelRecord, fence: bigint): SqlLease {
        const { database, membership } = this.#options;
        const lease: SqlLease = new SqlLease({
            record,
            fence,
            database,
            membership,
            onEnd: () => {
                if (this.#live.get(record.id) === lease) this.#live.delete(record.id);
            },
        });
        this.#live.set(record.id, lease);
        return lease;
    }
}
