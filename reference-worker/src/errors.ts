import { ExitCode } from './exit-codes';

export interface WorkerErrorOptions {
    /** Stable machine-readable cause, e.g. `journal_locked`. */
    code: string;
    /** What the operator can do about it, one sentence. */
    remedy: string;
    exitCode?: ExitCode;
    cause?: unknown;
}

/**
 * An error that an operator is meant to read: what happened (message), what to do (remedy), and the code that the
 * process exits with. Never carries secrets or user text.
 */
export class WorkerError extends Error {
    readonly code: string;
    readonly remedy: string;
    readonly exitCode: ExitCode;

    constructor(message: string, options: WorkerErrorOptions) {
        super(message, { cause: options.cause });
        this.name = new.target.name;
        this.code = options.code;
        this.remedy = options.remedy;
        this.exitCode = options.exitCode ?? ExitCode.Internal;
    }
}

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

/** The message of an unknown thrown value, for use inside other messages. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error (`ENOENT`, `EADDRINUSE`…), if it has one. */
export function systemCode(error: unknown): string | undefined {
    const code = (error as { code?: unknown } | null)?.code;
    return typeof code === 'string' ? code : undefined;
}

/** What the command line prints for an error: one message, then the remedy. */
export function describeError(error: unknown): string {
    if (error instanceof WorkerError) return `${error.message}\n  what to do: ${error.remedy}`;
    return `unexpected error: ${messageOf(error)}\n  what to do: run again with log.level: debug and report this as a bug`;
}

export function exitCodeOf(error: unknown): ExitCode {
    return error instanceof WorkerError ? error.exitCode : ExitCode.Internal;
}
