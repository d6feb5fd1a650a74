import * as daemon from 'cocoon-daemon';
import { GatewayError } from './errors';
import { ExitCode } from './exit-codes';
import type { Logger } from './observability';

export type { Service } from 'cocoon-daemon';

const TEXTS: daemon.DrainTexts = {
    overdue: 'drain took too long: requests that still run are ended',
    forced: () =>
        new GatewayError('stopped before requests in hand were finished', {
            code: 'forced',
            remedy: 'start again: requests in hand were ended, their rows are in the ledger',
            exitCode: ExitCode.Forced,
        }),
};

/** As in cocoon-daemon; throws GatewayError `forced` when the drain was cut short by the second signal. */
export function runServices(options: daemon.RunOptions): Promise<void> {
    return daemon.runServices(options, TEXTS);
}

/** As in cocoon-daemon. */
export function processSignals(logger: Logger): daemon.ProcessSignals {
    return daemon.processSignals(
        logger,
        'draining: requests in hand are finished first; signal again to stop at once',
    );
}
