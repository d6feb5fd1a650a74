import { CommonExitCode, describeError, exitCodeOf, systemCode } from '../errors';

/** The last line of a program's help: `Exit codes: 0 ok, 1 internal, …`, in ascending order. */
export function exitCodesHelp(codes: Readonly<Record<string, number>>): string {
    const listed = Object.entries(codes)
        .sort(([, a], [, b]) => a - b)
        .map(([name, code]) => `${code} ${name.toLowerCase()}`);
    return `\nExit codes: ${listed.join(', ')}`;
}

/** Runs a command line; what goes wrong is printed for the operator and becomes the exit code. */
export async function runProgram(name: string, parse: () => Promise<unknown>): Promise<void> {
    try {
        await parse();
    } catch (error) {
        if (isUsageError(error)) {
            process.exitCode = error.exitCode === 0 ? CommonExitCode.Ok : CommonExitCode.Config;
            return;
        }
        process.stderr.write(`${name}: ${describeError(error)}\n`);
        process.exitCode = exitCodeOf(error);
    }
}

/** Commander's, which it has printed itself. Told by the code: each package has a copy of Commander's class. */
function isUsageError(error: unknown): error is { exitCode: number } {
    return systemCode(error)?.startsWith('commander.') ?? false;
}
