import { Mutex } from '../../utils';
import { ChannelLeaseLostError, ChannelSlotTakenError } from '../errors';
import type { ChannelBook, ChannelLease, ChannelMarks, ChannelRecord, VaultRecord } from './book';

/** Where a book of one process keeps its records. */
export interface RecordStore {
    vaults(): Promise<VaultRecord[]>;
    channels(): Promise<ChannelRecord[]>;
    putVault(record: VaultRecord): Promise<void>;
    putChannel(record: ChannelRecord): Promise<void>;
    deleteChannel(id: string): Promise<void>;
}

/** A book for one process at a time. */
export class LocalBook implements ChannelBook {
    private readonly mutex = new Mutex();
    private readonly changes = new Mutex();
    private readonly leased = new Set<string>();

    constructor(private readonly store: RecordStore) {}

    vaults(): Promise<readonly VaultRecord[]> {
        return this.store.vaults();
    }

    setVault(record: VaultRecord): Promise<void> {
        return this.store.putVault(record);
    }

    list(): Promise<readonly ChannelRecord[]> {
        return this.store.channels();
    }

    add(record: ChannelRecord): Promise<ChannelLease> {
        return this.changes.run(async () => {
            const taken = (await this.store.channels()).some(
                ({ vault, slot }) => vault === record.vault && slot === record.slot,
            );
            if (taken) throw new ChannelSlotTakenError(record.vault, record.slot);
            await this.store.putChannel(record);
            return this.leaseOf(record);
        });
    }

    async lease(id: string): Promise<ChannelLease | undefined> {
        if (this.leased.has(id)) return undefined;
        // Taken before the read, so that two callers cannot both find it free.
        this.leased.add(id);
        try {
            const record = (await this.store.channels()).find((other) => other.id === id);
            if (record !== undefined) return this.leaseOf(record);
        } catch (error) {
            this.leased.delete(id);
            throw error;
        }
        this.leased.delete(id);
        return undefined;
    }

    exclusively<T>(task: () => Promise<T>): Promise<T> {
        return this.mutex.run(task);
    }

    private leaseOf(record: ChannelRecord): ChannelLease {
        this.leased.add(record.id);
        return new LocalLease(record, this.store, () => this.leased.delete(record.id));
    }
}

class LocalLease implements ChannelLease {
    readonly lost = new AbortController().signal;
    private readonly writes = new Mutex();
    private given = false;

    constructor(
        private current: ChannelRecord,
        private readonly store: RecordStore,
        private readonly giveBack: () => void,
    ) {}

    get id(): string {
        return this.current.id;
    }

    get record(): ChannelRecord {
        return this.current;
    }

    raise({ cumulative = 0n, sequence = 0n }: Partial<ChannelMarks>): Promise<void> {
        return this.change((record) => ({
            ...record,
            cumulative: cumulative > record.cumulative ? cumulative : record.cumulative,
            sequence: sequence > record.sequence ? sequence : record.sequence,
        }));
    }

    update(change: Partial<Pick<ChannelRecord, 'generation' | 'allocated' | 'state'>>): Promise<void> {
        return this.change((record) => ({ ...record, ...change }));
    }

    async release(): Promise<void> {
        await this.writes.run(async () => {
            if (this.given) return;
            this.given = true;
            this.giveBack();
        });
    }

    private change(next: (record: ChannelRecord) => ChannelRecord): Promise<void> {
        return this.writes.run(async () => {
            if (this.given) throw new ChannelLeaseLostError(this.id);
            const record = next(this.current);
            if (record.state === 'retired') await this.store.deleteChannel(record.id);
            else await this.store.putChannel(record);
            this.current = record;
        });
    }
}
