import type { JobData } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { JobNotFoundError } from '../../client/errors';
import { RpcError } from '../../rpc';
import { getJob } from './get-job';
import type { JobTarget } from './target';

export type WatchJobParameters = JobTarget & {
    /** Between two looks; the client's by default. */
    readonly intervalMs?: number;
    readonly signal?: AbortSignal;
};
export type WatchJobErrorType = JobNotFoundError | RpcError;

/** Endpoints lag behind each other: a job that was just posted may be missing this often. */
const MISSING_LOOKS = 10;

/**
 * The state of a job, now and at each change, until it is paid, refunded, expired or destroyed (null, the last item).
 * States that last shorter than the interval may be skipped. Throws JobNotFoundError, AbortedError.
 */
export async function* watchJob(
    client: CocoonClient,
    { job, intervalMs = client.waiting.intervalMs, signal }: WatchJobParameters,
): AsyncGenerator<JobData | null, void, void> {
    let last: string | undefined;
    for (let looks = 0; ; looks++) {
        const data = await look(client, job);
        const present = data !== undefined && data !== null && data.status !== 'unopened';
        if (present && stateKey(data) !== last) {
            last = stateKey(data);
            yield data;
            if (isFinal(data)) return;
        }
        if (data === null && last !== undefined) {
            yield null;
            return;
        }
        if (!present && data !== undefined && looks >= MISSING_LOOKS) {
            throw new JobNotFoundError(job.toString());
        }
        await client.clock.sleep(intervalMs, signal);
    }
}

/** Whether a job is over. */
export function isFinal({ status }: JobData): boolean {
    return status === 'paid' || status === 'refunded' || status === 'expired';
}

/** Undefined where the endpoint has a moment of trouble. */
async function look(client: CocoonClient, job: JobTarget['job']): Promise<JobData | null | undefined> {
    try {
        return await getJob(client, { job });
    } catch (error) {
        if (error instanceof RpcError && error.retryable) return undefined;
        throw error;
    }
}

function stateKey({ status, claims, keyGiven }: JobData): string {
    return `${status}:${claims}:${keyGiven}`;
}
