import * as daemon from 'cocoon-daemon';
import { WorkerError } from './errors';
import { ExitCode } from './exit-codes';
import type { Logger } from './observability';

export type { RunOptions } from 'cocoon-daemon';

const TEXTS: daemon.DrainTexts = {
    overdue: 'drain took too long: work in hand is put down; it goes on at the next start',
    forced: () =>
        new WorkerError('stopped before work in hand was finished', {
            code: 'forced',
            remedy: 'start again: the journal goes on where it stopped',
            exitCode: ExitCode.Forced,
        }),
};

/**
 * Starts services in order, waits until asked to stop or until one fails, then stops those that were started in reverse
 * order. Throws the failure; throws `forced` when the drain was cut short by the second signal.
 */
export function runServices(options: daemon.RunOptions): Promise<void> {
    return daemon.runServices(options, TEXTS);
}

/**
 * First SIGINT or SIGTERM: `stop` fires; second: `force` fires. `dispose` gives the signals back to their defaults.
 */
export function processSignals(logger: Logger): daemon.ProcessSignals {
    return daemon.processSignals(
        logger,
        'draining: work in hand is finished first; signal again to stop at once',
    );
}
