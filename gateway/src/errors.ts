import { ExitCode } from './exit-codes';

export interface GatewayErrorOptions {
    /** Stable machine-readable cause, e.g. `directory_locked`. */
    code: string;
    /** What the operator can do about it, one sentence. */
    remedy: string;
    exitCode?: ExitCode;
    cause?: unknown;
}

/**
 * An error that an operator is meant to read: what happened (message), what to do (remedy), and the code that the
 * process exits with. Never carries secrets or user text. Errors for callers of the API are ApiError.
 */
export class GatewayError extends Error {
    readonly code: string;
    readonly remedy: string;
    readonly exitCode: ExitCode;

    constructor(message: string, options: GatewayErrorOptions) {
        super(message, { cause: options.cause });
        this.name = new.target.name;
        this.code = options.code;
        this.remedy = options.remedy;
        this.exitCode = options.exitCode ?? ExitCode.Internal;
    }
}

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

/** The message of an unknown thrown value, for use inside other messages. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error (`ENOENT`, `EADDRINUSE`…) or of a database error (SQLSTATE), if it has one. */
export function systemCode(error: unknown): string | undefined {
    const code = (error as { code?: unknown } | null)?.code;
    return typeof code === 'string' ? code : undefined;
}

/** What the command line prints for an error: one message, then the remedy. */
export function describeError(error: unknown): string {
    if (error instanceof GatewayError) return `${error.message}\n  what to do: ${error.remedy}`;
    return `unexpected error: ${messageOf(error)}\n  what to do: run again with log.level: debug and report this as a bug`;
}

export function exitCodeOf(error: unknown): ExitCode {
    return error instanceof GatewayError ? error.exitCode : ExitCode.Internal;
}
