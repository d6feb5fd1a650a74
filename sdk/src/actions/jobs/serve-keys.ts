import { Address } from '@ton/core';
import type { CocoonClient } from '../../client/client';
import { AbortedError, CocoonError } from '../../errors';
import { jobKey } from '../../jobs';
import { discloseKey } from './disclose-key';
import { getJob } from './get-job';

export type ServeKeysParameters = {
    /** Jobs to serve; by default all of the job store, those posted later too, until aborted. */
    readonly jobs?: readonly Address[];
    readonly intervalMs?: number;
    /** Ends serving, without an error. */
    readonly signal?: AbortSignal;
    readonly onDisclosed?: (job: Address, claim: number) => void;
    /** Hears of what went wrong; it is tried again. */
    readonly onError?: (error: CocoonError, job: Address) => void;
};

/**
 * Discloses the content key of each own open job to whoever claims it, within its keyWindow: without the key a claim
 * ends at the client's cost. Resolves when all `jobs` have a result or are over, or when aborted.
 */
export async function serveKeys(client: CocoonClient, parameters: ServeKeysParameters = {}): Promise<void> {
    const { jobs, intervalMs = client.waiting.intervalMs, signal, onError } = parameters;
    const done = new Set<string>();
    while (!signal?.aborted) {
        const open = (jobs?.map(jobKey) ?? (await client.jobStore.list())).filter((key) => !done.has(key));
        if (jobs !== undefined && open.length === 0) return;
        for (const key of open) {
            if (signal?.aborted) return;
            const job = Address.parseRaw(key);
            try {
                if (await serveJob(client, job, parameters.onDisclosed)) done.add(key);
            } catch (error) {
                if (!(error instanceof CocoonError)) throw error;
                onError?.(error, job);
            }
        }
        await client.clock.sleep(intervalMs, signal).catch((error: unknown) => {
            if (!(error instanceof AbortedError)) throw error;
        });
    }
}

/** One look at a job; true when it needs no key any more. A decline opens it again, so that only a result is an end. */
async function serveJob(
    client: CocoonClient,
    job: Address,
    onDisclosed: ServeKeysParameters['onDisclosed'],
): Promise<boolean> {
    const [data, record] = await Promise.all([getJob(client, { job }), client.jobStore.get(jobKey(job))]);
    if (data === null || data.status === 'unopened') {
        // It may be on its way; after openBefore it cannot come any more.
        return record === undefined || (await client.getTime()) >= record.openBefore;
    }
    if (data.status === 'claimed' && !data.keyGiven) {
        await discloseKey(client, { job });
        onDisclosed?.(job, data.claims);
    }
    return data.status !== 'open' && data.status !== 'claimed';
}
