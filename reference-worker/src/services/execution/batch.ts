import type { OpenedItem } from 'cocoon-sdk';
import { MAX_INLINE_BYTES } from 'cocoon-sdk';
import { batchBytes, fairShare } from '../results/budget';

export interface BatchOptions {
    items: readonly OpenedItem[];
    /** Results that an earlier run has finished. */
    finished: Map<number, Uint8Array>;
    /** Items at the same time. */
    concurrency: number;
    /** Plaintext bytes that one result may have. */
    maxItemBytes: number;
    /** Whether all results together must fit a message. */
    inline: boolean;
    answer: (data: Uint8Array, maxBytes: number) => Promise<Uint8Array>;
    /** Makes a finished result durable. */
    keep: (item: number, result: Uint8Array) => void;
}

/** Results of all items, in their order. */
export async function answerBatch(options: BatchOptions): Promise<Uint8Array[]> {
    const { items, finished } = options;
    const missing = items.map((_, index) => index).filter((index) => !finished.has(index));
    await inParallel(missing, options.concurrency, (index) =>
        answerOne(options, index, options.maxItemBytes),
    );
    if (options.inline) await shorten(options);
    return items.map((_, index) => finished.get(index)!);
}

/** Where the results do not fit a message together, those above an equal share are asked for again, shorter. */
async function shorten(options: BatchOptions): Promise<void> {
    const { finished, items } = options;
    const size = () => batchBytes([...finished.values()].map(({ length }) => length));
    if (size() <= MAX_INLINE_BYTES) return;
    const share = fairShare(items.length);
    const large = [...finished].filter(([, { length }]) => length > share).map(([index]) => index);
    await inParallel(large, options.concurrency, (index) => answerOne(options, index, share));
}

async function answerOne(options: BatchOptions, index: number, maxBytes: number): Promise<void> {
    const result = await options.answer(options.items[index]!.data, maxBytes);
    options.keep(index, result);
    options.finished.set(index, result);
}

/** Runs tasks side by side; after a failure no further one begins, and the running ones are waited for. */
async function inParallel(
    indexes: number[],
    concurrency: number,
    task: (index: number) => Promise<void>,
): Promise<void> {
    const queue = indexes.values();
    let failure: { error: unknown } | undefined;
    const lane = async () => {
        for (const index of queue) {
            if (failure) return;
            try {
                await task(index);
            } catch (error) {
                failure ??= { error };
            }
        }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, indexes.length) }, lane));
    if (failure) throw failure.error;
}
