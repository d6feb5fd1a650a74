import { readFileSync } from 'node:fs';
import type { Sqlite } from './sqlite';

/** Changes with every start of the machine; undefined where the system does not tell. */
export function bootId(): string | undefined {
    try {
        return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    } catch {
        return undefined;
    }
}

/**
 * Whether commits may be missing: the machine went down while the journal was open. The death of the process alone loses
 * none. Records this start.
 */
export function startBoot(db: Sqlite, boot: string | undefined): boolean {
    const last = db.get('SELECT boot, clean FROM session_boot');
    db.run(
        `INSERT INTO session_boot VALUES (1, ?, 0)
             ON CONFLICT (id) DO UPDATE SET boot = excluded.boot, clean = 0`,
        boot ?? '',
    );
    if (!last || last.clean === 1) return false;
    return boot === undefined || last.boot !== boot;
}

/** Everything is on disk. */
export function endBoot(db: Sqlite): void {
    db.run('UPDATE session_boot SET clean = 1');
}
