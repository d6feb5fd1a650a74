import * as daemon from 'cocoon-daemon';
import type { WorkerConfig } from '../config';

export type { Logger } from 'cocoon-daemon';

/** Keys of the worker whose values never reach a log, besides those of every daemon. */
const SECRET_KEYS = ['plaintext', 'operatorKey', 'encryptionKey', 'contentKey'];

/** Structured logs, one JSON object a line, on standard output. */
export function createLogger(
    config: WorkerConfig['log'],
    destination?: daemon.DestinationStream,
): Promise<daemon.Logger> {
    return daemon.createLogger(config, { secretKeys: SECRET_KEYS, destination });
}
