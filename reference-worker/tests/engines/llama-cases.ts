import type { JsonSchema, Tool } from '../../src/engines';

const object = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
const only = (value: Record<string, unknown>, ...keys: string[]) =>
    Object.keys(value).every((key) => keys.includes(key));

interface Node {
    value: number;
    next: Node | null;
}
const isNode = (value: unknown): value is Node =>
    object(value) &&
    Number.isInteger(value.value) &&
    (value.next === null || isNode(value.next)) &&
    only(value, 'value', 'next');

/** Schemas, each with a check of its own that an answer keeps to it. */
export const SCHEMAS: { schema: JsonSchema; keeps: (value: unknown) => boolean }[] = [
    {
        schema: {
            type: 'object',
            properties: {
                city: { type: 'string', minLength: 2, maxLength: 12 },
                'a "quoted"\nkey\\': { enum: ['x"y', 'back\\slash', 'é', 7, null, { a: [1] }] },
                rank: { type: 'integer', minimum: -3, maximum: 9 },
                tags: { type: 'array', items: { type: 'string', maxLength: 8 }, minItems: 1, maxItems: 3 },
            },
            required: ['city', 'a "quoted"\nkey\\', 'rank', 'tags'],
            additionalProperties: false,
        },
        keeps: (value) => {
            if (!object(value)) return false;
            const { city, rank, tags } = value;
            const odd = JSON.stringify(value['a "quoted"\nkey\\']);
            return (
                typeof city === 'string' &&
                city.length >= 2 &&
                city.length <= 12 &&
                ['"x\\"y"', '"back\\\\slash"', '"é"', '7', 'null', '{"a":[1]}'].includes(odd) &&
                Number.isInteger(rank) &&
                (rank as number) >= -3 &&
                (rank as number) <= 9 &&
                Array.isArray(tags) &&
                tags.length >= 1 &&
                tags.length <= 3 &&
                tags.every((tag) => typeof tag === 'string' && tag.length <= 8)
            );
        },
    },
    {
        schema: {
            $ref: '#/$defs/node',
            $defs: {
                node: {
                    type: 'object',
                    properties: {
                        value: { type: 'integer' },
                        next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
                    },
                    required: ['value', 'next'],
                },
            },
        },
        keeps: isNode,
    },
    {
        schema: {
            type: 'object',
            properties: {
                a: { const: 1 },
                b: { type: ['boolean', 'null'] },
                c: { type: 'number', minimum: 0 },
            },
            required: ['b'],
        },
        keeps: (value) =>
            object(value) &&
            only(value, 'a', 'b', 'c') &&
            (value.a === undefined || value.a === 1) &&
            (value.b === null || typeof value.b === 'boolean') &&
            (value.c === undefined || (typeof value.c === 'number' && value.c >= 0)),
    },
    {
        schema: { type: 'array', prefixItems: [{ type: 'boolean' }, { enum: ['on', 'off'] }] },
        keeps: (value) =>
            Array.isArray(value) &&
            value.length === 2 &&
            typeof value[0] === 'boolean' &&
            ['on', 'off'].includes(value[1] as string),
    },
    {
        schema: { type: 'object', additionalProperties: { type: 'integer', minimum: 1 } },
        keeps: (value) => object(value) && Object.values(value).every((each) => (each as number) >= 1),
    },
];

export const TOOLS: Tool[] = [
    {
        type: 'function',
        function: {
            name: 'get_weather',
            description: 'The weather in a city',
            parameters: {
                type: 'object',
                properties: { city: { type: 'string', maxLength: 16 }, unit: { enum: ['c', 'f'] } },
                required: ['city', 'unit'],
            },
        },
    },
    { type: 'function', function: { name: 'no-arguments' } },
];
