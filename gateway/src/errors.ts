import { DaemonError, type DaemonErrorOptions } from 'cocoon-daemon';
import { ExitCode } from './exit-codes';

export { messageOf, systemCode } from 'cocoon-daemon';

export type GatewayErrorOptions = DaemonErrorOptions<ExitCode>;

/**
 * An error that an operator is meant to read: what happened (message), what to do (remedy), and the code that the
 * process exits with. Never carries secrets or user text. Errors for callers of the API are ApiError.
 */
export class GatewayError extends DaemonError<ExitCode> {}

/** gateway.yaml, an environment override or a command-line option is wrong. */
export class ConfigError extends GatewayError {
    constructor(message: string, remedy: string, cause?: unknown) {
        super(message, { code: 'config_invalid', remedy, exitCode: ExitCode.Config, cause });
    }
}

/** The secrets are missing, unsafe on disk, or malformed. The offending value is never part of the message. */
export class SecretsError extends GatewayError {
    constructor(message: string, remedy: string, cause?: unknown) {
        super(message, { code: 'secrets_invalid', remedy, exitCode: ExitCode.Secrets, cause });
    }
}

/** State cannot be kept: nothing may be promised before this is repaired. */
export class DatabaseError extends GatewayError {
    constructor(code: string, message: string, remedy: string, cause?: unknown) {
        super(message, { code, remedy, exitCode: ExitCode.Database, cause });
    }
}
