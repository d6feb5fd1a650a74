import { resolve } from 'node:path';
import type { z } from 'zod';
import { expectation } from '../config';
import type { SettledErrorClass } from '../errors';
import { readPrivateFile } from './private-file';

/** A daemon's secrets: what they are, where else they come from, and what is thrown when they are wrong. */
export interface SecretsProfile<Schema extends z.ZodType = z.ZodType> {
    schema: Schema;
    /** Environment variables that go before the file, each with the path of its value: one key, or two. */
    variables: readonly (readonly [name: string, path: readonly [string, string?]])[];
    /** How an operator comes by secrets. */
    remedy: string;
    SecretsError: SettledErrorClass;
}

/**
 * Reads secrets from a file that only its owner can read, with environment variables laid over it. Throws `SecretsError`,
 * which never repeats a value.
 * @param file relative to `directory`; undefined: environment only.
 */
export function readSecrets<Schema extends z.ZodType>(
    profile: SecretsProfile<Schema>,
    file: string | undefined,
    directory: string,
    environment: NodeJS.ProcessEnv,
): z.output<Schema> {
    const { schema, variables, remedy, SecretsError } = profile;
    const raw = file === undefined ? {} : readPrivateFile(resolve(directory, file), profile);
    for (const [name, [first, second]] of variables) {
        const value = environment[name];
        if (value === undefined) continue;
        raw[first] = second ? { [second]: value } : value;
    }
    const result = schema.safeParse(raw);
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    throw new SecretsError(`${issue.path.join('.') || 'secrets'}: ${expectation(issue)}`, remedy);
}
