import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(__dirname, '../../..');
const TSX = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;

/** Starts a TypeScript file as a process of its own, as operators run the worker. */
export function startTsx(
    script: string,
    args: string[] = [],
    options: { cwd?: string; env?: object } = {},
): ChildProcess {
    // `--import tsx` and not the tsx command: that one runs the script in a child, which a SIGKILL would leave behind.
    return spawn(process.execPath, ['--import', TSX, join(ROOT, 'reference-worker', script), ...args], {
        cwd: options.cwd ?? ROOT,
        env: {
            ...process.env,
            NODE_OPTIONS: '',
            TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json'),
            ...options.env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
}

export interface Finished {
    code: number | null;
    stdout: string;
    stderr: string;
}

/** Waits for the end of a process and collects what it wrote. */
export function finished(child: ChildProcess): Promise<Finished> {
    let stdout = '';
    let stderr = '';
    child.stdout!.on('data', (data) => {
        stdout += data;
    });
    child.stderr!.on('data', (data) => {
        stderr += data;
    });
    return new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
}
