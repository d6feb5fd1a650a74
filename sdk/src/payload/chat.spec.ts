import { captureError } from '../../tests/helpers/capture';
import { utf8ToBytes } from '../utils';
import {
    type ChatRequest,
    type ChatResult,
    decodeRequest,
    decodeResult,
    encodeRequest,
    encodeResult,
} from '.';

const request: ChatRequest = {
    messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi 👋' },
    ],
    max_tokens: 16,
    temperature: 0.7,
    stop: ['\n'],
};
const result: ChatResult = {
    text: 'Hello',
    tokenIds: [1, 2],
    logprobs: [-0.5, 0],
    finishReason: 'stop',
    seed: 42,
    usage: { promptTokens: 9, completionTokens: 2 },
};

describe('request item', () => {
    it('is canonical JSON and returns as it was', () => {
        expect(new TextDecoder().decode(encodeRequest(request))).toBe(
            '{"max_tokens":16,"messages":[{"content":"Be brief.","role":"system"},' +
                '{"content":"Hi 👋","role":"user"}],"stop":["\\n"],"temperature":0.7}',
        );
        expect(decodeRequest(encodeRequest(request))).toEqual(request);
    });

    it.each<[string, unknown, string]>([
        ['no messages', { messages: [] }, 'request.messages'],
        ['an unknown role', { messages: [{ role: 'tool', content: 'x' }] }, 'request.messages[0].role'],
        [
            'content that is no string',
            { messages: [{ role: 'user', content: 5 }] },
            'request.messages[0].content',
        ],
        ['a member that is not known', { ...request, tools: [] }, 'request'],
        ['a temperature over 2', { ...request, temperature: 2.1 }, 'request.temperature'],
        ['no tokens', { ...request, max_tokens: 0 }, 'request.max_tokens'],
        ['half a token', { ...request, max_tokens: 1.5 }, 'request.max_tokens'],
        ['null for a number', { ...request, seed: null }, 'request.seed'],
        ['five stops', { ...request, stop: ['1', '2', '3', '4', '5'] }, 'request.stop'],
        ['a list', [], 'request'],
    ])('with %s is refused and the field is named', async (_, value, field) => {
        const error = await captureError(() => decodeRequest(utf8ToBytes(JSON.stringify(value))));
        const code = await captureError(() => encodeRequest(value as ChatRequest));
        expect([code.code, code.details.field]).toEqual(['payload_content_invalid', field]);
        expect(error.code).toBe('payload_content_invalid');
    });

    it.each([
        ['garbage', Uint8Array.of(0xde, 0xad)],
        ['no bytes', new Uint8Array()],
        ['whitespace', utf8ToBytes('{"messages": [{"content":"x","role":"user"}]}')],
        ['another order', utf8ToBytes('{"messages":[{"role":"user","content":"x"}]}')],
        ['a repeated member', utf8ToBytes('{"messages":[{"content":"y","content":"x","role":"user"}]}')],
        [
            'a member named __proto__',
            utf8ToBytes('{"__proto__":{},"messages":[{"content":"x","role":"user"}]}'),
        ],
    ])('of %s is refused', async (_, bytes) => {
        expect((await captureError(() => decodeRequest(bytes))).code).toBe('payload_content_invalid');
    });

    it('is refused without a word of what the user wrote', async () => {
        const error = await captureError(() => decodeRequest(utf8ToBytes('my secret {')));
        expect(`${error.message} ${JSON.stringify(error.details)} ${error.cause}`).not.toContain('secret');
    });

    it('with a lone surrogate is refused', async () => {
        const bad = { messages: [{ role: 'user', content: '\ud800' }] } as const;
        expect((await captureError(() => encodeRequest(bad))).code).toBe('payload_content_invalid');
    });
});

describe('result item', () => {
    it('is canonical JSON and returns as it was', () => {
        expect(new TextDecoder().decode(encodeResult(result))).toBe(
            '{"finishReason":"stop","logprobs":[-0.5,0],"seed":42,"text":"Hello","tokenIds":[1,2],' +
                '"usage":{"completionTokens":2,"promptTokens":9}}',
        );
        expect(decodeResult(encodeResult(result))).toEqual(result);
    });

    it('can say that the item could not be answered', () => {
        const failed: ChatResult = {
            ...result,
            text: '',
            tokenIds: [],
            logprobs: null,
            finishReason: 'error',
            seed: null,
            error: 'request_invalid',
        };
        expect(decodeResult(encodeResult(failed))).toEqual(failed);
    });

    it.each<[string, Partial<Record<keyof ChatResult, unknown>>, string]>([
        ['other log-probabilities than tokens', { logprobs: [0] }, 'result.logprobs'],
        ['a positive log-probability', { logprobs: [0.1, 0] }, 'result.logprobs[0]'],
        ['a negative token id', { tokenIds: [-1, 2] }, 'result.tokenIds[0]'],
        ['an unknown finish reason', { finishReason: 'tool_calls' }, 'result.finishReason'],
        ['an error that is none', { error: 'x' }, 'result.error'],
        ['no reason for its error', { finishReason: 'error' }, 'result.error'],
        ['prose as error code', { finishReason: 'error', error: 'It broke' }, 'result.error'],
        ['usage cut short', { usage: { promptTokens: 1 } }, 'result.usage.completionTokens'],
    ])('with %s is refused', async (_, change, field) => {
        const error = await captureError(() => encodeResult({ ...result, ...change } as ChatResult));
        expect([error.code, error.details.field]).toEqual(['payload_content_invalid', field]);
    });
});
