import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cell } from '@ton/core';

const root = join(__dirname, '..', '..');

/** Compiles a contract with one line changed, in a copy of the sources. */
export function mutant(
    contract: 'Job' | 'Node' | 'Vault' | 'Dispute',
    file: string,
    before: string,
    after: string,
): Cell {
    const folder = mkdtempSync(join(tmpdir(), 'cocoon-mutant-'));
    try {
        cpSync(join(root, 'contracts'), join(folder, 'contracts'), { recursive: true });
        symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
        const path = join(folder, 'contracts', file);
        const source = readFileSync(path, 'utf8');
        if (source.split(before).length !== 2) throw new Error(`"${before}" is not once in ${file}.`);
        writeFileSync(path, source.replace(before, after));
        const config = JSON.parse(readFileSync(join(root, 'tact.config.json'), 'utf8'));
        config.projects = config.projects.filter(({ name }: { name: string }) => name === contract);
        writeFileSync(join(folder, 'tact.config.json'), JSON.stringify(config));
        const tact = join(root, 'node_modules', '@tact-lang', 'compiler', 'bin', 'tact.js');
        execFileSync(process.execPath, [tact, '--config', join(folder, 'tact.config.json')], {
            cwd: folder,
            stdio: 'pipe',
        });
        return Cell.fromBoc(
            readFileSync(join(folder, 'build', contract, `${contract}_${contract}.code.boc`)),
        )[0] as Cell;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
