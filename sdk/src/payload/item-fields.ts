import { bytesToUtf8 } from '../utils';
import { canonicalJson } from './canonical-json';
import { PayloadContentError } from './errors';

/** Checks one value and returns it typed; `path` names it in errors. */
export type FieldCheck<T> = (value: unknown, path: string) => T;

export function fail(path: string, wanted: string): never {
    throw new PayloadContentError(`${path} must be ${wanted}.`, { details: { field: path } });
}

export const text: FieldCheck<string> = (value, path) =>
    typeof value === 'string' ? value : fail(path, 'a string');

export const flag: FieldCheck<boolean> = (value, path) =>
    typeof value === 'boolean' ? value : fail(path, 'true or false');

export function numberIn(min: number, max: number): FieldCheck<number> {
    return (value, path) =>
        typeof value === 'number' && value >= min && value <= max
            ? value
            : fail(path, `a number in ${min}…${max}`);
}

export function integerIn(min: number, max: number): FieldCheck<number> {
    return (value, path) =>
        typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
            ? value
            : fail(path, `an integer in ${min}…${max}`);
}

export function oneOf<const T extends string>(...options: readonly T[]): FieldCheck<T> {
    return (value, path) =>
        options.find((option) => option === value) ??
        fail(path, `one of ${options.map((o) => `"${o}"`).join(', ')}`);
}

export function listOf<T>(check: FieldCheck<T>, min: number, max: number): FieldCheck<T[]> {
    return (value, path) => {
        if (!Array.isArray(value) || value.length < min || value.length > max) {
            return fail(path, `a list of ${min}…${max}`);
        }
        return value.map((element, i) => check(element, `${path}[${i}]`));
    };
}

export function nullable<T>(check: FieldCheck<T>): FieldCheck<T | null> {
    return (value, path) => (value === null ? null : check(value, path));
}

type Checks = Readonly<Record<string, FieldCheck<unknown>>>;
type Checked<R extends Checks, O extends Checks> = { [K in keyof R]: ReturnType<R[K]> } & {
    [K in keyof O]?: ReturnType<O[K]>;
};

/** An object with all of `required`, any of `optional`, and nothing else: what is not understood is not ignored. */
export function record<R extends Checks, O extends Checks>(
    required: R,
    optional: O,
): FieldCheck<Checked<R, O>> {
    return (value, path) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) {
            return fail(path, 'an object');
        }
        const out: Record<string, unknown> = {};
        for (const key of Object.keys(value)) {
            if (!Object.hasOwn(required, key) && !Object.hasOwn(optional, key)) {
                fail(path, `an object with the known members only (${knownMembers(required, optional)})`);
            }
        }
        for (const [key, check] of Object.entries({ ...required, ...optional })) {
            const member = (value as Record<string, unknown>)[key];
            if (member !== undefined || Object.hasOwn(required, key)) {
                out[key] = check(member, `${path}.${key}`);
            }
        }
        return out as Checked<R, O>;
    };
}

function knownMembers(required: Checks, optional: Checks): string {
    return [...Object.keys(required), ...Object.keys(optional)].join(', ');
}

/** Parses the bytes of an item: canonical JSON in UTF-8, nothing else. Throws PayloadContentError. */
export function parseCanonical(bytes: Uint8Array, what: string): unknown {
    const source = bytesToUtf8(bytes);
    let value: unknown;
    let canonical: string | undefined;
    try {
        value = JSON.parse(source ?? '');
        canonical = canonicalJson(value);
    } catch {
        // No cause: a parser's message quotes what the user wrote.
        fail(what, 'JSON in UTF-8');
    }
    return canonical === source ? value : fail(what, 'canonical JSON (RFC 8785)');
}
