import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { paths } from '../paths';

/** Milliseconds for all workers of a crew to load their models. */
const START_MS = 90_000;

export interface CrewMember {
    /** Its worker.yaml. */
    readonly file: string;
    /** Where it tells its health. */
    readonly port: number;
}

/** Several workers in one process. */
export class CrewProcess {
    private constructor(
        private readonly child: ChildProcess,
        private readonly logFile: string,
    ) {}

    static async start(
        name: string,
        directory: string,
        members: readonly CrewMember[],
    ): Promise<CrewProcess> {
        const logFile = join(directory, `${name}.log`);
        const child = spawn(
            process.execPath,
            ['--import', 'tsx', join(paths.root, 'demo/cheat/crew.ts'), ...members.map(({ file }) => file)],
            {
                cwd: paths.root,
                env: { ...process.env, TSX_TSCONFIG_PATH: paths.tsconfig },
                stdio: ['ignore', 'pipe', 'pipe'],
                // Ctrl-C in the terminal is for the demo, which stops everything in order.
                detached: true,
            },
        );
        process.once('exit', () => child.kill('SIGKILL'));
        const log = createWriteStream(logFile);
        child.stdout?.pipe(log);
        child.stderr?.pipe(log);
        const crew = new CrewProcess(child, logFile);
        await Promise.all(members.map(({ port }) => crew.ready(port)));
        return crew;
    }

    /** Drains and ends the process. */
    async stop(): Promise<void> {
        if (this.child.exitCode !== null || this.child.signalCode !== null) return;
        const ended = once(this.child, 'exit');
        this.child.kill('SIGTERM');
        await ended;
    }

    /** What the workers said last, for a failure. */
    tail(): string {
        return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-12).join('\n');
    }

    private async ready(port: number): Promise<void> {
        const until = Date.now() + START_MS;
        while (Date.now() < until && this.child.exitCode === null) {
            const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
            if (response?.ok) return;
            await sleep(100);
        }
        this.child.kill('SIGKILL');
        throw new Error(`A worker did not start. The end of its log:\n${this.tail()}`);
    }
}
