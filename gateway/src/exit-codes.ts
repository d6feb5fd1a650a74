import { CommonExitCode } from 'cocoon-daemon';

/** Exit codes of `cocoon-gateway`. Stable: supervisors (systemd, Kubernetes) decide by them whether to restart. */
export const ExitCode = {
    ...CommonExitCode,
    /** The database or the data directory is not reachable, locked by another process, or cannot be written. */
    Database: 4,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
