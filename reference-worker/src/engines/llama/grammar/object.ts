import type { JsonSchema } from '../../types';
import { literal } from './base';
import type { SchemaGrammar } from './schema';

const COMMA = 'space "," space';

/**
 * An object with its properties in the order of the schema, as models write them. Properties that the schema does not name
 * are only written where it names none, which every schema that allows them allows too.
 */
export function objectRule(grammar: SchemaGrammar, schema: JsonSchema): string {
    const properties = (schema.properties ?? {}) as JsonSchema;
    const required = new Set(Array.isArray(schema.required) ? (schema.required as string[]) : []);
    const names = new Set([...Object.keys(properties), ...required]);
    if (names.size === 0) return freeObject(grammar, schema.additionalProperties);
    const members = [...names].map((name) => ({
        text: `${literal(name)} space ":" space ${grammar.rule(properties[name])}`,
        required: required.has(name),
    }));
    return grammar.add(`"{" space ${sequence(grammar, members)} space "}"`);
}

interface Member {
    text: string;
    required: boolean;
}

/**
 * What may follow from each property on, once with something before it and once without: commas stand only between
 * properties, whichever optional ones are left out.
 */
function sequence(grammar: SchemaGrammar, members: readonly Member[]): string {
    let first = '""';
    let later = '""';
    for (const { text, required } of [...members].reverse()) {
        const next = grammar.add(`${text} ${later}`);
        const joined = `${COMMA} ${next}`;
        [first, later] = required
            ? [next, grammar.add(joined)]
            : [grammar.add(`${next} | ${first}`), grammar.add(`${joined} | ${later}`)];
    }
    return first;
}

function freeObject(grammar: SchemaGrammar, additional: unknown): string {
    if (additional === false) return grammar.add('"{" space "}"');
    if (additional === undefined || additional === true) return 'object';
    const member = grammar.add(`string space ":" space ${grammar.rule(additional)}`);
    return grammar.add(`"{" space ( ${member} ( ${COMMA} ${member} )* )? space "}"`);
}
