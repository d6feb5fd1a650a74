import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../errors';
import { ModelError } from './errors';

interface Known {
    size: number;
    mtimeMs: number;
    sha256: string;
}

/**
 * Remembers the SHA-256 of files by size and modification time, so that tens of gigabytes are hashed once and not at
 * every start. The record only saves time: losing it costs a re-hash.
 */
export class HashCache {
    readonly #directory: string;
    readonly #file: string;

    /** @param minBytes smaller files are hashed every time: it takes less than a tenth of a second. */
    constructor(
        directory: string,
        private readonly minBytes = 64 * 1024 * 1024,
    ) {
        this.#directory = directory;
        this.#file = join(directory, '.verified.json');
    }

    /** SHA-256 of a file in hexadecimal. Throws {@link ModelError} `model_file_missing`. */
    async sha256(path: string, signal?: AbortSignal): Promise<string> {
        const { size, mtimeMs } = await statModel(path);
        if (size < this.minBytes) return hashFile(path, signal);
        const known = await this.#read();
        const entry = known[path];
        if (entry && entry.size === size && entry.mtimeMs === mtimeMs) return entry.sha256;
        const sha256 = await hashFile(path, signal);
        await this.#write({ ...(await this.#read()), [path]: { size, mtimeMs, sha256 } });
        return sha256;
    }

    /** Renames a file; what is known of it stays known. */
    async rename(from: string, to: string): Promise<void> {
        await rename(from, to);
        const { [from]: entry, ...others } = await this.#read();
        if (entry) await this.#write({ ...others, [to]: entry });
    }

    async #read(): Promise<Record<string, Known>> {
        try {
            return JSON.parse(await readFile(this.#file, 'utf8')) as Record<string, Known>;
        } catch {
            return {};
        }
    }

    async #write(entries: Record<string, Known>): Promise<void> {
        const temporary = `${this.#file}.${process.pid}`;
        try {
            await mkdir(this.#directory, { recursive: true });
            await writeFile(temporary, JSON.stringify(entries));
            await rename(temporary, this.#file);
        } catch {
            // A read-only models directory is fine: the next start hashes again.
        }
    }
}

async function statModel(path: string) {
    try {
        const found = await stat(path);
        if (found.isFile()) return found;
    } catch (error) {
        if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw unreadable(path, error);
    }
    throw new ModelError(
        'model_file_missing',
        `model file not found: ${path}`,
        'correct engine.path, or give engine.url and engine.sha256 to have it downloaded',
    );
}

/** SHA-256 of a file in hexadecimal. Throws {@link ModelError} `model_disk`. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
    const hash = createHash('sha256');
    try {
        for await (const part of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(part as Buffer);
    } catch (error) {
        if (signal?.aborted) throw error;
        throw unreadable(path, error);
    }
    return hash.digest('hex');
}

function unreadable(path: string, error: unknown): ModelError {
    return new ModelError(
        'model_disk',
        `model file cannot be read: ${path} (${systemCode(error) ?? 'read error'})`,
        'check the permissions of the file and the disk',
        error,
    );
}
