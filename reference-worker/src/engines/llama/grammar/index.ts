import type { JsonSchema, ResponseFormat } from '../../types';
import { GRAMMAR_BASE, quoted } from './base';
import { SchemaGrammar } from './schema';

type Rules = Map<string, string>;

/** The GBNF grammar of an answer in this form. Throws `EngineError` `unsupported`. */
export function formatGrammar(format: ResponseFormat): string {
    if (format.type === 'json_object') return grammar('object', new Map());
    const rules: Rules = new Map();
    const field = 'response_format.json_schema.schema';
    return grammar(new SchemaGrammar(format.schema, field, rules).rule(format.schema), rules);
}

/** A function that may be called, and the schema of its arguments. */
export interface Callable {
    name: string;
    parameters?: JsonSchema;
}

/** What stands before the arguments of a call. */
export function callPrefix(name: string): string {
    return `{"name":${JSON.stringify(name)},"arguments":`;
}

/** The grammar of one call, `{"name":…,"arguments":{…}}`, of one of the functions. */
export function callGrammar(functions: readonly Callable[]): string {
    const rules: Rules = new Map();
    const calls = functions.map(({ name, parameters = {} }) => {
        const free = Object.keys(parameters).length === 0;
        const schema = new SchemaGrammar(parameters, 'tools.function.parameters', rules);
        return `${quoted(callPrefix(name))} ${free ? 'object' : schema.rule(parameters)} "}"`;
    });
    return grammar(calls.join(' | '), rules);
}

function grammar(start: string, rules: Rules): string {
    const lines = [...rules].map(([name, body]) => `${name} ::= ${body}`);
    return [`root ::= ${start}`, ...lines, GRAMMAR_BASE].join('\n');
}
