import { randomBytes } from 'node:crypto';
import type { Database } from '../db';

/** Publishes sealed batches at the gateway itself. */
export function publisher(database: Database, publicUrl: string) {
    return async (batch: Uint8Array): Promise<string> => {
        const id = randomBytes(32).toString('hex');
        await database.query('INSERT INTO payloads (id, data) VALUES ($1, $2)', [id, Buffer.from(batch)]);
        return `${publicUrl.replace(/\/+$/, '')}/payloads/${id}`;
    };
}
