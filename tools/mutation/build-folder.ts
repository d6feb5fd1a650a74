import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Built } from './compile';

/** A copy of build/ that the specs of one process read; mutants come and go in it. */
export class BuildFolder {
    private readonly artifacts: string;
    private readonly bindings = new Map<string, string>();

    constructor(
        original: string,
        readonly path: string,
    ) {
        rmSync(path, { recursive: true, force: true });
        cpSync(original, path, {
            recursive: true,
            filter: (file) => !/\.(fc|fif|pkg|md|abi|boc)$/.test(file),
        });
        this.artifacts = readFileSync(join(path, 'artifacts.ts'), 'utf8');
    }

    put(mutated: readonly Built[]): void {
        let artifacts = this.artifacts;
        for (const { name, binding, code } of mutated) {
            const file = this.bindingOf(name);
            if (!this.bindings.has(file)) this.bindings.set(file, readFileSync(file, 'utf8'));
            writeFileSync(file, binding);
            artifacts = withCode(artifacts, { name, code });
        }
        writeFileSync(join(this.path, 'artifacts.ts'), artifacts);
    }

    restore(): void {
        for (const [file, binding] of this.bindings) writeFileSync(file, binding);
        this.bindings.clear();
        writeFileSync(join(this.path, 'artifacts.ts'), this.artifacts);
    }

    private bindingOf(name: string): string {
        return join(this.path, name, `${name}_${name}.ts`);
    }
}

/** What tools/build-contracts.mjs writes, with another code; contracts that are for tests alone are not in it. */
export function withCode(artifacts: string, { name, code }: Pick<Built, 'name' | 'code'>): string {
    const entry = new RegExp(`("${name}": \\{\\s*"boc": ")[^"]*(",\\s*"hash": ")[^"]*(",\\s*"depth": )\\d+`);
    return artifacts.replace(
        entry,
        (_, boc, hash, depth) =>
            boc +
            code.toBoc().toString('base64') +
            hash +
            `0x${code.hash().toString('hex')}` +
            depth +
            code.depth(),
    );
}
