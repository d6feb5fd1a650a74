import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../errors';
import { configSchema } from './schema';

const PREFIX = 'COCOON_GATEWAY_';
/** Read elsewhere: the path of gateway.yaml by the command line, the secrets by config/secrets.ts. */
const RESERVED = /^(CONFIG$|SECRETS_(WALLET_|MASTER_|DATABASE_))/;

type Path = (string | number)[];
interface Target {
    path: Path;
    schema: z.core.$ZodType;
}

const upperSnake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** Takes defaults, optionals and refinements off a schema. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
    if (
        schema instanceof z.ZodOptional ||
        schema instanceof z.ZodDefault ||
        schema instanceof z.ZodPrefault
    ) {
        return unwrap(schema.def.innerType);
    }
    return schema;
}

/** Every way to read `rest` (upper snake case) as a path below `schema`. */
function targets(schema: z.core.$ZodType, rest: string, path: Path): Target[] {
    const bare = unwrap(schema);
    if (rest === '') return [{ path, schema: bare }];
    if (bare instanceof z.ZodUnion) return bare.def.options.flatMap((option) => targets(option, rest, path));
    if (bare instanceof z.ZodArray) {
        const index = /^(\d{1,4})(?:_|$)/.exec(rest);
        return index
            ? targets(bare.def.element, rest.slice(index[0].length), [...path, Number(index[1])])
            : [];
    }
    if (!(bare instanceof z.ZodObject)) return [];
    return Object.entries(bare.shape).flatMap(([key, child]) => {
        const name = upperSnake(key);
        if (rest === name) return targets(child as z.core.$ZodType, '', [...path, key]);
        return rest.startsWith(`${name}_`)
            ? targets(child as z.core.$ZodType, rest.slice(name.length + 1), [...path, key])
            : [];
    });
}

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

/**
 * Lays `COCOON_GATEWAY_<PATH>` variables over a parsed gateway.yaml: `COCOON_GATEWAY_HTTP_PORT=0`,
 * `COCOON_GATEWAY_LIMITS_MAX_TOKENS=4096`. A name that matches nothing is an error, so a typo never goes unnoticed.
 */
export function applyEnvironment(config: unknown, environment: NodeJS.ProcessEnv): unknown {
    const result = structuredClone(config ?? {}) as Record<string, unknown>;
    for (const [name, text] of Object.entries(environment)) {
        if (!name.startsWith(PREFIX) || text === undefined) continue;
        const rest = name.slice(PREFIX.length);
        if (RESERVED.test(rest)) continue;
        const candidates = targets(configSchema, rest, []);
        if (candidates.length === 0) {
            throw new ConfigError(
                `environment variable ${name} names no setting of gateway.yaml`,
                `spell it ${PREFIX}<PATH> after the keys of gateway.yaml (limits.bodyBytes is ${PREFIX}LIMITS_BODY_BYTES), or unset it`,
            );
        }
        assign(result, candidates[0]!.path, readValue(text, candidates));
    }
    return result;
}
