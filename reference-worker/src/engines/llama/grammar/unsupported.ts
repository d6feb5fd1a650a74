import { EngineError } from '../../errors';
import type { JsonSchema } from '../../types';

/** Keywords that narrow what is allowed and that a grammar of this kind does not express. */
const NARROWING = [
    'not',
    'if',
    'then',
    'else',
    'pattern',
    'patternProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
    'dependentRequired',
    'dependentSchemas',
    'multipleOf',
    'uniqueItems',
    'contains',
];

/** Refuses a schema that asks for more than the grammar would keep: an answer must not break it silently. */
export function own(schema: JsonSchema, field: string): void {
    for (const keyword of NARROWING) {
        if (schema[keyword] !== undefined && schema[keyword] !== false) {
            throw unsupportedSchema(field, `the keyword ${keyword}`);
        }
    }
}

/** @param what fixed words: a schema is the user's text. */
export function unsupportedSchema(field: string, what: string): EngineError {
    return new EngineError('unsupported', `request ${field}: ${what} is not supported`, {
        remedy: 'simplify the schema: types, properties, items, enum, const, anyOf, $ref and lengths are kept',
    });
}
