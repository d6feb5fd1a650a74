import { readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

// Which source a target has, which contracts it is part of, and which specs look at it.

export interface Project {
    name: string;
    path: string;
    output: string;
    [option: string]: unknown;
}

/** What cannot be a mistake of code: names for numbers, and declarations that the compiler checks. */
const NOT_MUTATED = [/\/errors\.tact$/, /^contracts\/common\/messages/, /^contracts\/mocks\//];

/** Folders and beginnings of spec files, in the order in which they are tried first. */
const SPECS: Record<string, readonly string[]> = {
    vault: ['tests/vault/', 'tests/gas/vault-gas', 'tests/attacks/vault-'],
    market: ['tests/market/', 'tests/gas/job-gas', 'tests/attacks/impostors', 'tests/attacks/edges'],
    job: [
        'tests/job/',
        'tests/races/',
        'tests/gas/',
        'tests/dispute/',
        'tests/attacks/',
        'tests/invariants/',
    ],
    node: [
        'tests/node/',
        'tests/job/claims',
        'tests/gas/',
        'tests/dispute/',
        'tests/races/',
        'tests/upgrade/',
        'tests/attacks/',
        'tests/invariants/',
    ],
    dispute: ['tests/dispute/', 'tests/gas/', 'tests/attacks/', 'tests/invariants/'],
    registry: [
        'tests/registry/',
        'tests/node/adopting-terms',
        'tests/node/upgrading',
        'tests/gas/',
        'tests/upgrade/',
        'tests/attacks/',
    ],
    common: [
        'tests/common/',
        'tests/vault/',
        'tests/market/',
        'tests/job/',
        'tests/node/',
        'tests/registry/',
        'tests/dispute/',
        'tests/gas/',
        'tests/attacks/',
        'tests/races/',
    ],
};

export const targets = Object.keys(SPECS);

export function sourcesOf(root: string, target: string): string[] {
    return tactFiles(root).filter(
        (file) =>
            file.startsWith(`contracts/${target}/`) && !NOT_MUTATED.some((pattern) => pattern.test(file)),
    );
}

export function specsOf(root: string, target: string): string[] {
    const all = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
        .map((file) => `tests/${file.replaceAll('\\', '/')}`)
        .filter((file) => file.endsWith('.spec.ts'))
        .sort();
    const order = SPECS[target] ?? [];
    return [...new Set(order.flatMap((prefix) => all.filter((file) => file.startsWith(prefix))))];
}

export function tactFiles(root: string): string[] {
    return readdirSync(join(root, 'contracts'), { recursive: true, encoding: 'utf8' })
        .map((file) => `contracts/${file.replaceAll('\\', '/')}`)
        .filter((file) => file.endsWith('.tact'))
        .sort();
}

/** Projects whose code the file is part of, directly or through imports. `read` gives a file's source. */
export function affectedBy(
    file: string,
    projects: readonly Project[],
    read: (file: string) => string,
): Project[] {
    return projects.filter(({ path }) => reaches(normalize(path), file, read, new Set()));
}

function reaches(from: string, file: string, read: (file: string) => string, seen: Set<string>): boolean {
    if (from === file) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    for (const [, path] of read(from).matchAll(/^import "(\.[^"]+)";/gm)) {
        const imported = relative('.', join(dirname(from), path!.endsWith('.tact') ? path! : `${path}.tact`));
        if (reaches(imported, file, read, seen)) return true;
    }
    return false;
}
