import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Task } from './worker';

export type Verdict = Answer | { kind: 'timeout' };

/** Mutants after which a process is replaced, because every spec file leaves something in its memory. */
const MUTANTS_PER_PROCESS = 40;

/** One worker process at a time, replaced when it hangs, dies or has grown. */
export class Worker {
    private child: ChildProcess | undefined;
    private served = 0;

    constructor(
        private readonly root: string,
        private readonly folder: string,
    ) {}

    /** `timeoutMs` passes while it runs: the mutant never ends, which a test would not overlook. */
    async perform(task: Task, timeoutMs: number): Promise<Verdict> {
        if (this.served >= MUTANTS_PER_PROCESS) this.stop();
        this.child ??= this.start();
        this.served++;
        const child = this.child;
        return await new Promise<Verdict>((resolve, reject) => {
            const settle = (end: () => void) => {
                clearTimeout(timer);
                child.off('message', onMessage).off('exit', onExit);
                end();
            };
            const timer = setTimeout(() => {
                settle(() => resolve({ kind: 'timeout' }));
                this.stop();
            }, timeoutMs);
            const onMessage = (answer: unknown) => settle(() => resolve(answer as Answer));
            const onExit = (code: number | null) => {
                this.child = undefined;
                settle(() => reject(new Error(`A worker of the mutation test ended with ${code}.`)));
            };
            child.on('message', onMessage).on('exit', onExit);
            child.send(task);
        });
    }

    stop(): void {
        this.child?.kill('SIGKILL');
        this.child = undefined;
        this.served = 0;
    }

    close(): void {
        this.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }

    private start(): ChildProcess {
        return fork(join(this.root, 'tools', 'mutation', 'worker.ts'), [this.folder], {
            cwd: this.root,
            execArgv: ['--import', 'tsx', '--max-old-space-size=4096'],
            stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
            env: { ...process.env, COCOON_SEQUENCES: '60', COCOON_VAULT_SEQUENCES: '60' },
        });
    }
}
