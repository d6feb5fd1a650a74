import type { JobData } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { GetTermsErrorType } from '../network/get-terms';
import { type AnnouncedJob, type GetMarketsParameters, getMarkets, readAnnouncement } from './announcements';
import { getJob } from './get-job';
import { history } from './history';

export type FindOpenJobsParameters = GetMarketsParameters & {
    /** Transactions of each Market to look at, newest first; 200 by default. */
    readonly depth?: number;
    /** Most jobs; 100 by default. */
    readonly limit?: number;
};
export type OpenJob = AnnouncedJob & { readonly data: JobData };
export type FindOpenJobsReturnType = readonly OpenJob[];
export type FindOpenJobsErrorType = GetTermsErrorType;

/** Jobs of a model that any node may claim now, from the history of its Markets. */
export async function findOpenJobs(
    client: CocoonClient,
    { depth = 200, limit = 100, ...markets }: FindOpenJobsParameters,
): Promise<FindOpenJobsReturnType> {
    const found: OpenJob[] = [];
    const seen = new Set<string>();
    for (const { address } of await getMarkets(client, markets)) {
        for await (const tx of history(client, address, depth)) {
            const announced = readAnnouncement(client.registry, tx);
            if (announced === null || seen.has(announced.job.toRawString())) continue;
            seen.add(announced.job.toRawString());
            const data = await getJob(client, { job: announced.job });
            if (data?.status === 'open') found.push({ ...announced, data });
            if (found.length >= limit) return found;
        }
    }
    return found;
}
