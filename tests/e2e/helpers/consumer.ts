import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment, run } from './processes';
import { commands, root } from './readme';
import { Workspace } from './workspace';

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
};

/** Packages that the examples for browsers and TypeScript need besides. */
const EXTRA = ['buffer@6.0.3', `@types/node@${devDependencies['@types/node']}`];

/** An application outside the repository that installed the packed SDK, as the README says. */
export class Consumer {
    private constructor(private readonly workspace: Workspace) {}

    static async install(): Promise<Consumer> {
        const workspace = new Workspace();
        const { folder } = workspace;
        const cwd = folder;
        workspace.write('package.json', '{ "private": true }');
        const packed = await run('npm', ['pack', join(root, 'sdk'), '--silent', '--ignore-scripts'], { cwd });
        const [install] = commands('README.md', 'npm install cocoon-sdk');
        const names = install!.split(' ').slice(2);
        const packages = names.map((name) =>
            name === 'cocoon-sdk' ? `./${packed.trim()}` : `${name}@${devDependencies[name]}`,
        );
        const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
        await run('npm', ['install', ...quiet, ...packages, ...EXTRA], { cwd });
        cpSync(join(root, 'docs/examples'), folder, { recursive: true });
        return new Consumer(workspace);
    }

    get folder(): string {
        return this.workspace.folder;
    }

    /** Runs one of docs/examples. */
    example(file: string, environment: NodeJS.ProcessEnv): Promise<string> {
        return run(process.execPath, [file], { cwd: this.folder, env: plainEnvironment(environment) });
    }

    /** Puts a file into the application. */
    add(file: string, as: string): void {
        cpSync(file, join(this.folder, as));
    }

    /** Type-checks files of the application. Throws what the compiler says. */
    async typecheck(files: readonly string[], resolution: object): Promise<void> {
        const compilerOptions = {
            strict: true,
            noEmit: true,
            target: 'es2022',
            lib: ['es2022', 'dom', 'dom.iterable'],
            types: ['node'],
            ...resolution,
        };
        this.workspace.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
        const tsc = join(root, 'node_modules/typescript/bin/tsc');
        await run(process.execPath, [tsc, '-p', '.'], { cwd: this.folder });
    }

    dispose(): void {
        this.workspace.dispose();
    }
}
