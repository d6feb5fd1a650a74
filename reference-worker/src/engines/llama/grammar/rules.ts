import type { JsonSchema } from '../../types';
import { literal } from './base';
import type { SchemaGrammar } from './schema';
import { unsupportedSchema } from './unsupported';

/** llama.cpp writes repetitions out. */
const MAX_REPETITION = 1_024;
/** Numbers of at most 15 digits: every bound beyond is kept anyway. */
const FAR = 1e15;
/** Whole numbers that are listed one by one. */
const MAX_LISTED = 1_024;

export function stringRule(grammar: SchemaGrammar, schema: JsonSchema): string {
    const range = repetition(grammar, schema.minLength, schema.maxLength);
    return range === '*' ? 'string' : grammar.add(`"\\"" char${range} "\\""`);
}

export function arrayRule(grammar: SchemaGrammar, schema: JsonSchema): string {
    const fixed = Array.isArray(schema.prefixItems)
        ? schema.prefixItems.map((each) => grammar.rule(each))
        : [];
    if (fixed.length > 0) {
        if (schema.minItems !== undefined && (schema.minItems as number) > fixed.length) {
            throw unsupportedSchema(grammar.field, 'minItems beyond prefixItems');
        }
        return grammar.add(`"[" space ${fixed.join(' space "," space ')} space "]"`);
    }
    const item = grammar.rule(schema.items);
    const least = bound(grammar, schema.minItems) ?? 0;
    const most = bound(grammar, schema.maxItems);
    if (most === 0) return grammar.add('"[" space "]"');
    const more = `( space "," space ${item} )`;
    const rest = repetition(grammar, Math.max(0, least - 1), most === undefined ? undefined : most - 1);
    const items = `${item} ${more}${rest}`;
    return grammar.add(`"[" space ${least > 0 ? items : `( ${items} )?`} space "]"`);
}

export function numberRule(grammar: SchemaGrammar, schema: JsonSchema, type: 'number' | 'integer'): string {
    const whole = type === 'integer';
    const above = schema.exclusiveMinimum as number | undefined;
    const below = schema.exclusiveMaximum as number | undefined;
    const step = whole ? 1 : 0;
    const least = Math.max(...defined(schema.minimum, above === undefined ? undefined : above + step), -FAR);
    const most = Math.min(...defined(schema.maximum, below === undefined ? undefined : below - step), FAR);
    if (most >= FAR && least <= -FAR) return type;
    if (whole && most - least < MAX_LISTED) return grammar.add(listed(grammar, least, most));
    const strict = !whole && above === least;
    if (most >= FAR && least === 0 && !strict) return whole ? 'natural' : grammar.add(NON_NEGATIVE);
    if (most >= FAR && least === 1 && whole) return grammar.add('[1-9] [0-9]{0,14}');
    throw unsupportedSchema(grammar.field, 'such bounds of a number');
}

const NON_NEGATIVE = 'natural ( "." [0-9]{1,16} )?';

function listed(grammar: SchemaGrammar, least: number, most: number): string {
    const first = Math.ceil(least);
    const number = Math.floor(most) - first + 1;
    if (!(number >= 1)) throw unsupportedSchema(grammar.field, 'bounds that no number keeps');
    return Array.from({ length: number }, (_, index) => literal(first + index)).join(' | ');
}

function defined(...values: unknown[]): number[] {
    return values.filter((value) => typeof value === 'number');
}

function bound(grammar: SchemaGrammar, value: unknown): number | undefined {
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw unsupportedSchema(grammar.field, 'a length that is no whole number');
}

function repetition(grammar: SchemaGrammar, minimum: unknown, maximum: unknown): string {
    const least = bound(grammar, minimum) ?? 0;
    const most = bound(grammar, maximum);
    if (least === 0 && most === undefined) return '*';
    if (Math.max(least, most ?? 0) > MAX_REPETITION) {
        throw unsupportedSchema(grammar.field, `lengths beyond ${MAX_REPETITION}`);
    }
    if (most !== undefined && most < least)
        throw unsupportedSchema(grammar.field, 'lengths that nothing keeps');
    return `{${least},${most ?? ''}}`;
}
