import { CommonExitCode } from './exit-codes';

export interface DaemonErrorOptions<Code extends number = number> {
    /** Stable machine-readable cause, e.g. `port_taken`. */
    code: string;
    /** What the operator can do about it, one sentence. */
    remedy: string;
    exitCode?: Code;
    cause?: unknown;
}

/**
 * An error that an operator is meant to read: what happened (message), what to do (remedy), and the code that the
 * process exits with. Never carries secrets or user text. Each daemon derives a class of its own from it.
 */
export class DaemonError<Code extends number = number> extends Error {
    readonly code: string;
    readonly remedy: string;
    readonly exitCode: Code | typeof CommonExitCode.Internal;

    constructor(message: string, options: DaemonErrorOptions<Code>) {
        super(message, { cause: options.cause });
        this.name = new.target.name;
        this.code = options.code;
        this.remedy = options.remedy;
        this.exitCode = options.exitCode ?? CommonExitCode.Internal;
    }
}

/** A daemon's own error class, where what is shared throws it. */
export type DaemonErrorClass<E extends DaemonError = DaemonError> = new (
    message: string,
    options: DaemonErrorOptions<CommonExitCode>,
) => E;

/** A daemon's error class whose code and exit code are settled. */
export type SettledErrorClass = new (message: string, remedy: string, cause?: unknown) => DaemonError;
