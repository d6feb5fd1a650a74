export type DevnetErrorCode =
    | 'INVALID_OPTION'
    | 'PORT_IN_USE'
    | 'LISTEN_FAILED'
    | 'JOURNAL_CORRUPT'
    | 'JOURNAL_MISMATCH'
    | 'JOURNAL_LOCKED'
    | 'JOURNAL_IO'
    | 'UNKNOWN_SNAPSHOT'
    | 'CHAIN_STOPPED'
    | 'CONTROL_FAILED';

/** What happened (message), which kind (code) and what to do about it (remedy). */
export class DevnetError extends Error {
    override readonly name = 'DevnetError';

    constructor(
        readonly code: DevnetErrorCode,
        message: string,
        readonly remedy: string,
        options?: { cause?: unknown },
    ) {
        super(`${message} ${remedy}`, options);
    }
}
