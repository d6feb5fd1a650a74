import { RequestParameterError } from '../errors';

/** Checks one value; `at` is its place in the body. Throws RequestParameterError. */
export type Check = (value: unknown, at: string) => void;

export function invalid(at: string, what: string): never {
    throw new RequestParameterError('invalid_value', at, `${at} must be ${what}.`);
}

export function unsupported(at: string, why: string): never {
    throw new RequestParameterError('unsupported_parameter', at, why);
}

function missing(at: string): never {
    throw new RequestParameterError('missing_required_parameter', at, `${at} is missing.`);
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);

export const string: Check = (value, at) => {
    if (typeof value !== 'string') invalid(at, 'a string');
};

export const boolean: Check = (value, at) => {
    if (typeof value !== 'boolean') invalid(at, 'true or false');
};

export const object: Check = (value, at) => {
    if (!isObject(value)) invalid(at, 'an object');
};

export const number =
    (min: number, max: number): Check =>
    (value, at) => {
        if (typeof value !== 'number' || !(value >= min && value <= max))
            invalid(at, `a number from ${min} to ${max}`);
    };

export const integer =
    (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
    (value, at) => {
        if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max)
            invalid(
                at,
                max === Number.MAX_SAFE_INTEGER ? `an integer ≥ ${min}` : `an integer from ${min} to ${max}`,
            );
    };

export const oneOf =
    (...values: readonly unknown[]): Check =>
    (value, at) => {
        if (!values.includes(value)) invalid(at, `one of ${values.map((v) => JSON.stringify(v)).join(', ')}`);
    };

/** What sessions carry in one way only, as `n: 1`. */
export const only =
    (wanted: unknown, why: string): Check =>
    (value, at) => {
        if (value !== wanted) unsupported(at, why);
    };

export const list =
    (check: Check, min: number, max: number): Check =>
    (value, at) => {
        if (!Array.isArray(value) || value.length < min || value.length > max)
            invalid(at, `a list of ${min} to ${max} entries`);
        for (let i = 0; i < value.length; i++) check(value[i], `${at}[${i}]`);
    };

export const either =
    (what: string, ...checks: readonly Check[]): Check =>
    (value, at) => {
        let furthest: RequestParameterError | undefined;
        for (const check of checks) {
            try {
                return check(value, at);
            } catch (error) {
                // A place further in says more than "neither of them".
                if (!(error instanceof RequestParameterError)) throw error;
                const place = error.param ?? '';
                if (place !== at && place > (furthest?.param ?? '')) furthest = error;
            }
        }
        throw furthest ?? invalid(at, what);
    };

/** An object whose members are checked; null counts as absent, as in the OpenAI API. Unknown members are the engine's business. */
export const fields =
    (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>>): Check =>
    (value, at) => {
        if (!isObject(value)) invalid(at || 'The body', 'an object');
        const place = (name: string) => (at === '' ? name : `${at}.${name}`);
        for (const name in required) {
            const member = value[name];
            if (member === undefined || member === null) missing(place(name));
            required[name]?.(member, place(name));
        }
        for (const name in value) {
            const member = value[name];
            if (member !== null && member !== undefined && Object.hasOwn(optional, name))
                optional[name]?.(member, place(name));
        }
    };
