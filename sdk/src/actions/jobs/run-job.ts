import type { Address } from '@ton/core';
import type { JobData } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { JobEndedError } from '../../client/errors';
import type { FetchPayloadOptions } from '../../payload';
import { RpcError } from '../../rpc';
import { TransactionFailedError } from '../../trace';
import { acceptResult } from './accept-result';
import { discloseKey } from './disclose-key';
import { getJob } from './get-job';
import { type PostJobErrorType, type PostJobParameters, postJob } from './post-job';
import { type ReadResultErrorType, type ReadResultReturnType, readResult } from './read-result';
import { isFinal } from './watch-job';

export type RunJobParameters = PostJobParameters & {
    readonly signal?: AbortSignal;
    readonly fetchOptions?: FetchPayloadOptions;
    /** Hears of each step: `posted`, `claimed`, `disclosed`, `submitted`, `paid`. */
    readonly onProgress?: (step: RunJobStep, job: Address) => void;
};
export type RunJobStep = 'posted' | 'claimed' | 'disclosed' | 'submitted' | 'paid';
export type RunJobReturnType = ReadResultReturnType & {
    readonly job: Address;
    /** What the node earned, protocol fee included, in nanoTON. */
    readonly price: bigint;
    readonly nodeIndex: number;
};
export type RunJobErrorType = PostJobErrorType | ReadResultErrorType | JobEndedError;

/**
 * Posts a job, gives its key to the claimer, waits for the result, verifies it, pays, and returns the answers.
 * After a crash or an abort go on with `finishJob`. Throws JobEndedError when the job is refunded or expired.
 */
export async function runJob(client: CocoonClient, parameters: RunJobParameters): Promise<RunJobReturnType> {
    const { address: job } = await postJob(client, parameters);
    parameters.onProgress?.('posted', job);
    return finishJob(client, { ...parameters, job });
}

export type FinishJobParameters = Pick<RunJobParameters, 'signal' | 'fetchOptions' | 'onProgress'> & {
    readonly job: Address;
};

/** What runJob does once the job is posted. Can be called again at any time, with the same job store. */
export async function finishJob(
    client: CocoonClient,
    parameters: FinishJobParameters,
): Promise<RunJobReturnType> {
    const { job, signal, onProgress } = parameters;
    let claim = 0;
    for (;;) {
        const data = await look(client, job);
        if (data?.status === 'claimed' && data.claims !== claim) {
            claim = data.claims;
            onProgress?.('claimed', job);
        }
        if (data?.status === 'claimed' && !data.keyGiven && (await disclosed(client, job))) {
            onProgress?.('disclosed', job);
        }
        if (data?.status === 'submitted' || data?.status === 'paid') {
            return settle(client, parameters, data);
        }
        if (data === null || (data !== undefined && isFinal(data))) {
            throw new JobEndedError(job.toString(), data?.status ?? 'destroyed');
        }
        await client.clock.sleep(client.waiting.intervalMs, signal);
    }
}

async function settle(
    client: CocoonClient,
    { job, fetchOptions, onProgress }: FinishJobParameters,
    data: JobData,
): Promise<RunJobReturnType> {
    onProgress?.('submitted', job);
    const result = await readResult(client, { job, claim: data.claims, fetchOptions });
    if (data.status === 'submitted') {
        await acceptResult(client, { job, claim: result.claim, resultRoot: result.resultRoot });
    }
    onProgress?.('paid', job);
    return { ...result, job, price: data.price, nodeIndex: data.nodeIndex };
}

/** False when the claim ended meanwhile: the next look tells how. */
async function disclosed(client: CocoonClient, job: Address): Promise<boolean> {
    try {
        await discloseKey(client, { job });
        return true;
    } catch (error) {
        if (error instanceof TransactionFailedError) return false;
        throw error;
    }
}

async function look(client: CocoonClient, job: Address): Promise<JobData | null | undefined> {
    try {
        return await getJob(client, { job });
    } catch (error) {
        if (error instanceof RpcError && error.retryable) return undefined;
        throw error;
    }
}
