import { CommonExitCode, DaemonError } from '../../src';

/** A daemon's own errors, as cocoon-worker and cocoon-gateway declare theirs. */
export class ProbeError extends DaemonError {}

export class ConfigError extends ProbeError {
    constructor(message: string, remedy: string, cause?: unknown) {
        super(message, { code: 'config_invalid', remedy, exitCode: CommonExitCode.Config, cause });
    }
}

export class SecretsError extends ProbeError {
    constructor(message: string, remedy: string, cause?: unknown) {
        super(message, { code: 'secrets_invalid', remedy, exitCode: CommonExitCode.Secrets, cause });
    }
}
