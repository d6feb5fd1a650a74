import type { NetworkProvider } from '@ton/blueprint';
import { loadJob } from '../tools/deploy/job-file';
import { connectSdk, finishJob, withSdkErrors } from '../tools/deploy/sdk';
import { askToSend } from '../tools/deploy/send';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';
import { formatTon } from '../tools/deploy/units';

/**
 * Posts a job with the prompts of a file, sealed so that only the node that works on it can read them. With `--wait` it
 * goes on as finishJob does.
 */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'postJob',
        positionals: ['job.json'],
        values: ['registry', 'timeout'],
        flags: ['wait'],
    });
    const { write } = session;
    const order = { ...loadJob(session.args.positional('job.json')), queryId: await newQueryId() };
    const registry = await openRegistry(session);
    const cocoon = await connectSdk(session, registry.address);
    if (session.args.flag('dry-run')) {
        const { messages, address } = await withSdkErrors(cocoon.jobs.getPostJobTxParams(order));
        for (const message of messages) {
            await askToSend(session, { purpose: `For the job at ${address}`, ...message });
        }
        return;
    }
    const job = await withSdkErrors(cocoon.jobs.postJob(order));
    write(`✓ Job ${job.address} is open with ${formatTon(job.escrow)} in escrow.`);
    if (!job.announced) write('⚠ Its announcement was not taken; it is open all the same.');
    if (session.args.flag('wait')) await finishJob(session, cocoon, job.address);
    else write('Go on with finishJob: an open job needs its key as soon as a node claims it.');
}
