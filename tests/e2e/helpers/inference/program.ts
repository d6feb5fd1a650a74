import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { until } from '../../../helpers/until';
import { plainEnvironment } from '../processes';

export interface ProgramOptions {
    readonly script: string;
    readonly args: readonly string[];
    readonly cwd: string;
    /** Both outputs, of all its lives. */
    readonly logFile: string;
    /** Answers 200 once the program is ready. */
    readonly readyUrl: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly execArgv?: readonly string[];
}

/** A long-running program as a process of its own, which a test may kill at any time and start again. */
export class Program {
    private child: ChildProcess | undefined;

    constructor(readonly options: ProgramOptions) {}

    get pid(): number | undefined {
        return this.child?.pid;
    }

    get alive(): boolean {
        return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
    }

    /** Resolves when it is ready; throws the end of its log when it ends before. */
    async start(): Promise<void> {
        const { script, args, cwd, logFile, env, execArgv = [] } = this.options;
        const log = openSync(logFile, 'a');
        this.child = spawn(process.execPath, [...execArgv, script, ...args], {
            cwd,
            env: plainEnvironment(env),
            stdio: ['ignore', log, log],
        });
        closeSync(log);
        await this.ready();
    }

    /** Resolves to the exit code. */
    async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
        if (!this.alive) return this.child?.exitCode ?? null;
        const gone = once(this.child!, 'exit');
        this.child!.kill(signal);
        await gone;
        return this.child!.exitCode;
    }

    get log(): string {
        return readFileSync(this.options.logFile, 'utf8');
    }

    private async ready(): Promise<void> {
        const end = () => this.log.trim().split('\n').slice(-12).join('\n');
        const failure = () => `${this.options.script} did not become ready. The end of its log:\n${end()}`;
        try {
            await until(
                async () => {
                    const response = await fetch(this.options.readyUrl).catch(() => undefined);
                    await response?.body?.cancel();
                    if (!response?.ok && !this.alive) throw new Error(failure());
                    return response?.ok;
                },
                { every: 25, failure },
            );
        } catch (error) {
            await this.stop('SIGKILL');
            throw error;
        }
    }
}
