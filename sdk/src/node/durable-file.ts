import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Makes a folder that only this user can read. */
export async function privateFolder(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
}

/** Writes a whole file or nothing; durable when it resolves. */
export async function writeDurably(path: string, text: string): Promise<void> {
    const temporary = await writeTemporary(path, text);
    await rename(temporary, path);
    await syncFolder(path);
}

/** Writes a file where there is none; false where there is one. Of two that race one writes. Durable when it resolves. */
export async function writeIfAbsent(path: string, text: string): Promise<boolean> {
    const temporary = await writeTemporary(path, text);
    try {
        // Unlike a rename, a link never replaces what is there.
        await link(temporary, path);
    } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
    } finally {
        await rm(temporary, { force: true });
    }
    await syncFolder(path);
    return true;
}

/** Undefined where there is no such file. */
export async function readIfPresent(path: string): Promise<string | undefined> {
    try {
        return await readFile(path, 'utf8');
    } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
    }
}

async function writeTemporary(path: string, text: string): Promise<string> {
    const temporary = `${path}.${randomUUID()}.tmp`;
    const file = await open(temporary, 'wx', PRIVATE_FILE);
    try {
        await file.writeFile(text);
        await file.sync();
    } finally {
        await file.close();
    }
    return temporary;
}

/** A new name is durable only with its folder. */
async function syncFolder(path: string): Promise<void> {
    const folder = await open(dirname(path), 'r');
    try {
        await folder.sync();
    } finally {
        await folder.close();
    }
}

function codeOf(error: unknown): unknown {
    return (error as { code?: unknown } | null)?.code;
}
