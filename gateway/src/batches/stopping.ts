import type { GatewayContext } from '../context';
import { messageOf } from '../errors';

export interface StoppingParts {
    context: GatewayContext;
    /** Waits; rejects when the signal fires. */
    sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const LOOK_MS = 2_000;

/** Whether jobs that nobody claimed are to be taken back: the batch was cancelled or is too late. */
export class Stopping {
    readonly #parts: StoppingParts;
    readonly #batch: string;
    readonly #controller = new AbortController();
    #code = 'batch_cancelled';

    constructor({ context, sleep }: StoppingParts, batch: string) {
        this.#parts = { context, sleep };
        this.#batch = batch;
    }

    get signal(): AbortSignal {
        return this.#controller.signal;
    }

    /** Why jobs that were taken back have no answers. */
    get code(): string {
        return this.#code;
    }

    /** Looks at the batch until it is to be stopped, or until `over` fires. */
    async watch(over: AbortSignal): Promise<void> {
        const { context, sleep } = this.#parts;
        while (!over.aborted) {
            try {
                const { rows } = await context.database.query<{ cancelling: boolean; late: boolean }>(
                    `SELECT status = 'cancelling' AS cancelling, expires_at <= clock_timestamp() AS late
                     FROM batches WHERE id = $1`,
                    [this.#batch],
                );
                if (rows[0]?.cancelling || rows[0]?.late) {
                    this.#code = rows[0].cancelling ? 'batch_cancelled' : 'batch_expired';
                    this.#controller.abort();
                    return;
                }
                await sleep(LOOK_MS, over);
            } catch (error) {
                if (over.aborted) return;
                context.logger.warn({ reason: messageOf(error) }, 'a batch could not be looked at');
            }
        }
    }
}
