import type { Sealer } from '../sealer';
import type { BatchRow } from './store';

/** A batch as the OpenAI API shows it. */
export function batchObject(row: BatchRow, sealer: Sealer) {
    return {
        id: row.id,
        object: 'batch',
        endpoint: row.endpoint,
        errors: row.errors === null ? null : (JSON.parse(row.errors) as unknown),
        input_file_id: row.input_file_id,
        completion_window: row.completion_window,
        status: row.status,
        output_file_id: row.output_file_id,
        error_file_id: row.error_file_id,
        created_at: seconds(row.created_at),
        in_progress_at: seconds(row.in_progress_at),
        expires_at: seconds(row.expires_at),
        finalizing_at: seconds(row.finalizing_at),
        completed_at: seconds(row.completed_at),
        failed_at: seconds(row.failed_at),
        expired_at: seconds(row.expired_at),
        cancelling_at: seconds(row.cancelling_at),
        cancelled_at: seconds(row.cancelled_at),
        request_counts: { total: row.total, completed: row.completed, failed: row.failed },
        metadata:
            row.sealed_metadata === null
                ? null
                : (JSON.parse(
                      sealer.open('batch metadata', row.id, row.sealed_metadata).toString(),
                  ) as unknown),
    };
}

function seconds(date: Date | null): number | null {
    return date === null ? null : Math.floor(date.getTime() / 1000);
}
