import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(__dirname, '../..');
const TSX = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;

/** Starts a script of this folder as a process of its own and waits for its first message. */
export async function startProcess<T>(
    script: string,
    input: unknown,
    env: Record<string, string> = {},
): Promise<{ process: ChildProcess; first: T }> {
    const child = fork(join(__dirname, script), [JSON.stringify(input)], {
        execArgv: ['--expose-gc', '--import', TSX],
        env: { ...process.env, ...env, NODE_OPTIONS: '', TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const first = await new Promise<T>((resolve, reject) => {
        child.once('message', (message) => resolve(message as T));
        child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it was ready`)));
    });
    return { process: child, first };
}

/** Asks a process that answers each message with one. */
export function ask<T>(child: ChildProcess, question: string): Promise<T> {
    return new Promise((resolve) => {
        child.once('message', (message) => resolve(message as T));
        child.send(question);
    });
}

/** Ends a process that this benchmark has started and waits until it is gone. */
export async function stopProcess(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
}
