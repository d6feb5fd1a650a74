import { getJurorStake } from 'cocoon-sdk';
import type { JurorConfig } from '../../config';
import type { Service } from '../../context';
import { errorCode } from '../job-loop';
import { pause, type Runtime } from '../runtime';

const SHORTEST_LOOK_SECONDS = 60;

/** Tells operator and monitoring when the juror stake, which only the owner sets, is not what the configuration expects. */
export function createStandingCheck(runtime: Runtime, config: JurorConfig): Service {
    const { health, logger } = runtime.context;
    const stopping = new AbortController();
    const expected = config.stake ?? 1n;
    let reason: string | undefined;
    let looking: Promise<void> | undefined;
    health.register('juror', () => (reason ? { ok: false, reason } : { ok: true }));

    async function look(): Promise<void> {
        const { client, node } = runtime.chain;
        const { stake } = await getJurorStake(client, { node: node.index });
        const before = reason;
        reason =
            stake < expected
                ? `the juror stake is ${stake} nanoTON, expected are ${expected}; the owner sets it`
                : undefined;
        if (reason && reason !== before) logger.warn({ reason }, 'no seats are taken');
    }

    async function keepLooking(): Promise<void> {
        const seconds = Math.max(SHORTEST_LOOK_SECONDS, config.pollSeconds);
        while (!stopping.signal.aborted) {
            await look().catch((error) => {
                if (!stopping.signal.aborted)
                    logger.warn({ code: errorCode(error) }, 'the juror stake could not be read');
            });
            await pause(seconds * 1000, stopping.signal);
        }
    }

    return {
        name: 'juror-standing',
        async start(drain) {
            drain.addEventListener('abort', () => stopping.abort(), { once: true });
            if (drain.aborted) stopping.abort();
            if (runtime.isConnected) looking = keepLooking();
        },
        async stop() {
            stopping.abort();
            await looking;
        },
    };
}
