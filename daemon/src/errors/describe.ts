import { DaemonError } from './daemon-error';
import { CommonExitCode } from './exit-codes';

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
    if (error instanceof DaemonError) return `${error.message}\n  what to do: ${error.remedy}`;
    return `unexpected error: ${messageOf(error)}\n  what to do: run again with log.level: debug and report this as a bug`;
}

/** What the process exits with after an error: 1 (internal) unless the error says otherwise. */
export function exitCodeOf(error: unknown): number {
    return error instanceof DaemonError ? error.exitCode : CommonExitCode.Internal;
}
