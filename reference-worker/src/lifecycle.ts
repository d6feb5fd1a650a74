import { setMaxListeners } from 'node:events';
import type { Service } from './context';
import { messageOf, WorkerError } from './errors';
import { ExitCode } from './exit-codes';
import type { Logger } from './observability';

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

/**
 * Starts services in order, waits until asked to stop or until one fails, then stops those that were started in reverse
 * order. Throws the failure; throws `forced` when the drain was cut short by the second signal.
 */
export async function runServices(options: RunOptions): Promise<void> {
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
    await stopServices(started, options);
    clearInterval(keepAlive);
    if (failure !== undefined) throw failure;
    if (options.force.aborted) {
        throw new WorkerError('stopped before work in hand was finished', {
            code: 'forced',
            remedy: 'start again: the journal goes on where it stopped',
            exitCode: ExitCode.Forced,
        });
    }
}

async function stopServices(started: Service[], options: RunOptions): Promise<void> {
    const { logger } = options;
    const force = new AbortController();
    const cut = () => force.abort();
    options.force.addEventListener('abort', cut, { once: true });
    if (options.force.aborted) cut();
    const timer = setTimeout(() => {
        logger.warn('drain took too long: work in hand is put down; it goes on at the next start');
        cut();
    }, options.drainTimeoutSeconds * 1000);
    try {
        for (const service of started.reverse()) {
            try {
                await service.stop?.(force.signal);
                logger.debug({ service: service.name }, 'service stopped');
            } catch (error) {
                // The others still have money in flight: they get their turn whatever happened here.
                logger.error(
                    { service: service.name, reason: messageOf(error) },
                    'service did not stop cleanly',
                );
            }
        }
    } finally {
        clearTimeout(timer);
        options.force.removeEventListener('abort', cut);
    }
}

function aborted(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/**
 * First SIGINT or SIGTERM: `stop` fires; second: `force` fires. `dispose` gives the signals back to their defaults.
 */
export function processSignals(logger: Logger): { stop: AbortSignal; force: AbortSignal; dispose(): void } {
    const stop = new AbortController();
    const force = new AbortController();
    const onSignal = (name: NodeJS.Signals) => {
        if (stop.signal.aborted) {
            logger.warn({ signal: name }, 'second signal: stopping now');
            force.abort();
        } else {
            logger.info(
                { signal: name },
                'draining: work in hand is finished first; signal again to stop at once',
            );
            stop.abort();
        }
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    return {
        stop: stop.signal,
        force: force.signal,
        dispose() {
            process.off('SIGINT', onSignal);
            process.off('SIGTERM', onSignal);
        },
    };
}
