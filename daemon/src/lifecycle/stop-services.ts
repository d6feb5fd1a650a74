import { messageOf } from '../errors';
import type { Logger } from '../observability';
import type { Service } from './service';

export interface StopOptions {
    logger: Logger;
    /** Fires to cut the drain short. */
    force: AbortSignal;
    drainTimeoutSeconds: number;
    /** Logged when the drain takes longer than allowed. */
    overdue: string;
}

/** Stops services, the last that was started first; each may finish its work until `force` fires or the time is over. */
export async function stopServices(started: readonly Service[], options: StopOptions): Promise<void> {
    const { logger } = options;
    const force = new AbortController();
    const cut = () => force.abort();
    options.force.addEventListener('abort', cut, { once: true });
    if (options.force.aborted) cut();
    const timer = setTimeout(() => {
        logger.warn(options.overdue);
        cut();
    }, options.drainTimeoutSeconds * 1000);
    try {
        for (const service of [...started].reverse()) {
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
