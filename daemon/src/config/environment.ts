import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { SettingsProfile } from './profile';
import { type Path, type Target, targets, upperSnake } from './targets';

/**
 * Lays `<PREFIX><PATH>` variables over parsed settings: `COCOON_WORKER_HTTP_PORT=0`,
 * `COCOON_WORKER_MODELS_0_ENGINE_THREADS=4`. A name that matches nothing is an error, so a typo never goes unnoticed.
 */
export function applyEnvironment(
    profile: SettingsProfile,
    settings: unknown,
    environment: NodeJS.ProcessEnv,
): unknown {
    const { file, prefix, reserved, sample, schema, ConfigError } = profile;
    const result = structuredClone(settings ?? {}) as Record<string, unknown>;
    for (const [name, text] of Object.entries(environment)) {
        if (!name.startsWith(prefix) || text === undefined) continue;
        const rest = name.slice(prefix.length);
        if (reserved.test(rest)) continue;
        const candidates = targets(schema, rest, []);
        if (candidates.length === 0) {
            throw new ConfigError(
                `environment variable ${name} names no setting of ${file}`,
                `spell it ${prefix}<PATH> after the keys of ${file} (${sample} is ${prefix}${variableOf(sample)}), or unset it`,
            );
        }
        assign(result, candidates[0]!.path, readValue(text, candidates));
    }
    return result;
}

const variableOf = (path: string) => path.split('.').map(upperSnake).join('_');

/** A value that is valid as plain text stays text, so that hex digits never turn into numbers. */
function readValue(text: string, candidates: Target[]): unknown {
    if (candidates.some(({ schema }) => z.safeParse(schema, text).success)) return text;
    try {
        return parseYaml(text);
    } catch {
        return text;
    }
}

function assign(root: Record<string, unknown>, path: Path, value: unknown): void {
    let cursor: Record<string | number, unknown> = root;
    for (const [position, key] of path.slice(0, -1).entries()) {
        const child = cursor[key];
        if (typeof child !== 'object' || child === null) {
            cursor[key] = typeof path[position + 1] === 'number' ? [] : {};
        }
        cursor = cursor[key] as Record<string | number, unknown>;
    }
    cursor[path.at(-1)!] = value;
}
