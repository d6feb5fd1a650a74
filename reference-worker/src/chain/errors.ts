import { WorkerError } from '../errors';
import { ExitCode } from '../exit-codes';

export type ChainErrorCode =
    | 'wrong_network'
    | 'registry_not_found'
    | 'node_not_found'
    | 'wrong_operator'
    | 'wrong_keys'
    | 'no_served_terms';

/** What the chain says does not fit the configuration: restarting does not help. */
export class ChainError extends WorkerError {
    declare readonly code: ChainErrorCode;

    constructor(code: ChainErrorCode, message: string, remedy: string, cause?: unknown) {
        const exitCode = code === 'wrong_network' ? ExitCode.Network : ExitCode.Node;
        super(message, { code, remedy, exitCode, cause });
    }
}
