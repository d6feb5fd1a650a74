import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

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
