// Runs one task of this clone at a time, across processes: two commands that were started together must not install
// or compile into the same folders. A lock whose process is gone counts for nothing.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/** Waits until `lock` (a folder that is made and removed) is free, then runs `task`. */
export async function exclusively(lock, task) {
    while (!taken(lock)) await sleep(POLL_MS);
    try {
        return await task();
    } finally {
        rmSync(lock, { recursive: true, force: true });
    }
}

/** The folder gets its place together with the number of its process, so that no lock is ever nobody's. */
function taken(lock) {
    const own = `${lock}-${process.pid}`;
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'pid'), String(process.pid));
    try {
        renameSync(own, lock);
        return true;
    } catch (error) {
        rmSync(own, { recursive: true, force: true });
        if (!['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(error.code)) throw error;
        if (holderGone(lock)) rmSync(lock, { recursive: true, force: true });
        return false;
    }
}

function holderGone(lock) {
    let pid;
    try {
        pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
    } catch {
        return true; // it ended meanwhile
    }
    try {
        process.kill(pid, 0);
        return false;
    } catch (error) {
        return error.code === 'ESRCH';
    }
}
