import { readFileSync } from 'node:fs';
import { Address } from '@ton/core';
import { DeployError } from './errors';
import { formatDuration, formatTon, parseDuration, parseHash, parseTon } from './units';

interface Range<T> {
    min?: T;
    max?: T;
}

/** Reads a JSON object whose mistakes are reported with file, field path, what is expected and what is there. */
export class JsonFields {
    private readonly known = new Set<string>(['$comment']);

    private constructor(
        readonly file: string,
        private readonly path: string,
        private readonly values: Record<string, unknown>,
    ) {}

    static load(file: string): JsonFields {
        return JsonFields.parse(file, readText(file));
    }

    static parse(file: string, text: string): JsonFields {
        try {
            return JsonFields.from(file, '', JSON.parse(text));
        } catch (error) {
            if (error instanceof DeployError) throw error;
            throw new DeployError(
                `${file} is not valid JSON: ${(error as Error).message}.`,
                'Correct the file.',
            );
        }
    }

    private static from(file: string, path: string, value: unknown): JsonFields {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) {
            throw new DeployError(
                `${file}: ${path || 'the file'} is ${show(value)}.`,
                'Expected an object {…}.',
            );
        }
        return new JsonFields(file, path, value as Record<string, unknown>);
    }

    has(name: string): boolean {
        this.known.add(name);
        return this.values[name] !== undefined;
    }

    object(name: string): JsonFields {
        return JsonFields.from(this.file, this.pathOf(name), this.take(name));
    }

    objects(name: string): JsonFields[] {
        return this.list(name).map((value, i) =>
            JsonFields.from(this.file, `${this.pathOf(name)}[${i}]`, value),
        );
    }

    string(name: string, expected = 'a text'): string {
        return this.read(name, expected, (value) =>
            typeof value === 'string' && value.length > 0 ? value : undefined,
        );
    }

    integer(name: string, range: Range<number> = {}): number {
        return this.within(name, 'a whole number', range, String, (value) =>
            Number.isSafeInteger(value) ? (value as number) : undefined,
        );
    }

    /** nanoTON from decimal TON in a string, because JSON numbers lose digits. */
    ton(name: string, range: Range<bigint> = {}): bigint {
        return this.within(name, 'TON as a text, such as "0.05"', range, formatTon, (value) =>
            typeof value === 'string' ? parseTon(value) : undefined,
        );
    }

    /** Seconds. */
    duration(name: string, range: Range<number> = {}): number {
        return this.within(
            name,
            'a duration, such as "90s", "1h" or "14d"',
            range,
            formatDuration,
            (value) => (typeof value === 'string' ? parseDuration(value) : undefined),
        );
    }

    hash(name: string): bigint {
        return this.read(name, '256 bits as 64 hexadecimal digits', (value) =>
            typeof value === 'string' ? parseHash(value) : undefined,
        );
    }

    hashes(name: string): bigint[] {
        return this.list(name).map((value, i) =>
            this.check(`${this.pathOf(name)}[${i}]`, value, '64 hexadecimal digits', (item) =>
                typeof item === 'string' ? parseHash(item) : undefined,
            ),
        );
    }

    strings(name: string, expected: string): string[] {
        return this.list(name).map((value, i) =>
            this.check(`${this.pathOf(name)}[${i}]`, value, expected, (item) =>
                typeof item === 'string' && item.length > 0 ? item : undefined,
            ),
        );
    }

    address(name: string): Address {
        return this.read(name, 'an address in the basechain, such as "EQ…"', parseAddress);
    }

    /** The keyword, or an address. */
    addressOr<K extends string>(name: string, keyword: K): Address | K {
        return this.read<Address | K>(name, `an address in the basechain, or "${keyword}"`, (value) =>
            value === keyword ? keyword : parseAddress(value),
        );
    }

    /** Refuses fields that nobody read: a misspelt name must not pass for a default. */
    done(): void {
        const unknown = Object.keys(this.values).find((name) => !this.known.has(name));
        if (unknown === undefined) return;
        const names = [...this.known].filter((name) => name !== '$comment').sort();
        throw new DeployError(
            `${this.file}: ${this.pathOf(unknown)} is not a known field.`,
            `Known here: ${names.join(', ')}.`,
        );
    }

    fail(name: string, expected: string): never {
        return fail(this.file, this.pathOf(name), this.values[name], expected);
    }

    private list(name: string): unknown[] {
        return this.read(name, 'a list […]', (value) => (Array.isArray(value) ? value : undefined));
    }

    private within<T extends number | bigint>(
        name: string,
        expected: string,
        { min, max }: Range<T>,
        format: (value: T) => string,
        parse: (value: unknown) => T | undefined,
    ): T {
        const from = min === undefined ? '' : `, at least ${format(min)}`;
        const to = max === undefined ? '' : `, at most ${format(max)}`;
        return this.read(name, `${expected}${from}${to}`, (value) => {
            const parsed = parse(value);
            if (parsed === undefined) return undefined;
            return (min === undefined || parsed >= min) && (max === undefined || parsed <= max)
                ? parsed
                : undefined;
        });
    }

    private read<T>(name: string, expected: string, parse: (value: unknown) => T | undefined): T {
        return this.check(this.pathOf(name), this.take(name), expected, parse);
    }

    private check<T>(
        path: string,
        value: unknown,
        expected: string,
        parse: (v: unknown) => T | undefined,
    ): T {
        return parse(value) ?? fail(this.file, path, value, expected);
    }

    private take(name: string): unknown {
        this.known.add(name);
        return this.values[name];
    }

    private pathOf(name: string): string {
        return this.path === '' ? name : `${this.path}.${name}`;
    }
}

function fail(file: string, path: string, value: unknown, expected: string): never {
    const problem = value === undefined ? 'is missing' : `is ${show(value)}`;
    throw new DeployError(`${file}: ${path} ${problem}.`, `Expected ${expected}.`);
}

function parseAddress(value: unknown): Address | undefined {
    if (typeof value !== 'string') return undefined;
    try {
        const address = Address.parse(value);
        return address.workChain === 0 ? address : undefined;
    } catch {
        return undefined;
    }
}

function show(value: unknown): string {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function readText(file: string): string {
    try {
        return readFileSync(file, 'utf8');
    } catch {
        throw new DeployError(`${file} cannot be read.`, 'Check the path; examples are in networks/.');
    }
}
