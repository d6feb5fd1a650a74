import { DaemonError, type DaemonErrorOptions } from 'cocoon-daemon';
import { ExitCode } from './exit-codes';

export { describeError, exitCodeOf, messageOf, systemCode } from 'cocoon-daemon';

export type WorkerErrorOptions = DaemonErrorOptions<ExitCode>;

/**
 * An error that an operator is meant to read: what happened (message), what to do (remedy), and the code that the
 * process exits with. Never carries secrets or user text.
 */
export class WorkerError extends DaemonError<ExitCode> {}

/** worker.yaml, an environment override or a command-line option is wrong. */
export class ConfigError extends WorkerError {
    constructor(message: string, remedy: string, cause?: unknown) {
        super(message, { code: 'config_invalid', remedy, exitCode: ExitCode.Config, cause });
    }
}

/** The secrets are missing, unsafe on disk, or malformed. The offending value is never part of the message. */
export class SecretsError extends WorkerError {
    constructor(message: string, remedy: string, cause?: unknown) {
        super(message, { code: 'secrets_invalid', remedy, exitCode: ExitCode.Secrets, cause });
    }
}
