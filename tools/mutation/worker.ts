import { join } from 'node:path';
import { BuildFolder } from './build-folder';
import { type Built, Compiler } from './compile';
import { apply, type Mutant } from './operators';
import { runSpecs, type SpecRun } from './specs';
import { affectedBy } from './targets';

// A process that compiles one mutant after the other and runs specs on it. Told by messages, answers by messages.

export interface Task {
    mutant: Mutant | undefined; // undefined: the contracts as they are
    specs: readonly string[];
}

export type Answer =
    | { kind: 'invalid' } // does not compile
    | { kind: 'equivalent' } // compiles to the same code
    | { kind: 'duplicate' } // compiles to the same code as one before
    | ({ kind: 'tested'; code: string; compileMs: number } & SpecRun);

const root = process.cwd();
const compiler = new Compiler(root);
const folder = new BuildFolder(join(root, 'build'), process.argv[2]!);
const originals = new Map<string, string>();
const seen = new Set<string>();

async function perform({ mutant, specs }: Task): Promise<Answer> {
    const startedAt = performance.now();
    const mutated = mutant ? await compileMutant(mutant) : [];
    if (!mutated) return { kind: 'invalid' };
    if (mutant && mutated.length === 0) return { kind: 'equivalent' };
    const code = mutated.map((one) => one.code.hash().toString('hex')).join('-');
    if (mutant && seen.has(code)) return { kind: 'duplicate' };
    seen.add(code);
    const compileMs = performance.now() - startedAt;
    folder.put(mutated);
    try {
        return { kind: 'tested', code, compileMs, ...(await runSpecs(root, folder.path, specs)) };
    } finally {
        folder.restore();
    }
}

/** Contracts whose code changes; undefined when one does not compile. */
async function compileMutant(mutant: Mutant): Promise<Built[] | undefined> {
    const source = apply(compiler.source(mutant.file), mutant);
    const changed: Built[] = [];
    for (const project of affectedBy(mutant.file, compiler.projects, (file) => compiler.source(file))) {
        const built = await compiler.compile(project, { file: mutant.file, source });
        if (!built) return undefined;
        if (!originals.has(project.name)) {
            const original = (await compiler.compile(project))!;
            originals.set(project.name, original.code.hash().toString('hex'));
        }
        if (built.code.hash().toString('hex') !== originals.get(project.name)) changed.push(built);
    }
    return changed;
}

process.setMaxListeners(0); // every spec file listens for what it left unhandled
process.on('message', (task: Task) => {
    perform(task).then(
        (answer) => process.send!(answer),
        (error: unknown) => {
            console.error(error);
            process.exit(1);
        },
    );
});
process.on('disconnect', () => process.exit(0));
