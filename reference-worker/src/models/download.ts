import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, systemCode } from '../errors';
import { ModelError } from './errors';

export interface DownloadProgress {
    receivedBytes: number;
    /** Absent when the server does not tell. */
    totalBytes?: number;
}

export interface DownloadOptions {
    signal?: AbortSignal;
    onProgress?: (progress: DownloadProgress) => void;
    /** Attempts after the first, each continuing where the one before broke off. Default 4. */
    retries?: number;
    /** Waits before an attempt; injected by tests. */
    wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * Downloads to `<path>.part` and renames when whole; a broken or interrupted download goes on from where it stopped
 * (HTTP Range). The content is *not* trusted here: the caller checks the hash before use.
 */
export async function download(url: string, path: string, options: DownloadOptions = {}): Promise<void> {
    const part = `${path}.part`;
    await writing(path, () => mkdir(dirname(path), { recursive: true }));
    const retries = options.retries ?? 4;
    for (let attempt = 0; ; attempt++) {
        try {
            await fetchRest(url, part, options);
            break;
        } catch (error) {
            options.signal?.throwIfAborted();
            if (error instanceof ModelError || attempt >= retries) throw failed(url, error);
            await (options.wait ?? sleep)(500 * 2 ** attempt, options.signal);
        }
    }
    await writing(path, () => rename(part, path));
}

async function fetchRest(url: string, part: string, options: DownloadOptions): Promise<void> {
    const have = await stat(part).then(
        (found) => found.size,
        () => 0,
    );
    const response = await fetch(url, {
        headers: have > 0 ? { range: `bytes=${have}-` } : {},
        ...(options.signal ? { signal: options.signal } : {}),
    });
    if (response.status === 416 && have > 0) {
        await response.body?.cancel();
        // Nothing is left to send when the part is already whole; otherwise the part is of another file.
        if (totalFromRange(response) === have) return;
        await rm(part, { force: true });
        throw new Error('the partial download does not fit the file on the server');
    }
    if (!response.ok || !response.body) {
        await response.body?.cancel();
        const message = `server answered ${response.status}`;
        if (response.status >= 500 || response.status === 429) throw new Error(message);
        throw new ModelError('model_download_failed', `${message} for ${printable(url)}`, 'correct engine.url');
    }
    const resumed = response.status === 206;
    const start = resumed ? have : 0;
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const totalBytes = Number.isFinite(length) ? start + length : undefined;
    const received = await save(response.body, part, start, (receivedBytes) =>
        options.onProgress?.({ receivedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) }),
    );
    if (totalBytes !== undefined && received < totalBytes) throw new Error('the connection broke off');
}

async function save(
    body: ReadableStream<Uint8Array>,
    part: string,
    start: number,
    onBytes: (received: number) => void,
): Promise<number> {
    const file = await writing(part, () => open(part, start > 0 ? 'r+' : 'w'));
    const reader = body.getReader();
    let position = start;
    try {
        onBytes(position);
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
            const { value } = chunk;
            for (let written = 0; written < value.length; ) {
                const at = position;
                const result = await writing(part, () => file.write(value, written, value.length - written, at));
                written += result.bytesWritten;
                position += result.bytesWritten;
            }
            onBytes(position);
        }
        await writing(part, () => file.sync());
        return position;
    } finally {
        await reader.cancel().catch(() => undefined);
        await file.close();
    }
}

function totalFromRange(response: Response): number | undefined {
    const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
    return total === undefined ? undefined : Number(total);
}

/** Disk failures are final and have remedies of their own. */
async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
    try {
        return await action();
    } catch (error) {
        const full = systemCode(error) === 'ENOSPC' || systemCode(error) === 'EDQUOT';
        throw new ModelError(
            'model_disk',
            full ? `no disk space left for ${path}` : `cannot write ${path}: ${messageOf(error)}`,
            full
                ? 'free space and start again: the download goes on where it stopped'
                : 'set modelsDirectory to a directory that the worker may write',
            error,
        );
    }
}

function failed(url: string, error: unknown): ModelError {
    if (error instanceof ModelError) return error;
    const cause = (error as { cause?: unknown }).cause ?? error;
    return new ModelError(
        'model_download_failed',
        `download of ${printable(url)} failed: ${messageOf(cause)}`,
        'check the connection and start again: the download goes on where it stopped',
        error,
    );
}

/** Query strings of signed download links are credentials. */
function printable(url: string): string {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname}`;
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const onAbort = () => {
            clearTimeout(timer);
            reject(signal!.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
        }, milliseconds);
        signal?.addEventListener('abort', onAbort, { once: true });
    });
}
