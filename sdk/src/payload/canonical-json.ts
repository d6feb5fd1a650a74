import { InvalidArgumentError } from '../errors';

/** A value that JSON can say. */
export type JsonValue =
    | null
    | boolean
    | number
    | string
    | readonly JsonValue[]
    | { readonly [key: string]: JsonValue };

const MAX_DEPTH = 64;

/**
 * RFC 8785 canonical JSON: no whitespace, members sorted by UTF-16 code units, ECMAScript numbers and strings.
 * Stricter than `JSON.stringify`: undefined, NaN, infinities, lone surrogates, class instances and depth over 64
 * throw InvalidArgumentError. Written here because the published library needs Node 22.
 */
export function canonicalJson(value: unknown): string {
    return serialize(value, 0);
}

function serialize(value: unknown, depth: number): string {
    if (depth > MAX_DEPTH) {
        throw new InvalidArgumentError(`Canonical JSON nests at most ${MAX_DEPTH} deep.`);
    }
    if (value === null || typeof value === 'boolean') {
        return String(value);
    }
    if (typeof value === 'number') {
        if (!Number.isFinite(value))
            throw new InvalidArgumentError('Canonical JSON has finite numbers only.');
        return JSON.stringify(value);
    }
    if (typeof value === 'string') {
        return serializeString(value);
    }
    if (Array.isArray(value)) {
        // Array.from, because map skips holes.
        return `[${Array.from(value, (element) => serialize(element, depth + 1)).join(',')}]`;
    }
    if (isPlainObject(value)) {
        const members = Object.keys(value)
            .sort()
            .map((key) => `${serializeString(key)}:${serialize(value[key], depth + 1)}`);
        return `{${members.join(',')}}`;
    }
    throw new InvalidArgumentError(`Canonical JSON cannot contain a value of type ${typeof value}.`);
}

function serializeString(text: string): string {
    if (hasLoneSurrogate(text)) {
        throw new InvalidArgumentError('Canonical JSON has well-formed Unicode only.');
    }
    return JSON.stringify(text);
}

function hasLoneSurrogate(text: string): boolean {
    return /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
    if (typeof value !== 'object' || value === null) return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
}
