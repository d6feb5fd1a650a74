/** One duty of a daemon. */
export interface Service {
    readonly name: string;
    /**
     * Resolves once the service runs. `signal` fires when the daemon begins to drain: take no new work from then on.
     * A rejection stops the daemon.
     */
    start(signal: AbortSignal): Promise<void>;
    /**
     * Resolves once work in hand is finished, or put down safely after `force` fired (second signal, or
     * `drain.timeoutSeconds` over). Called in reverse order of start.
     */
    stop?(force: AbortSignal): Promise<void>;
    /** Resolves never, or rejects when the service cannot go on and the daemon must stop. */
    readonly failed?: Promise<never>;
}
