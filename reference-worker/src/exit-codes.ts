/** Exit codes of `cocoon-worker`. Stable: supervisors (systemd, Kubernetes) decide by them whether to restart. */
export const ExitCode = {
    /** Drained and stopped as asked. */
    Ok: 0,
    /** A bug or an unforeseen failure; restarting is reasonable. */
    Internal: 1,
    /** worker.yaml or an environment override is wrong; restarting does not help. */
    Config: 2,
    /** The secrets file is missing, readable by others, or holds a malformed key. */
    Secrets: 3,
    /** The journal is corrupt, locked by another worker, or cannot be written. */
    Journal: 4,
    /** A model file is missing, cannot be downloaded, or has another hash. */
    Model: 5,
    /** An engine does not start or does not answer. */
    Engine: 6,
    /** RPC unreachable or another network than configured. */
    Network: 7,
    /** The HTTP port is taken or not permitted. */
    Port: 8,
    /** The node on chain does not fit this worker: it does not exist, has other keys, or serves under other contracts. */
    Node: 9,
    /** A second SIGINT or SIGTERM cut the drain short (128 + SIGINT). */
    Forced: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
