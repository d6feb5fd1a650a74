import type { JobRecord, JobStore } from 'cocoon-sdk';
import type { Database } from '../db';
import type { Sealer } from '../sealer';

/** Secrets of posted jobs, sealed in the database, where any process can go on with them. */
export function sqlJobStore(database: Database, sealer: Sealer): JobStore {
    return {
        async get(job) {
            const { rows } = await database.query<{ sealed_record: Buffer }>(
                'SELECT sealed_record FROM job_records WHERE job = $1',
                [job],
            );
            const sealed = rows[0]?.sealed_record;
            return sealed && (JSON.parse(sealer.open('job record', job, sealed).toString()) as JobRecord);
        },
        async set(job, record) {
            await database.query(
                `INSERT INTO job_records (job, sealed_record) VALUES ($1, $2)
                 ON CONFLICT (job) DO UPDATE SET sealed_record = $2`,
                [job, sealer.seal('job record', job, JSON.stringify(record))],
            );
        },
        async delete(job) {
            await database.query('DELETE FROM job_records WHERE job = $1', [job]);
        },
        async list() {
            const { rows } = await database.query<{ job: string }>(
                'SELECT job FROM job_records ORDER BY job',
            );
            return rows.map(({ job }) => job);
        },
    };
}
