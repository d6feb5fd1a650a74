import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/cocoon-bench');

/**
 * Bundles a program of the repository into one file, as a package's build does: compiling while it runs (tsx) would slow
 * down what is measured.
 */
export async function bundle(entry: string): Promise<string> {
    mkdirSync(CACHE, { recursive: true });
    const outfile = join(CACHE, `${entry.replace(/\W+/g, '-')}-${process.pid}.mjs`);
    await build({
        entryPoints: [join(ROOT, entry)],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        tsconfig: join(ROOT, 'tsconfig.json'),
        logLevel: 'error',
        plugins: [
            {
                name: 'own-packages-only',
                setup({ onResolve }) {
                    onResolve({ filter: /^[^./]/ }, ({ path }) =>
                        path.startsWith('cocoon-') || path.startsWith('/') ? undefined : { external: true },
                    );
                },
            },
        ],
    });
    return outfile;
}

/** Starts a bundled program that tells by a message when it is ready. */
export async function forkReady<T>(
    script: string,
    input: unknown,
): Promise<{ process: ChildProcess; first: T }> {
    const child = fork(script, [JSON.stringify(input)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const first = await new Promise<T>((resolve, reject) => {
        child.once('message', (message) => resolve(message as T));
        child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it was ready`)));
    });
    return { process: child, first };
}

export async function stop(child: ChildProcess | undefined): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
}
