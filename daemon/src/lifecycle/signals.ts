import type { Logger } from '../observability';

export interface ProcessSignals {
    /** Fires at the first SIGINT or SIGTERM. */
    stop: AbortSignal;
    /** Fires at the second. */
    force: AbortSignal;
    /** Gives the signals back to their defaults. */
    dispose(): void;
}

/**
 * First SIGINT or SIGTERM: `stop` fires; second: `force` fires. `dispose` gives the signals back to their defaults.
 * @param draining logged at the first: what is finished before the process ends.
 */
export function processSignals(logger: Logger, draining: string): ProcessSignals {
    const stop = new AbortController();
    const force = new AbortController();
    const onSignal = (name: NodeJS.Signals) => {
        if (stop.signal.aborted) {
            logger.warn({ signal: name }, 'second signal: stopping now');
            force.abort();
        } else {
            logger.info({ signal: name }, draining);
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
