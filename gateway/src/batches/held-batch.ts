import type { GatewayContext } from '../context';
import type { Queryable } from '../db';
import type { Files } from '../files';
import { type ReadLines, readLines } from './lines';
import type { BatchRow } from './store';

/** Another process has the batch now: nothing may be written any more. */
export class BatchLostError extends Error {}

export interface HeldBatchParts {
    context: GatewayContext;
    files: Files;
}

/** A batch that this process holds: its row, its lines, and changes that need it to be held still. */
export class HeldBatch {
    readonly #parts: HeldBatchParts;
    #row: BatchRow;
    #read: ReadLines | undefined;

    constructor({ context, files }: HeldBatchParts, row: BatchRow) {
        this.#parts = { context, files };
        this.#row = row;
    }

    get id(): string {
        return this.#row.id;
    }

    /** As it was at the last `reload`. */
    get row(): BatchRow {
        return this.#row;
    }

    /** The lines of the input, read once. */
    async lines(): Promise<ReadLines> {
        const { context, files } = this.#parts;
        const { input_file_id: input, endpoint } = this.#row;
        this.#read ??= await readLines(files.content(input), endpoint, context.config.batches.maxLines);
        return this.#read;
    }

    async reload(): Promise<void> {
        const { rows } = await this.#parts.context.database.query<BatchRow>(
            'SELECT * FROM batches WHERE id = $1',
            [this.id],
        );
        this.#row = { ...rows[0]!, fence: this.#row.fence };
    }

    /** Changes the batch while it is this process's; nobody takes it over in between. Throws BatchLostError. */
    guarded<T>(change: (tx: Queryable, status: BatchRow['status']) => Promise<T>): Promise<T> {
        const { database, membership } = this.#parts.context;
        return database.transaction(async (tx) => {
            const { rows } = await tx.query<{ status: BatchRow['status'] }>(
                'SELECT status FROM batches WHERE id = $1 AND owner = $2 AND fence = $3 FOR UPDATE',
                [this.id, membership.id, this.#row.fence],
            );
            if (rows[0] === undefined) throw new BatchLostError();
            return change(tx, rows[0].status);
        });
    }
}
