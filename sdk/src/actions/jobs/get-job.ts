import { Job, type JobData } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { JobNotFoundError, JobStateError } from '../../client/errors';
import { GetMethodError, type RpcError } from '../../rpc';
import type { JobTarget } from './target';

export type GetJobParameters = JobTarget;
export type GetJobReturnType = JobData | null;
export type GetJobErrorType = RpcError;

/** State of a job; null when nothing is at its address: not posted yet, or over and destroyed. */
export async function getJob(client: CocoonClient, { job }: GetJobParameters): Promise<GetJobReturnType> {
    try {
        return await client.open(Job.fromAddress(job)).getJob();
    } catch (error) {
        if (!(error instanceof GetMethodError)) throw error;
        if ((await client.reader.getAccount(job)).state === 'active') throw error;
        return null;
    }
}

/** A job that must be in one of these states. Throws JobNotFoundError or JobStateError. */
export async function requireJob(
    client: CocoonClient,
    { job }: JobTarget,
    ...wanted: readonly JobData['status'][]
): Promise<JobData> {
    const data = await getJob(client, { job });
    if (data === null || data.status === 'unopened') throw new JobNotFoundError(job.toString());
    if (!wanted.includes(data.status)) {
        throw new JobStateError(job.toString(), data.status, wanted.join(' or '));
    }
    return data;
}
