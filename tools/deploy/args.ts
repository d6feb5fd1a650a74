import { parseArgs } from 'node:util';
import { DeployError } from './errors';

/** What a script takes after Blueprint's own arguments and `--`. */
export interface Usage {
    script: string;
    /** Names of positional arguments; one that ends in "?" may be left out. */
    positionals?: readonly string[];
    /** Options with a value. */
    values?: readonly string[];
    /** Options without. `dry-run` and `yes` every script has. */
    flags?: readonly string[];
}

export interface ScriptArgs {
    positional(name: string): string;
    optional(name: string): string | undefined;
    value(name: string): string | undefined;
    flag(name: string): boolean;
    usage: string;
}

export function parseScriptArgs(args: readonly string[], usage: Usage): ScriptArgs {
    const { positionals = [], values = [], flags = [] } = usage;
    const text = usageText(usage);
    const parsed = parse(args, [...flags, 'dry-run', 'yes'], values, text);
    if (parsed.positionals.length > positionals.length) {
        throw new DeployError(`${parsed.positionals[positionals.length]} is one argument too many.`, text);
    }
    const given = new Map(positionals.map((name, i) => [name.replace('?', ''), parsed.positionals[i]]));
    const missing = positionals.find((name, i) => !name.endsWith('?') && parsed.positionals[i] === undefined);
    if (missing !== undefined) throw new DeployError(`The argument <${missing}> is missing.`, text);
    return {
        positional: (name) => given.get(name)!,
        optional: (name) => given.get(name),
        value: (name) => parsed.values[name] as string | undefined,
        flag: (name) => parsed.values[name] === true,
        usage: text,
    };
}

interface Parsed {
    values: Record<string, unknown>;
    positionals: string[];
}

function parse(args: readonly string[], flags: string[], values: readonly string[], text: string): Parsed {
    const options = Object.fromEntries([
        ...flags.map((name) => [name, { type: 'boolean' as const }]),
        ...values.map((name) => [name, { type: 'string' as const }]),
    ]);
    try {
        return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    } catch (error) {
        throw new DeployError((error as Error).message, text);
    }
}

function usageText({ script, positionals = [], values = [], flags = [] }: Usage): string {
    const names = positionals.map((name) => (name.endsWith('?') ? `[${name.slice(0, -1)}]` : `<${name}>`));
    const options = [
        ...values.map((name) => `[--${name} …]`),
        ...[...flags, 'dry-run', 'yes'].map((f) => `[--${f}]`),
    ];
    return `Usage: npx blueprint run ${script} <Blueprint's options> -- ${[...names, ...options].join(' ')}`;
}
