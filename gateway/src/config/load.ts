import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { ConfigError, messageOf, systemCode } from '../errors';
import { applyEnvironment } from './environment';
import { configSchema, type GatewayConfig } from './schema';

export interface LoadedConfig {
    config: GatewayConfig;
    /** Directory that relative paths of the config start from: where gateway.yaml lies. */
    directory: string;
}

const REMEDY = 'compare with gateway.example.yaml, which documents every setting';

/** Reads and checks gateway.yaml with environment overrides. Throws {@link ConfigError} naming the first bad field. */
export function loadConfig(path: string, environment: NodeJS.ProcessEnv = process.env): LoadedConfig {
    const file = resolve(path);
    return { config: parseConfig(readYaml(file), environment, file), directory: dirname(file) };
}

/** Checks an already parsed config object; `source` is what messages call it. */
export function parseConfig(
    raw: unknown,
    environment: NodeJS.ProcessEnv = {},
    source = 'gateway config',
): GatewayConfig {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
        throw new ConfigError(`${source}: expected a mapping of settings at the top level`, REMEDY);
    }
    const result = configSchema.safeParse(applyEnvironment(raw, environment));
    if (result.success) return result.data;
    throw new ConfigError(`${source}: ${describeIssues(result.error.issues)}`, REMEDY, result.error);
}

function readYaml(file: string): unknown {
    let text: string;
    try {
        text = readFileSync(file, 'utf8');
    } catch (error) {
        const missing = systemCode(error) === 'ENOENT';
        throw new ConfigError(
            missing ? `config file not found: ${file}` : `config file cannot be read: ${messageOf(error)}`,
            'pass --config <path>, or set COCOON_GATEWAY_CONFIG; gateway.example.yaml is a start',
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

function pathOf(path: readonly PropertyKey[]): string {
    return path
        .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
        .join('')
        .replace(/^\./, '');
}

/** One line per message: the first problem in full, how many more there are. Values are never repeated. */
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
    const first = issues[0]!;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    if (first.code === 'unrecognized_keys') {
        const where = pathOf(first.path);
        return `unknown setting ${first.keys.map((key) => (where ? `${where}.${key}` : key)).join(', ')}${more}`;
    }
    const message = first.message.replace(/^Invalid input: /, '');
    return `${pathOf(first.path) || 'top level'}: ${message}${more}`;
}
