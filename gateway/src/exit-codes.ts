/** Exit codes of `cocoon-gateway`. Stable: supervisors (systemd, Kubernetes) decide by them whether to restart. */
export const ExitCode = {
    /** Drained and stopped as asked. */
    Ok: 0,
    /** A bug or an unforeseen failure; restarting is reasonable. */
    Internal: 1,
    /** gateway.yaml or an environment override is wrong; restarting does not help. */
    Config: 2,
    /** The secrets are missing, readable by others, or malformed. */
    Secrets: 3,
    /** The database or the data directory is not reachable, locked by another process, or cannot be written. */
    Database: 4,
    /** RPC unreachable or another network than configured. */
    Network: 7,
    /** The HTTP port is taken or not permitted. */
    Port: 8,
    /** A second SIGINT or SIGTERM cut the drain short (128 + SIGINT). */
    Forced: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
