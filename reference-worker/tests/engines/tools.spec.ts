import type { ToolCallDelta } from '../../src/engines';
import { formatGrammar } from '../../src/engines/llama/grammar';
import { structured, told } from '../../src/engines/llama/messages';
import { planAnswer } from '../../src/engines/llama/tools';
import type { Output } from '../../src/engines/llama/tools/calls';
import { TaggedCallReader } from '../../src/engines/llama/tools/tagged';

function read(reader: TaggedCallReader, pieces: string[], complete = true) {
    const outputs: Output[] = [...pieces.map((piece) => reader.push(piece)), reader.finish(complete)];
    return {
        text: outputs.map(({ text }) => text).join(''),
        calls: outputs.flatMap(({ toolCalls = [] }) => toolCalls).map(strip),
    };
}
const strip = ({ index, function: called }: ToolCallDelta) => ({ index, ...called });

describe('calls in tags', () => {
    const call = (name: string) =>
        `<tool_call>\n{"name": "${name}", "arguments": {"a": "<b>"}}\n</tool_call>`;
    const written = `I look. ${call('f')}\n${call('g')}`;
    const expected = {
        text: 'I look. ',
        calls: [
            { index: 0, name: 'f', arguments: '{"a":"<b>"}' },
            { index: 1, name: 'g', arguments: '{"a":"<b>"}' },
        ],
    };

    test('are found wherever the pieces end', () => {
        expect(read(new TaggedCallReader(true), [written])).toEqual(expected);
        for (let size = 1; size < 30; size++) {
            const pieces = written.match(new RegExp(`[^]{1,${size}}`, 'g'))!;
            expect({ size, ...read(new TaggedCallReader(true), pieces) }).toEqual({ size, ...expected });
        }
    });

    test('one ends the answer where only one is wanted', () => {
        const reader = new TaggedCallReader(false);
        expect(read(reader, [...written]).calls).toEqual([expected.calls[0]]);
        expect(reader.done).toBe(true);
    });

    test('a model that leaves the last tag out is understood; what is cut off or no call stays text', () => {
        const open = '<tool_call>{"name":"f","arguments":{}}';
        expect(read(new TaggedCallReader(true), [open]).calls).toEqual([
            { index: 0, name: 'f', arguments: '{}' },
        ]);
        const half = '<tool_call>{"name":"f","argu';
        expect(read(new TaggedCallReader(true), [half], false)).toEqual({ text: half, calls: [] });
        const nonsense = '<tool_call>oh</tool_call>';
        expect(read(new TaggedCallReader(true), [...nonsense])).toEqual({ text: nonsense, calls: [] });
        expect(read(new TaggedCallReader(true), [...'a <tool b'])).toEqual({ text: 'a <tool b', calls: [] });
    });
});

test('templates get messages in the form they know', () => {
    const messages = [
        { role: 'developer' as const, content: 'rules' },
        {
            role: 'assistant' as const,
            content: '',
            toolCalls: [
                { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{"a":1}' } },
            ],
        },
        { role: 'tool' as const, content: 'sunny', toolCallId: 'c' },
    ];
    expect(structured(messages)).toEqual([
        { role: 'system', content: 'rules' },
        {
            role: 'assistant',
            content: '',
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: { a: 1 } } }],
        },
        { role: 'tool', content: 'sunny', tool_call_id: 'c', name: 'f' },
    ]);
    const words = told(messages, [{ type: 'function', function: { name: 'f' } }]);
    expect(words).toEqual([
        { role: 'system', content: expect.stringMatching(/^rules\n\nYou can call.*"name":"f"/s) },
        { role: 'assistant', content: '{"name":"f","arguments":{"a":1}}' },
        { role: 'user', content: 'Result of f: sunny' },
    ]);
});

describe('how an answer is planned', () => {
    const messages = [{ role: 'user' as const, content: 'q' }];
    const tools = [{ type: 'function' as const, function: { name: 'f' } }];

    test('free choice needs a template that knows the form, and no format beside it', () => {
        expect(planAnswer({ messages, tools }, true)).toMatchObject({ tools });
        expect(planAnswer({ messages, tools, toolChoice: 'none' }, false)).toEqual({});
        expect(() => planAnswer({ messages, tools }, false)).toThrow(
            expect.objectContaining({ code: 'unsupported' }),
        );
        const both = { messages, tools, responseFormat: { type: 'json_object' as const } };
        expect(() => planAnswer(both, true)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    });

    test.each([
        [{ type: 'string', pattern: 'secret' }],
        [{ type: 'object', patternProperties: { secret: {} } }],
        [{ not: { type: 'string' } }],
        [{ allOf: [{ type: 'object' }, { type: 'object' }] }],
        [{ type: 'array', uniqueItems: true }],
        [{ type: 'array', maxItems: 100_000 }],
        [{ type: 'string', minLength: 5, maxLength: 4 }],
        [{ type: 'number', maximum: 3 }],
        [{ type: 'integer', minimum: 5, maximum: 4 }],
        [{ type: 'secret' }],
        [{ $ref: 'https://example.org/secret' }],
        [{ $ref: '#/$defs/secret' }],
        [{ properties: { secret: 'secret' } }],
    ])('schema %j asks for more than is kept, so it is refused without repeating it', (schema) => {
        expect(() => formatGrammar({ type: 'json_schema', name: 'n', schema })).toThrow(
            expect.objectContaining({ code: 'unsupported', message: expect.not.stringContaining('secret') }),
        );
    });

    test('a schema of endless depth is refused, not followed', () => {
        let schema: Record<string, unknown> = { type: 'string' };
        for (let depth = 0; depth < 100; depth++) schema = { type: 'array', items: schema };
        expect(() => formatGrammar({ type: 'json_schema', name: 'n', schema })).toThrow(/levels/);
    });
});
