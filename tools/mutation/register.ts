import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A mutant that no test can or should kill, and why. It is known by its lines, so that it stays known when they move. */
export interface Argued {
    file: string;
    before: string;
    after: string;
    reason: string;
}

export function readRegister(root: string): Argued[] {
    return JSON.parse(readFileSync(join(root, 'tools', 'mutation', 'survivors.json'), 'utf8'));
}

export function reasonOf(
    register: readonly Argued[],
    { file, before, after }: Omit<Argued, 'reason'>,
): string | undefined {
    return register.find((one) => one.file === file && one.before === before && one.after === after)?.reason;
}
