import * as daemon from 'cocoon-daemon';
import type { GatewayConfig } from '../config';

export type { Logger } from 'cocoon-daemon';

/** Keys of the gateway whose values never reach a log, besides those of every daemon. */
const SECRET_KEYS = ['input', 'metadata', 'filename', 'voucherSeed', 'masterKey', 'databaseUrl'];

/** Structured logs, one JSON object a line, on standard output. */
export function createLogger(
    config: GatewayConfig['log'],
    destination?: daemon.DestinationStream,
): Promise<daemon.Logger> {
    return daemon.createLogger(config, { secretKeys: SECRET_KEYS, destination });
}
