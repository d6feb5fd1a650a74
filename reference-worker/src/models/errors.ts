import { WorkerError } from '../errors';
import { ExitCode } from '../exit-codes';

export type ModelErrorCode =
    | 'model_file_missing'
    | 'model_hash_mismatch'
    | 'model_download_failed'
    | 'model_disk'
    | 'model_manifest';

/** A model file or manifest cannot be used. */
export class ModelError extends WorkerError {
    declare readonly code: ModelErrorCode;

    constructor(code: ModelErrorCode, message: string, remedy: string, cause?: unknown) {
        super(message, { code, remedy, exitCode: ExitCode.Model, cause });
    }
}
