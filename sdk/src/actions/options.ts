/** What every message may carry. */
export type QueryOption = {
    /** Echoed by every message of the trace; 0 by default. Unsigned 64 bits. */
    readonly queryId?: bigint;
};
