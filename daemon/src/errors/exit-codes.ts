/** Exit codes that mean the same for every daemon; each adds its own. Stable: supervisors decide by them. */
export const CommonExitCode = {
    /** Drained and stopped as asked. */
    Ok: 0,
    /** A bug or an unforeseen failure; restarting is reasonable. */
    Internal: 1,
    /** The settings file or an environment override is wrong; restarting does not help. */
    Config: 2,
    /** The secrets are missing, readable by others, or malformed. */
    Secrets: 3,
    /** RPC unreachable or another network than configured. */
    Network: 7,
    /** The HTTP port is taken or not permitted. */
    Port: 8,
    /** A second SIGINT or SIGTERM cut the drain short (128 + SIGINT). */
    Forced: 130,
} as const;

export type CommonExitCode = (typeof CommonExitCode)[keyof typeof CommonExitCode];
