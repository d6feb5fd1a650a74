import { setMaxListeners } from 'node:events';
import type { DaemonError } from '../errors';
import type { Logger } from '../observability';
import type { Service } from './service';
import { stopServices } from './stop-services';

export interface RunOptions {
    services: readonly Service[];
    logger: Logger;
    /** Fires to begin the drain. */
    stop: AbortSignal;
    /** Fires to cut the drain short. */
    force: AbortSignal;
    drainTimeoutSeconds: number;
    /** Called when everything runs, and when the drain begins. */
    onReady?: (ready: boolean) => void;
}

/** What a daemon says of its own work when it has to put it down. */
export interface DrainTexts {
    /** Logged when the drain takes longer than allowed. */
    overdue: string;
    /** Thrown after the second signal. */
    forced: () => DaemonError;
}

/**
 * Starts services in order, waits until asked to stop or until one fails, then stops those that were started in reverse
 * order. Throws the failure; throws `texts.forced` when the drain was cut short by the second signal.
 */
export async function runServices(options: RunOptions, texts: DrainTexts): Promise<void> {
    const { services, logger, onReady } = options;
    const drain = new AbortController();
    // Each service follows both, some of them once for each piece of work.
    setMaxListeners(0, drain.signal, options.force);
    const beginDrain = () => drain.abort();
    options.stop.addEventListener('abort', beginDrain, { once: true });
    if (options.stop.aborted) beginDrain();
    // Signal handlers alone do not keep Node.js alive, and not every service holds a socket or a timer.
    const keepAlive = setInterval(() => {}, 2 ** 30);
    const started: Service[] = [];
    let failure: unknown;
    try {
        for (const service of services) {
            if (drain.signal.aborted) break;
            await service.start(drain.signal);
            started.push(service);
            // A failure that comes while later services still start must not count as unhandled: the race below sees it.
            service.failed?.catch(() => undefined);
            logger.debug({ service: service.name }, 'service started');
        }
        onReady?.(true);
        await Promise.race([aborted(drain.signal), ...started.flatMap((service) => service.failed ?? [])]);
    } catch (error) {
        failure = error;
        logger.error({ err: error }, 'stopping after a failure');
    }
    onReady?.(false);
    drain.abort();
    options.stop.removeEventListener('abort', beginDrain);
    await stopServices(started, { ...options, overdue: texts.overdue });
    clearInterval(keepAlive);
    if (failure !== undefined) throw failure;
    if (options.force.aborted) throw texts.forced();
}

function aborted(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
