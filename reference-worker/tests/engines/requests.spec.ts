import {
    parseChatRequest,
    parseEmbeddingRequest,
    parseSessionRequest,
    parseTextRequest,
} from '../../src/engines';

const SECRET = 'secret words';
const messages = [{ role: 'user', content: SECRET }];
const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];

test('a chat with everything', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    expect(
        parseChatRequest({
            messages: [
                { role: 'developer', content: 'd' },
                { role: 'assistant', content: null, tool_calls: [call] },
                { role: 'tool', content: [{ type: 'text', text: 'r' }], tool_call_id: 'c' },
            ],
            tools,
            tool_choice: { type: 'function', function: { name: 'f' } },
            parallel_tool_calls: false,
            response_format: {
                type: 'json_schema',
                json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
            },
            frequency_penalty: 0.5,
            presence_penalty: -0.5,
            logprobs: true,
            top_logprobs: 3,
            temperature: 0.3,
            top_p: 0.9,
            seed: -5,
            stop: ['x', 'y'],
            n: 1,
            logit_bias: {},
            prediction: { type: 'content', content: 'ignored' },
        }),
    ).toEqual({
        messages: [
            { role: 'developer', content: 'd' },
            { role: 'assistant', content: '', toolCalls: [call] },
            { role: 'tool', content: 'r', toolCallId: 'c' },
        ],
        tools,
        toolChoice: { name: 'f' },
        parallelToolCalls: false,
        responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
        frequencyPenalty: 0.5,
        presencePenalty: -0.5,
        logprobs: true,
        topLogprobs: 3,
        temperature: 0.3,
        topP: 0.9,
        seed: 5,
        stop: ['x', 'y'],
    });
});

test('what a request leaves out means what it means at OpenAI', () => {
    expect(parseChatRequest({ messages, tools: [], response_format: { type: 'text' } })).toEqual({
        messages,
        temperature: 1,
    });
    expect(parseChatRequest({ messages, top_p: 0 })).toEqual({ messages, temperature: 0 });
    expect(parseTextRequest({ prompt: 'p' })).toEqual({ prompt: 'p', temperature: 1, maxTokens: 16 });
    expect(parseTextRequest({ prompt: ['p'], logprobs: 2, max_tokens: 4 })).toEqual({
        prompt: 'p',
        temperature: 1,
        maxTokens: 4,
        logprobs: true,
        topLogprobs: 2,
    });
    expect(parseEmbeddingRequest({ input: 'a', encoding_format: 'base64' })).toEqual({ input: ['a'] });
    expect(parseEmbeddingRequest({ input: ['a', 'b'], dimensions: 8 })).toEqual({
        input: ['a', 'b'],
        dimensions: 8,
    });
});

test('each task reads its own body', () => {
    expect(parseSessionRequest('chat', { messages })).toMatchObject({ task: 'chat' });
    expect(parseSessionRequest('completion', { prompt: 'p' })).toMatchObject({ task: 'completion' });
    expect(parseSessionRequest('embedding', { input: 'p' })).toMatchObject({ task: 'embedding' });
    expect(() => parseSessionRequest('embedding', { messages })).toThrow(/input/);
});

test.each([
    ['messages', { messages: [{ role: 'assistant' }] }],
    ['messages.0.tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    ['tools.0.function.name', { messages, tools: [{ type: 'function', function: { name: SECRET } }] }],
    ['tools.0.type', { messages, tools: [{ type: 'custom', custom: { name: SECRET } }] }],
    ['tools', { messages, tools: [...tools, ...tools] }],
    ['tool_choice', { messages, tool_choice: 'required' }],
    [
        'tool_choice.function.name',
        { messages, tools, tool_choice: { type: 'function', function: { name: SECRET } } },
    ],
    ['response_format.type', { messages, response_format: { type: SECRET } }],
    ['response_format.json_schema', { messages, response_format: { type: 'json_schema' } }],
    ['top_logprobs', { messages, top_logprobs: 2 }],
    ['logit_bias', { messages, logit_bias: { 5: 1 } }],
    ['frequency_penalty', { messages, frequency_penalty: 3 }],
    ['stop.0', { messages, stop: [''] }],
    ['seed', { messages, seed: 1.5 }],
])('a chat with a wrong %s is refused by that name', (field, body) => {
    expect(() => parseChatRequest(body)).toThrow(
        expect.objectContaining({
            code: 'bad_request',
            message: expect.stringMatching(
                new RegExp(`^request ${field.replaceAll('.', '\\.')}: (?!.*secret)`),
            ),
        }),
    );
});

test.each(['functions', 'audio', 'web_search_options', 'top_k', 'min_p', 'guided_json', 'reasoning_effort'])(
    '%s would change the answer, so it is refused with a remedy',
    (field) => {
        expect(() => parseChatRequest({ messages, [field]: 5 })).toThrow(
            expect.objectContaining({
                code: 'unsupported',
                message: `request ${field}: not supported`,
                remedy: expect.stringMatching(/\w/),
            }),
        );
        expect(() => parseChatRequest({ messages, [field]: null })).not.toThrow();
    },
);

test('completions and embeddings refuse what they cannot read', () => {
    const code = (task: () => unknown) => {
        try {
            task();
            return undefined;
        } catch (error) {
            return (error as { code: string }).code;
        }
    };
    expect(code(() => parseTextRequest({ prompt: [1, 2] }))).toBe('bad_request');
    expect(code(() => parseTextRequest({ prompt: ['a', 'b'] }))).toBe('bad_request');
    expect(code(() => parseTextRequest({ prompt: 'a', echo: true }))).toBe('unsupported');
    expect(code(() => parseTextRequest({ prompt: 'a', echo: false, suffix: '' }))).toBeUndefined();
    expect(code(() => parseTextRequest({ prompt: 'a', suffix: 'b' }))).toBe('unsupported');
    expect(code(() => parseTextRequest({ prompt: 'a', best_of: 2 }))).toBe('unsupported');
    expect(code(() => parseEmbeddingRequest({ input: [1] }))).toBe('bad_request');
    expect(code(() => parseEmbeddingRequest({ input: [] }))).toBe('bad_request');
    expect(code(() => parseEmbeddingRequest({ input: '' }))).toBe('bad_request');
});
