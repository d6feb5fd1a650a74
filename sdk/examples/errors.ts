import { type Cocoon, isCocoonError, TransactionFailedError } from 'cocoon-sdk';

/** Cancels a job, or says why that is not possible. */
export async function tryCancel(cocoon: Cocoon, job: Cocoon['registry']): Promise<string> {
    try {
        await cocoon.jobs.cancelJob({ job });
        return 'cancelled';
    } catch (error) {
        if (error instanceof TransactionFailedError) return `${error.exitName}: ${error.remedy}`;
        if (isCocoonError(error, 'wallet_unfunded')) return error.remedy;
        throw error;
    }
}
