import type { NetworkProvider } from '@ton/blueprint';
import { connectSdk, finishJob } from '../tools/deploy/sdk';
import { openRegistry, openSession, parseAddress } from '../tools/deploy/session';

/** Goes on with a job that postJob posted from here: gives its key to the claimer, waits, pays, prints the answers. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'finishJob',
        positionals: ['job'],
        values: ['registry', 'timeout'],
    });
    const job = parseAddress(session.args.positional('job'), 'The job');
    const registry = await openRegistry(session);
    await finishJob(session, await connectSdk(session, registry.address), job);
}
