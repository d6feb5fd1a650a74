import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TextStore } from 'cocoon-sdk';
import type { NetworkFile } from './network-file';

/** Secrets of posted jobs as files that only this user can read. Git ignores `.cocoon`. */
export function jobSecrets({ file, name }: NetworkFile): TextStore {
    const folder = join(dirname(file), '.cocoon', 'jobs', name);
    const fileOf = (key: string) => join(folder, `${key.replaceAll(/[^\w-]/g, '_')}.json`);
    return {
        getItem: (key) => (existsSync(fileOf(key)) ? readFileSync(fileOf(key), 'utf8') : null),
        setItem(key, value) {
            mkdirSync(folder, { recursive: true, mode: 0o700 });
            writeFileSync(fileOf(key), value, { mode: 0o600, flush: true });
        },
        removeItem: (key) => rmSync(fileOf(key), { force: true }),
    };
}
