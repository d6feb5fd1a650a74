import { join } from 'node:path';
import { runCLI } from 'jest';
import base from '../../jest.config';

export interface SpecRun {
    /** The first spec that failed, relative to the root. */
    killer: string | undefined;
    /** Milliseconds by spec. */
    durations: Record<string, number>;
}

const here = join('tools', 'mutation');

/** Runs spec files in this process, in their order, on another build folder, until one fails. */
export async function runSpecs(root: string, build: string, specs: readonly string[]): Promise<SpecRun> {
    delete process.env.COCOON_MUTANT_KILLED;
    process.env.COCOON_SPEC_ORDER = JSON.stringify(specs);
    const config = {
        ...base,
        rootDir: root,
        moduleNameMapper: {
            '^(?:\\.\\./)+build/(.*)$': `${build}/$1`,
            ...base.moduleNameMapper,
        },
        testSequencer: join(root, here, 'sequencer.cjs'),
        testEnvironment: join(root, here, 'fail-fast-environment.cjs'),
        maxWorkers: undefined,
        reporters: [],
    };
    const argv = {
        _: [...specs],
        $0: 'jest',
        config: JSON.stringify(config),
        runTestsByPath: true,
        runInBand: true,
        silent: true,
        watchman: false,
    };
    const { results } = await runCLI(argv as Parameters<typeof runCLI>[0], [root]);
    const durations: Record<string, number> = {};
    let killer: string | undefined;
    for (const result of results.testResults) {
        const spec = result.testFilePath.slice(root.length + 1).replaceAll('\\', '/');
        durations[spec] = (result.perfStats?.end ?? 0) - (result.perfStats?.start ?? 0);
        if (result.numFailingTests > 0 || result.testExecError) killer ??= spec;
    }
    return { killer, durations };
}
