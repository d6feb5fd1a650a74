import { CommonExitCode } from 'cocoon-daemon';

/** Exit codes of `cocoon-worker`. Stable: supervisors (systemd, Kubernetes) decide by them whether to restart. */
export const ExitCode = {
    ...CommonExitCode,
    /** The journal is corrupt, locked by another worker, or cannot be written. */
    Journal: 4,
    /** A model file is missing, cannot be downloaded, or has another hash. */
    Model: 5,
    /** An engine does not start or does not answer. */
    Engine: 6,
    /** The node on chain does not fit this worker: it does not exist, has other keys, or serves under other contracts. */
    Node: 9,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
