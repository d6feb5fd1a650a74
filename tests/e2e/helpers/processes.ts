import { type ChildProcess, spawn } from 'node:child_process';

export interface RunOptions {
    readonly cwd: string;
    readonly env?: NodeJS.ProcessEnv;
}

/** Commands of a test see neither Jest's settings nor npm's of the run that started it. */
export function plainEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
        ([name]) => !/^(npm_|NODE_ENV$|NODE_OPTIONS$|JEST_|FORCE_COLOR$)/.test(name),
    );
    return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...extra };
}

/**
 * A command in a process group of its own, so that a test can do to it what Ctrl-C in a terminal does, and can see
 * whether anything of it is left.
 */
export class ProcessGroup {
    stdout = '';
    stderr = '';
    readonly ended: Promise<number | null>;
    private readonly child: ChildProcess;
    private readonly watchers = new Set<() => void>();

    constructor(command: string, args: readonly string[], { cwd, env = plainEnvironment() }: RunOptions) {
        const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
        this.child = child;
        child.stdout.on('data', (chunk: Buffer) => this.add('stdout', chunk));
        child.stderr.on('data', (chunk: Buffer) => this.add('stderr', chunk));
        this.ended = new Promise((resolve, reject) => {
            child.on('error', reject);
            child.on('close', resolve);
        });
        this.ended.then(
            () => this.notify(),
            () => this.notify(),
        );
    }

    /** Resolves once the output has this; rejects with the output when the command ends before. */
    async prints(pattern: RegExp): Promise<RegExpMatchArray> {
        let over = false;
        this.ended.finally(() => {
            over = true;
        });
        for (;;) {
            const found = this.stdout.match(pattern);
            if (found) return found;
            if (over) throw new Error(`It ended without printing ${pattern}:\n${this.stdout}${this.stderr}`);
            await new Promise<void>((resolve) => {
                const watcher = () => {
                    this.watchers.delete(watcher);
                    resolve();
                };
                this.watchers.add(watcher);
            });
        }
    }

    /** Ctrl-C: every process of the group gets the signal. Resolves to the exit code. */
    async interrupt(): Promise<number | null> {
        this.signal('SIGINT');
        return this.ended;
    }

    /** True while any process of the group lives. */
    get alive(): boolean {
        return this.signal(0);
    }

    /** For cleaning up whatever a failed test left. */
    kill(): void {
        this.signal('SIGKILL');
    }

    private signal(signal: NodeJS.Signals | 0): boolean {
        try {
            return process.kill(-this.child.pid!, signal);
        } catch {
            return false; // no such group any more
        }
    }

    private add(stream: 'stdout' | 'stderr', chunk: Buffer): void {
        this[stream] += chunk.toString();
        this.notify();
    }

    private notify(): void {
        for (const watcher of [...this.watchers]) watcher();
    }
}

/** Runs a command to its end and returns its standard output; throws all output when it fails. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
    const group = new ProcessGroup(command, args, options);
    const code = await group.ended;
    if (code === 0) return group.stdout;
    throw new Error(
        `${[command, ...args].join(' ')} ended with ${code}:\n${group.stdout}${group.stderr}`.trim(),
    );
}
