import { randomBytes } from 'node:crypto';
import type { Database } from '../db';
import { ApiError } from '../http/api-error';
import type { Sealer } from '../sealer';

/** One file of one key. */
export interface StoredFile {
    readonly id: string;
    readonly keyId: string;
    readonly purpose: string;
    readonly bytes: number;
    readonly name: string;
    readonly createdAt: Date;
}

/** Content that is stored, but no file yet. */
export interface Draft {
    readonly id: string;
    readonly bytes: number;
}

type FileRow = {
    id: string;
    key_id: string;
    purpose: string;
    bytes: bigint;
    sealed_name: Buffer;
    created_at: Date;
};

const CHUNK_BYTES = 256 * 1024;

/** Files in the database, sealed: every process serves every file, and the disk holds none of their words. */
export class Files {
    readonly #database: Database;
    readonly #sealer: Sealer;

    constructor(database: Database, sealer: Sealer) {
        this.#database = database;
        this.#sealer = sealer;
    }

    /**
     * Stores a stream as it comes, under `id` where given. It is no file yet: `keep` makes it one, `discard` forgets it.
     * What an earlier attempt under the same id left is replaced.
     */
    async write(
        data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
        id = `file-${randomBytes(16).toString('hex')}`,
    ): Promise<Draft> {
        await this.discard(id);
        try {
            return { id, bytes: await this.#write(id, data) };
        } catch (error) {
            await this.discard(id);
            throw error;
        }
    }

    async keep(
        { id, bytes }: Draft,
        file: { keyId: string; purpose: string; name: string },
    ): Promise<StoredFile> {
        const { rows } = await this.#database.query<FileRow>(
            `INSERT INTO files (id, key_id, purpose, bytes, sealed_name) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE SET bytes = $4 RETURNING *`,
            [id, file.keyId, file.purpose, bytes, this.#sealer.seal('file name', id, file.name)],
        );
        return this.#fileOf(rows[0]!);
    }

    async discard(id: string): Promise<void> {
        await this.#database.query('DELETE FROM file_chunks WHERE file_id = $1', [id]);
    }

    /** Throws ApiError `file_not_found`, also for a file of another key. */
    async get(keyId: string, id: string): Promise<StoredFile> {
        const { rows } = await this.#database.query<FileRow>(
            'SELECT * FROM files WHERE id = $1 AND key_id = $2',
            [id, keyId],
        );
        if (rows[0] === undefined) throw new ApiError('file_not_found');
        return this.#fileOf(rows[0]);
    }

    /** Newest first unless `ascending`. */
    async list(
        keyId: string,
        options: { limit: number; after?: string; purpose?: string; ascending?: boolean },
    ): Promise<StoredFile[]> {
        const [than, order] = options.ascending ? ['>', 'ASC'] : ['<', 'DESC'];
        const { rows } = await this.#database.query<FileRow>(
            `SELECT * FROM files f WHERE key_id = $1 AND ($3::text IS NULL OR purpose = $3)
             AND ($4::text IS NULL OR (created_at, id) ${than} (SELECT a.created_at, a.id FROM files a WHERE a.id = $4))
             ORDER BY created_at ${order}, id ${order} LIMIT $2`,
            [keyId, options.limit, options.purpose ?? null, options.after ?? null],
        );
        return rows.map((row) => this.#fileOf(row));
    }

    /** The content, piece by piece. */
    async *content(id: string): AsyncGenerator<Buffer> {
        for (let number = 0; ; number++) {
            const { rows } = await this.#database.query<{ sealed_data: Buffer }>(
                'SELECT sealed_data FROM file_chunks WHERE file_id = $1 AND number = $2',
                [id, number],
            );
            if (rows[0] === undefined) return;
            yield this.#sealer.open('file', `${id}:${number}`, rows[0].sealed_data);
        }
    }

    /** Throws ApiError `file_not_found`. */
    async delete(keyId: string, id: string): Promise<void> {
        await this.#database.transaction(async (tx) => {
            const { count } = await tx.query('DELETE FROM files WHERE id = $1 AND key_id = $2 RETURNING id', [
                id,
                keyId,
            ]);
            if (count === 0) throw new ApiError('file_not_found');
            await tx.query('DELETE FROM file_chunks WHERE file_id = $1', [id]);
        });
    }

    async #write(id: string, data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
        let waiting: Uint8Array[] = [];
        let size = 0;
        let number = 0;
        let total = 0;
        const flush = async () => {
            const plain = Buffer.concat(waiting);
            waiting = [];
            size = 0;
            await this.#database.query(
                'INSERT INTO file_chunks (file_id, number, sealed_data) VALUES ($1, $2, $3)',
                [id, number, this.#sealer.seal('file', `${id}:${number}`, plain)],
            );
            number++;
        };
        for await (const piece of data) {
            waiting.push(piece);
            size += piece.length;
            total += piece.length;
            if (size >= CHUNK_BYTES) await flush();
        }
        if (size > 0) await flush();
        return total;
    }

    #fileOf(row: FileRow): StoredFile {
        return {
            id: row.id,
            keyId: row.key_id,
            purpose: row.purpose,
            bytes: Number(row.bytes),
            name: this.#sealer.open('file name', row.id, row.sealed_name).toString(),
            createdAt: row.created_at,
        };
    }
}
