import { type ChannelLease, ChannelLeaseLostError, type ChannelMarks, type ChannelRecord } from 'cocoon-sdk';
import type { Membership } from '../cluster';
import type { Database } from '../db';

export interface SqlLeaseOptions {
    record: ChannelRecord;
    fence: bigint;
    database: Database;
    membership: Membership;
    onEnd: () => void;
}

/** One lease: writes pass while its fence is the row's. */
export class SqlLease implements ChannelLease {
    readonly lost: AbortSignal;
    readonly #options: SqlLeaseOptions;
    readonly #lost = new AbortController();
    #record: ChannelRecord;
    #ended = false;

    constructor(options: SqlLeaseOptions) {
        this.#options = options;
        this.#record = options.record;
        this.lost = exactSignal(this.#lost, options.membership);
    }

    get id(): string {
        return this.#record.id;
    }

    get record(): ChannelRecord {
        return this.#record;
    }

    /** What the holder's writes are known by. */
    get fence(): bigint {
        return this.#options.fence;
    }

    async raise({ cumulative = 0n, sequence = 0n }: Partial<ChannelMarks>): Promise<void> {
        await this.#write('cumulative = GREATEST(cumulative, $4), sequence = GREATEST(sequence, $5)', [
            cumulative,
            sequence,
        ]);
        const { cumulative: paid, sequence: counted } = this.#record;
        this.#record = {
            ...this.#record,
            cumulative: cumulative > paid ? cumulative : paid,
            sequence: sequence > counted ? sequence : counted,
        };
    }

    async update(change: Partial<Pick<ChannelRecord, 'generation' | 'allocated' | 'state'>>): Promise<void> {
        await this.#write(
            `generation = COALESCE($4::bigint, generation), allocated = COALESCE($5::bigint, allocated),
             state = COALESCE($6::text, state)`,
            [change.generation ?? null, change.allocated ?? null, change.state ?? null],
        );
        this.#record = { ...this.#record, ...change };
        if (change.state === 'retired') await this.#closeShares();
    }

    /** Nobody will ask the node any more what it served: at most the mark, for whoever held the channel last. */
    async #closeShares(): Promise<void> {
        await this.#options.database.query(
            'UPDATE channel_shares SET reached = $2 WHERE channel = $1 AND reached IS NULL',
            [this.id, this.#record.cumulative],
        );
    }

    async release(): Promise<void> {
        if (this.#ended) return;
        const { database, membership, fence } = this.#options;
        this.lose();
        await database.query('UPDATE channels SET owner = NULL WHERE id = $1 AND owner = $2 AND fence = $3', [
            this.id,
            membership.id,
            fence,
        ]);
    }

    /** From here on nothing may be signed under it. */
    lose(): void {
        if (this.#ended) return;
        this.#ended = true;
        this.#lost.abort();
        this.#options.onEnd();
    }

    async #write(set: string, values: readonly unknown[]): Promise<void> {
        const { database, membership, fence } = this.#options;
        if (this.lost.aborted) throw new ChannelLeaseLostError(this.id);
        const { count } = await database.query(
            `UPDATE channels SET ${set} WHERE id = $1 AND owner = $2 AND fence = $3`,
            [this.id, membership.id, fence, ...values],
        );
        if (count === 0) this.lose();
        // Durable, but perhaps too late: the lease must hold at the moment when the caller goes on to sign.
        if (this.lost.aborted) throw new ChannelLeaseLostError(this.id);
    }
}

/**
 * The controller's signal, whose `aborted` also asks the clocks: after the machine slept, code may run before the
 * timer that would abort it.
 */
function exactSignal(controller: AbortController, membership: Membership): AbortSignal {
    const { signal } = controller;
    const plain = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get;
    if (plain === undefined) return signal;
    Object.defineProperty(signal, 'aborted', {
        get() {
            if (!plain.call(signal) && !membership.valid) controller.abort();
            return plain.call(signal) as boolean;
        },
    });
    return signal;
}
