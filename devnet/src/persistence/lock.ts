import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { DevnetError } from '../errors';

/**
 * Makes sure that one process at a time writes a journal.
 * @returns a function that gives the lock back
 * @throws DevnetError JOURNAL_LOCKED when another running process has it
 */
export function lockJournal(path: string): () => void {
    const lockPath = `${path}.lock`;
    for (let attempt = 0; attempt < 2; attempt++) {
        try {
            writeFileSync(lockPath, String(process.pid), { flag: 'wx' });
            return () => unlinkSync(lockPath);
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
        const owner = Number(readFileSync(lockPath, 'utf8'));
        if (isRunning(owner)) {
            throw new DevnetError(
                'JOURNAL_LOCKED',
                `The journal ${path} is in use by process ${owner}.`,
                `Stop that process, give another path, or delete ${lockPath} if it is not a devnet.`,
            );
        }
        // Left behind by a process that was killed.
        unlinkSync(lockPath);
    }
    throw new DevnetError('JOURNAL_LOCKED', `The journal ${path} is in use.`, 'Give another path.');
}

function isRunning(pid: number): boolean {
    if (!Number.isInteger(pid) || pid <= 0) return false;
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
}
