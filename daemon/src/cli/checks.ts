import { describeError, exitCodeOf } from '../errors';

/** One step of `check`: prints what it found, or the failure; the exit code is that of the first that failed. */
export async function checkStep(name: string, action: () => Promise<string>): Promise<void> {
    try {
        reportOk(name, await action());
    } catch (error) {
        process.stdout.write(`FAIL ${name}: ${describeError(error)}\n`);
        process.exitCode ||= exitCodeOf(error);
    }
}

export function reportOk(name: string, detail: string): void {
    process.stdout.write(`ok   ${name}: ${detail}\n`);
}
