import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@tact-lang/compiler';
import { Cell } from '@ton/core';
import { type Project, tactFiles } from './targets';

/** One contract's part of a build folder. */
export interface Built {
    name: string;
    /** TypeScript binding. */
    binding: string;
    code: Cell;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Compiles in memory, from the sources as they were when it was made. */
export class Compiler {
    readonly projects: readonly Project[];
    private readonly sources = new Map<string, string>();

    constructor(root: string) {
        this.projects = JSON.parse(readFileSync(join(root, 'tact.config.json'), 'utf8')).projects;
        for (const file of tactFiles(root)) this.sources.set(file, readFileSync(join(root, file), 'utf8'));
    }

    source(file: string): string {
        const source = this.sources.get(file);
        if (source === undefined) throw new Error(`There is no ${file}.`);
        return source;
    }

    /** Undefined when the compiler refuses the source. */
    async compile(project: Project, changed?: { file: string; source: string }): Promise<Built | undefined> {
        const files: Record<string, string> = {};
        for (const [file, source] of this.sources) {
            files[file] = Buffer.from(file === changed?.file ? changed.source : source).toString('base64');
        }
        try {
            const config = { projects: [project] } as unknown as Parameters<typeof run>[0]['config'];
            const { ok } = await run({ config, files, logger: silent as never });
            if (!ok) return undefined;
        } catch {
            return undefined; // the compiler itself can fail on what is nonsense
        }
        const base = join(project.output, `${project.name}_${project.name}`).replaceAll('\\', '/');
        return {
            name: project.name,
            binding: Buffer.from(files[`${base}.ts`]!, 'base64').toString('utf8'),
            code: Cell.fromBoc(Buffer.from(files[`${base}.code.boc`]!, 'base64'))[0]!,
        };
    }
}
