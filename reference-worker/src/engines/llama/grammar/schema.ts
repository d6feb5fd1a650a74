import type { JsonSchema } from '../../types';
import { literal } from './base';
import { objectRule } from './object';
import { arrayRule, numberRule, stringRule } from './rules';
import { own, unsupportedSchema } from './unsupported';

/** Deeper than any schema that a model could follow. */
const MAX_DEPTH = 64;
const MAX_RULES = 5_000;

/** Turns a JSON Schema into the rules of a GBNF grammar, each part a rule of its own. */
export class SchemaGrammar {
    readonly #rules: Map<string, string>;
    readonly #references = new Map<string, string>();
    #depth = 0;

    /**
     * @param root where references start from.
     * @param field what errors call the schema.
     * @param rules to which those of this schema are added; several schemas can share one grammar.
     */
    constructor(
        private readonly root: JsonSchema,
        readonly field: string,
        rules = new Map<string, string>(),
    ) {
        this.#rules = rules;
    }

    /** Name of a rule that matches what the schema allows. Throws `EngineError` `unsupported`. */
    rule(schema: unknown): string {
        if (schema === true || schema === undefined) return 'value';
        if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
            throw unsupportedSchema(this.field, 'a part that is no object');
        }
        if (this.#depth >= MAX_DEPTH) throw unsupportedSchema(this.field, `more than ${MAX_DEPTH} levels`);
        this.#depth += 1;
        try {
            return this.#ofSchema(schema as JsonSchema);
        } finally {
            this.#depth -= 1;
        }
    }

    add(body: string): string {
        if (this.#rules.size >= MAX_RULES) throw unsupportedSchema(this.field, 'so many parts');
        const name = `r${this.#rules.size}`;
        this.#rules.set(name, body);
        return name;
    }

    #ofSchema(schema: JsonSchema): string {
        own(schema, this.field);
        if (typeof schema.$ref === 'string') return this.#reference(schema.$ref);
        if ('const' in schema) return this.add(literal(schema.const));
        if (Array.isArray(schema.enum)) return this.add(schema.enum.map(literal).join(' | '));
        const choices = schema.anyOf ?? schema.oneOf;
        if (Array.isArray(choices)) return this.#anyOf(choices);
        if (Array.isArray(schema.allOf)) {
            if (schema.allOf.length !== 1) throw unsupportedSchema(this.field, 'allOf of several');
            return this.rule(schema.allOf[0]);
        }
        const { type } = schema;
        if (Array.isArray(type)) return this.#anyOf(type.map((each) => ({ ...schema, type: each })));
        return this.#ofType(type ?? impliedType(schema), schema);
    }

    #anyOf(schemas: readonly unknown[]): string {
        if (schemas.length === 0) throw unsupportedSchema(this.field, 'a choice of nothing');
        return this.add(schemas.map((each) => this.rule(each)).join(' | '));
    }

    #ofType(type: unknown, schema: JsonSchema): string {
        switch (type) {
            case 'object':
                return objectRule(this, schema);
            case 'array':
                return arrayRule(this, schema);
            case 'string':
                return stringRule(this, schema);
            case 'number':
            case 'integer':
                return numberRule(this, schema, type);
            case 'boolean':
                return 'boolean';
            case 'null':
                return 'null';
            case undefined:
                return 'value';
            default:
                throw unsupportedSchema(this.field, 'an unknown type');
        }
    }

    /** References may go round in circles: the rule's name is known before its body. */
    #reference(reference: string): string {
        const known = this.#references.get(reference);
        if (known) return known;
        const name = this.add('');
        this.#references.set(reference, name);
        this.#rules.set(name, this.rule(resolve(this.root, reference, this.field)));
        return name;
    }
}

function impliedType(schema: JsonSchema): string | undefined {
    if ('properties' in schema || 'additionalProperties' in schema) return 'object';
    return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined;
}

/** A JSON pointer within the schema: `#/$defs/name`. */
function resolve(root: JsonSchema, reference: string, field: string): unknown {
    if (!reference.startsWith('#')) throw unsupportedSchema(field, 'a reference to another document');
    let found: unknown = root;
    for (const part of reference.split('/').slice(1)) {
        const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
        found =
            typeof found === 'object' && found !== null && Object.hasOwn(found, key)
                ? (found as JsonSchema)[key]
                : undefined;
    }
    if (found === undefined) throw unsupportedSchema(field, 'a reference to nothing');
    return found;
}
