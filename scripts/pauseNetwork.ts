import type { NetworkProvider } from '@ton/blueprint';
import { registryBodies } from 'cocoon-wrappers';
import { GAS_SIMPLE, MAX_PAUSE } from '../build/Registry/Registry_Registry';
import { DeployError } from '../tools/deploy/errors';
import { sendToRegistry } from '../tools/deploy/governance';
import { newQueryId, openRegistry, openSession } from '../tools/deploy/session';
import { formatDuration, formatTime, parseDuration } from '../tools/deploy/units';

/** Stops new registrations for a while; clients and workers that honour it start no new work. Guardian only. */
export async function run(provider: NetworkProvider, args: string[]): Promise<void> {
    const session = await openSession(provider, args, {
        script: 'pauseNetwork',
        positionals: ['duration'],
        values: ['registry'],
    });
    const duration = readDuration(session.args.positional('duration'));
    const registry = await openRegistry(session);
    const { guardian, nextPauseAt } = await registry.getNetwork();
    if (Date.now() < nextPauseAt * 1_000) {
        session.write(
            `⚠ The network was paused less than 30 days ago: refused before ${formatTime(nextPauseAt)}.`,
        );
    }
    const transaction = await sendToRegistry(session, registry, {
        purpose: `Pause the network for ${formatDuration(duration)}`,
        body: registryBodies.pause({ queryId: await newQueryId(), duration }),
        gas: GAS_SIMPLE,
        from: { role: 'guardian', addresses: [guardian] },
    });
    if (transaction) session.write(`Paused until ${formatTime((await registry.getNetwork()).pausedUntil)}.`);
}

function readDuration(text: string): number {
    const seconds = parseDuration(text);
    if (seconds !== undefined && seconds > 0 && seconds <= Number(MAX_PAUSE)) return seconds;
    throw new DeployError(`${text} is not the duration of a pause.`, 'Give one up to 7d, such as 12h.');
}
