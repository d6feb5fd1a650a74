import type { InferenceEvent } from 'cocoon-sdk';
import type { Recovered } from '../ledger';
import type { Logger, Metrics } from '../observability';

export interface EventSinks {
    metrics: Metrics;
    logger: Logger;
    onRecovered: (recovered: Recovered) => void;
}

/** Turns what happens in the SDK into metrics and log lines. */
export function eventSink({ metrics, logger, onRecovered }: EventSinks): (event: InferenceEvent) => void {
    return (event) => {
        switch (event.type) {
            case 'failover':
                return metrics.failovers.inc({ code: event.code });
            case 'interrupted':
                return metrics.interrupted.inc({ code: event.code });
            case 'breaker':
                logger.info({ node: event.node, state: event.state }, 'circuit breaker of a node changed');
                return metrics.breakers.inc({ state: event.state });
            case 'allocated':
            case 'increased':
            case 'releasing':
            case 'released': {
                const { type, node, vault, amount } = event;
                logger.info({ node, vault, amount: amount.toString() }, `allocation ${type}`);
                return metrics.allocations.inc({ type });
            }
            case 'recovered':
                return onRecovered({ channel: event.channel, node: event.node, owed: event.owed });
            case 'node_banned':
                return logger.warn(
                    { node: event.node, code: event.code },
                    'a node is not asked any more for a while',
                );
            case 'background_failed':
                logger.warn(
                    { task: event.task, code: event.code },
                    'a background task failed; it is tried again',
                );
                return metrics.backgroundFailures.inc({ task: event.task });
            default:
                return undefined;
        }
    };
}
