import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobStore, jsonJobStore } from 'cocoon-sdk';

/** Job secrets as files of a private folder. In a browser: jsonJobStore(localStorage). */
export function folderJobStore(folder: string): JobStore {
    const path = (key: string) => join(folder, encodeURIComponent(key));
    return jsonJobStore({
        getItem: (key) => readFile(path(key), 'utf8').catch(() => undefined),
        setItem: (key, value) => writeFile(path(key), value, { mode: 0o600, flush: true }),
        removeItem: (key) => rm(path(key), { force: true }),
    });
}
