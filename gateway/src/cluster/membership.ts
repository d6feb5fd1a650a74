import { randomUUID } from 'node:crypto';
import type { Database } from '../db';
import { DatabaseError, messageOf } from '../errors';
import type { Logger } from '../observability';
import { type DoubleClock, systemDoubleClock, Validity } from './clock';

export interface MembershipOptions {
    database: Database;
    logger: Logger;
    /** A process that did not renew for so long can be replaced; by the database's time. */
    leaseMs: number;
    clock?: DoubleClock;
}

/** Part of the lease that is given up, for the way of a message to a node and for clocks that run unevenly. */
const MARGIN = 0.2;
const RENEWALS_PER_LEASE = 4;

/**
 * This process among all on one database: a row with an expiry that it keeps pushing ahead. What it leases is its own
 * while `valid`. Once another process has ended the row, it can never be renewed again.
 */
export class Membership {
    readonly id = `proc_${randomUUID().replaceAll('-', '')}`;
    readonly #options: MembershipOptions;
    readonly #validity: Validity;
    readonly #listeners = new Set<() => void>();
    #timer: NodeJS.Timeout | undefined;
    #expiry: NodeJS.Timeout | undefined;
    #stopped = false;
    #streak = 0;
    #peers = 1;
    #fail!: (error: Error) => void;
    /** Rejects when another process replaced this one, which must stop then. */
    readonly failed: Promise<never>;

    constructor(options: MembershipOptions) {
        this.#options = options;
        this.#validity = new Validity(options.clock ?? systemDoubleClock);
        this.failed = new Promise((_, reject) => {
            this.#fail = reject;
        });
        this.failed.catch(() => undefined);
    }

    /** Whether leases of this process hold now. Exact also right after the machine slept. */
    get valid(): boolean {
        return !this.#stopped && this.#validity.valid;
    }

    /** Gateways that are alive on the database, this one included; as of the last renewal. */
    get peers(): number {
        return this.#peers;
    }

    /** Adds the row and keeps it alive. */
    async join(): Promise<void> {
        const { database, leaseMs } = this.#options;
        const mark = this.#validity.mark();
        await database.query(
            `INSERT INTO processes (id, expires_at) VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')`,
            [this.id, leaseMs],
        );
        this.#extend(mark);
        this.#planRenewal();
    }

    /** Calls `listener` whenever the lease runs out, so that nothing is signed any more under it. */
    onLost(listener: () => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    /** Pushes the expiry ahead. False when the database did not answer; throws `lease_lost` when it is too late. */
    async renew(): Promise<boolean> {
        const { database, leaseMs, logger } = this.#options;
        const mark = this.#validity.mark();
        try {
            const { rows } = await database.query<{ peers: bigint }>(
                `UPDATE processes SET expires_at = clock_timestamp() + $2 * interval '1 millisecond'
                 WHERE id = $1 AND ended_at IS NULL
                 RETURNING (SELECT count(*) FROM processes
                            WHERE ended_at IS NULL AND expires_at > clock_timestamp()) AS peers`,
                [this.id, leaseMs],
            );
            if (rows[0] === undefined) throw replaced();
            this.#peers = Math.max(1, Number(rows[0].peers));
            this.#extend(mark);
            this.#streak++;
            return true;
        } catch (error) {
            this.#streak = 0;
            if (error instanceof DatabaseError && error.code === 'lease_lost') throw error;
            logger.warn({ reason: messageOf(error) }, 'the lease could not be renewed; trying again');
            return false;
        }
    }

    /**
     * Ends processes that did not renew in time, and returns their ids. Only after a whole lease of good renewals: when the
     * database itself was away, everybody gets the time to come back.
     */
    async reap(): Promise<string[]> {
        if (this.#streak < RENEWALS_PER_LEASE || !this.valid) return [];
        // The row lock orders this before or after a renewal, never in between.
        const { rows } = await this.#options.database.query<{ id: string }>(
            `UPDATE processes SET ended_at = clock_timestamp()
             WHERE ended_at IS NULL AND expires_at <= clock_timestamp() AND id <> $1 RETURNING id`,
            [this.id],
        );
        return rows.map(({ id }) => id);
    }

    /** Ends the row: others may take over at once what this process leased. */
    async leave(): Promise<void> {
        this.stop();
        await this.#options.database.query(
            `UPDATE processes SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL`,
            [this.id],
        );
    }

    /** Stops renewing without a word to the database, as a crash does. */
    stop(): void {
        this.#stopped = true;
        clearTimeout(this.#timer);
        clearTimeout(this.#expiry);
        this.#tellLost();
    }

    #extend(mark: { monotonic: number; wall: number }): void {
        this.#validity.extend(mark, this.#options.leaseMs * (1 - MARGIN));
        clearTimeout(this.#expiry);
        this.#expiry = setTimeout(() => this.#tellLost(), this.#validity.left);
        this.#expiry.unref();
    }

    #planRenewal(): void {
        this.#timer = setTimeout(async () => {
            try {
                await this.renew();
                if (!this.#stopped) this.#planRenewal();
            } catch (error) {
                this.stop();
                this.#fail(error as Error);
            }
        }, this.#options.leaseMs / RENEWALS_PER_LEASE);
        this.#timer.unref();
    }

    #tellLost(): void {
        for (const listener of [...this.#listeners]) listener();
    }
}

function replaced(): DatabaseError {
    return new DatabaseError(
        'lease_lost',
        'another gateway took over from this one, which could not reach the database for too long',
        'start again; if it happens often, look at the database or raise lease.seconds',
    );
}
