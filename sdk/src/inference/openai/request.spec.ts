import { CocoonError, ERROR_CATALOGUE } from '../../errors';
import { openAIError } from './errors';
import { parseRequest } from './request';

const messages = [{ role: 'user', content: 'Hi' }];
const chat = (change: object) => () => parseRequest('chat', { model: 'm', messages, ...change });
const withMessage = (message: unknown) => chat({ messages: [message] });

describe('parseRequest', () => {
    it.each([
        ['messages', 'missing_required_parameter', chat({ messages: undefined })],
        ['messages', 'missing_required_parameter', chat({ messages: null })],
        ['model', 'missing_required_parameter', chat({ model: undefined })],
        ['model', 'invalid_value', chat({ model: '' })],
        ['model', 'invalid_value', chat({ model: 5 })],
        ['messages', 'invalid_value', chat({ messages: [] })],
        ['messages', 'invalid_value', chat({ messages: 'Hi' })],
        ['messages[0]', 'invalid_value', withMessage('Hi')],
        ['messages[0].role', 'missing_required_parameter', withMessage({ content: 'x' })],
        ['messages[0].role', 'invalid_value', withMessage({ role: 'robot', content: 'x' })],
        ['messages[0].content', 'invalid_value', withMessage({ role: 'user' })],
        ['messages[0].content', 'invalid_value', withMessage({ role: 'user', content: 5 })],
        [
            'messages[0].content[0].text',
            'missing_required_parameter',
            withMessage({ role: 'user', content: [{ type: 'text' }] }),
        ],
        [
            'messages[0].content[0].type',
            'unsupported_parameter',
            withMessage({ role: 'user', content: [{ type: 'input_audio' }] }),
        ],
        [
            'messages[0].content[0].image_url.url',
            'unsupported_parameter',
            withMessage({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x' } }] }),
        ],
        [
            'messages[0].tool_call_id',
            'missing_required_parameter',
            withMessage({ role: 'tool', content: 'x' }),
        ],
        [
            'messages[0].tool_calls[0].function.name',
            'missing_required_parameter',
            withMessage({
                role: 'assistant',
                tool_calls: [{ id: 'a', type: 'function', function: { arguments: '' } }],
            }),
        ],
        ['temperature', 'invalid_value', chat({ temperature: 3 })],
        ['temperature', 'invalid_value', chat({ temperature: Number.NaN })],
        ['max_tokens', 'invalid_value', chat({ max_tokens: 0 })],
        ['max_completion_tokens', 'invalid_value', chat({ max_completion_tokens: 1.5 })],
        ['stop', 'invalid_value', chat({ stop: ['a', 'b', 'c', 'd', 'e'] })],
        ['n', 'unsupported_parameter', chat({ n: 2 })],
        ['audio', 'unsupported_parameter', chat({ audio: {} })],
        ['modalities[0]', 'unsupported_parameter', chat({ modalities: ['audio'] })],
        ['logprobs', 'invalid_value', chat({ top_logprobs: 2 })],
        [
            'tools[0].function.name',
            'missing_required_parameter',
            chat({ tools: [{ type: 'function', function: {} }] }),
        ],
        ['tool_choice', 'invalid_value', chat({ tool_choice: 'maybe' })],
        [
            'response_format.json_schema.name',
            'missing_required_parameter',
            chat({ response_format: { type: 'json_schema', json_schema: {} } }),
        ],
        ['stream_options', 'invalid_value', chat({ stream_options: { include_usage: true } })],
        ['stream', 'invalid_value', chat({ stream: 'yes' })],
        [
            'prompt',
            'unsupported_parameter',
            () => parseRequest('completion', { model: 'm', prompt: ['a', 'b'] }),
        ],
        [
            'best_of',
            'unsupported_parameter',
            () => parseRequest('completion', { model: 'm', prompt: 'a', best_of: 3 }),
        ],
        ['input', 'invalid_value', () => parseRequest('embedding', { model: 'm', input: [] })],
        ['input[1]', 'invalid_value', () => parseRequest('embedding', { model: 'm', input: [1, -1] })],
        [
            'encoding_format',
            'invalid_value',
            () => parseRequest('embedding', { model: 'm', input: 'a', encoding_format: 'hex' }),
        ],
    ])('names %s: %s', (param, code, parse) => {
        expect(parse).toThrow(expect.objectContaining({ code, param }));
    });

    it.each([undefined, null, 5, 'x', []])('refuses the body %p', (body) => {
        expect(() => parseRequest('chat', body)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
    });

    it('sends on what concerns the model, and nothing that concerns the caller or HTTP', () => {
        const kept = {
            messages,
            temperature: 0,
            stop: ['x'],
            top_k: 5,
            response_format: { type: 'json_object' },
        };
        const left = {
            stream: true,
            stream_options: { include_usage: true },
            user: 'u',
            metadata: {},
            store: false,
            prompt_cache_key: 'k',
            safety_identifier: 's',
            service_tier: 'auto',
            seed: null,
        };
        const parsed = parseRequest('chat', { model: 'm', ...kept, ...left });
        expect(parsed).toEqual({
            task: 'chat',
            model: 'm',
            stream: true,
            includeUsage: true,
            embeddingFormat: 'float',
            conversation: 'k',
            body: kept,
        });
    });

    it.each([['a'], [['a', 'b']], [[1, 2]], [[[1, 2], [3]]]])('embeds %j', (input) => {
        expect(parseRequest('embedding', { model: 'm', input }).body).toEqual({ input });
    });

    it.each([['a'], [['a']], [[1, 2]], [[[1, 2]]]])('completes %j', (prompt) => {
        expect(parseRequest('completion', { model: 'm', prompt }).body).toEqual({ prompt });
    });

    it('takes conversations with tools and images', () => {
        const turns = [
            { role: 'developer', content: [{ type: 'text', text: 'x' }] },
            {
                role: 'assistant',
                content: null,
                tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
            },
            { role: 'tool', tool_call_id: 'a', content: 'y' },
            {
                role: 'user',
                content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
            },
        ];
        expect(chat({ messages: turns })().body).toEqual({ messages: turns });
    });
});

describe('openAIError', () => {
    it('has a body for every error, and tells nothing of unknown ones', () => {
        for (const code of Object.keys(ERROR_CATALOGUE)) {
            const { status, body } = openAIError(
                new CocoonError(code as keyof typeof ERROR_CATALOGUE, 'It happened.'),
            );
            expect(status).toBeGreaterThanOrEqual(400);
            expect(body.error).toMatchObject({ code, param: null, type: expect.any(String) });
            expect(body.error.message).toContain('It happened. ');
        }
        const secret = openAIError(new Error('the user typed this'));
        expect(secret).toMatchObject({ status: 500, body: { error: { code: 'internal_error' } } });
        expect(JSON.stringify(secret)).not.toContain('typed');
    });
});
