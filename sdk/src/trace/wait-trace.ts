import { AbortedError } from '../errors';
import { type ChainReader, RpcError, RpcResponseError } from '../rpc';
import { type Clock, systemClock } from '../utils';
import { TraceTimeoutError } from './errors';
import { TraceFollower } from './follow';
import type { TraceNode } from './node';
import type { TraceRoot } from './root';
import { createTrace, type Trace } from './trace';

export type WaitTraceOptions = {
    reader: ChainReader;
    root: TraceRoot;
    /** 180 s by default. */
    timeoutMs?: number;
    /** Between two looks at the chain; 1.5 s by default. */
    intervalMs?: number;
    clock?: Clock;
    signal?: AbortSignal;
};

/**
 * Waits until every message that follows from the root has been executed.
 * A failed transaction is part of the result: see `assertTrace`.
 * Throws TraceTimeoutError, whose `resume` goes on; AbortedError; RpcError for what retrying cannot mend.
 */
export async function waitTrace(options: WaitTraceOptions): Promise<Trace> {
    return follow(new TraceFollower(options.reader, options.root), options, options.timeoutMs ?? 180_000);
}

async function follow(follower: TraceFollower, options: WaitTraceOptions, timeoutMs: number): Promise<Trace> {
    const clock = options.clock ?? systemClock;
    const deadline = clock.now() + timeoutMs;
    for (;;) {
        if (options.signal?.aborted) throw new AbortedError();
        const { tree, trouble } = await tryStep(follower);
        if (tree !== undefined) {
            return createTrace(tree);
        }
        if (clock.now() >= deadline) {
            const resume = (again = timeoutMs) => follow(follower, options, again);
            throw new TraceTimeoutError(follower.progress, timeoutMs, resume, { cause: trouble });
        }
        await clock.sleep(options.intervalMs ?? 1_500, options.signal);
    }
}

/**
 * Trouble with the endpoint must not lose a trace that is under way: the next step tries again, also after an answer
 * that makes no sense, as endpoints behind one address lag behind each other.
 */
async function tryStep(follower: TraceFollower): Promise<{ tree?: TraceNode; trouble?: RpcError }> {
    try {
        return { tree: await follower.step() };
    } catch (error) {
        if (error instanceof RpcError && (error.retryable || error instanceof RpcResponseError)) {
            return { trouble: error };
        }
        throw error;
    }
}
