import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { messageOf, systemCode } from '../errors';
import { applyEnvironment } from './environment';
import { describeIssues } from './issues';
import type { SettingsProfile } from './profile';

export interface LoadedSettings<Settings> {
    config: Settings;
    /** Directory that relative paths of the settings start from: where the file lies. */
    directory: string;
}

/** Reads and checks a settings file with environment overrides. Throws `ConfigError` naming the first bad field. */
export function loadSettings<Schema extends z.ZodType>(
    profile: SettingsProfile<Schema>,
    path: string,
    environment: NodeJS.ProcessEnv,
): LoadedSettings<z.output<Schema>> {
    const file = resolve(path);
    const config = parseSettings(profile, readYaml(profile, file), environment, file);
    return { config, directory: dirname(file) };
}

/** Checks settings that are parsed already; `source` is what messages call them. Throws `ConfigError`. */
export function parseSettings<Schema extends z.ZodType>(
    profile: SettingsProfile<Schema>,
    raw: unknown,
    environment: NodeJS.ProcessEnv,
    source = profile.source,
): z.output<Schema> {
    const { schema, example, ConfigError } = profile;
    const remedy = `compare with ${example}, which documents every setting`;
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
        throw new ConfigError(`${source}: expected a mapping of settings at the top level`, remedy);
    }
    const result = schema.safeParse(applyEnvironment(profile, raw, environment));
    if (result.success) return result.data;
    throw new ConfigError(`${source}: ${describeIssues(result.error.issues)}`, remedy, result.error);
}

function readYaml({ prefix, example, ConfigError }: SettingsProfile, file: string): unknown {
    let text: string;
    try {
        text = readFileSync(file, 'utf8');
    } catch (error) {
        const missing = systemCode(error) === 'ENOENT';
        throw new ConfigError(
            missing ? `config file not found: ${file}` : `config file cannot be read: ${messageOf(error)}`,
            `pass --config <path>, or set ${prefix}CONFIG; ${example} is a start`,
            error,
        );
    }
    try {
        return parseYaml(text);
    } catch (error) {
        const at = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
        throw new ConfigError(
            `${file}${at ? `:${at.line}:${at.col}` : ''}: not valid YAML`,
            'check indentation and quotes near that line',
            error,
        );
    }
}
