import type { IncomingMessage, ServerResponse } from 'node:http';
import { untilStill } from '../../../tests/helpers/until';
import type { OpenAiEngineConfig } from '../../src/config';
import {
    type ChatRequest,
    type EngineToken,
    type GenerationRequest,
    OpenAiEngine,
    type StreamEnd,
} from '../../src/engines';
import { listen, type TestServer } from '../helpers/http';

type Handler = (response: ServerResponse, body: Record<string, unknown>, request: IncomingMessage) => void;

let server: TestServer;
let handler: Handler;
let connections = 0;
const engines: OpenAiEngine[] = [];

beforeAll(async () => {
    server = await listen((request, response) => {
        let text = '';
        request.on('data', (data) => {
            text += data;
        });
        request.on('end', () => handler(response, text ? JSON.parse(text) : {}, request));
    });
    server.server.on('connection', () => connections++);
});
afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close())));
afterAll(() => server.close());

function open(changes: Partial<OpenAiEngineConfig> = {}): OpenAiEngine {
    const engine = new OpenAiEngine({
        type: 'openai',
        baseUrl: `${server.url}/v1`,
        model: 'test-model',
        timeoutSeconds: 5,
        concurrency: 1,
        returnTokenIds: false,
        supports: {
            tools: true,
            jsonMode: true,
            jsonSchema: true,
            logprobs: true,
            embeddings: true,
            completions: true,
        },
        ...changes,
    });
    engines.push(engine);
    return engine;
}

const request: ChatRequest = { messages: [{ role: 'user', content: 'secret words' }], seed: 3 };
const event = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const said = (delta: object, finish: string | null = null) =>
    event({ id: 'x', choices: [{ index: 0, delta, finish_reason: finish }] });
const END = `${said({}, 'stop')}data: [DONE]\n\n`;

async function drain(stream: AsyncGenerator<readonly EngineToken[], StreamEnd, void>) {
    const steps: EngineToken[][] = [];
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) steps.push([...step.value]);
    return { steps, tokens: steps.flat(), end: step.value };
}
const stream = (asked: GenerationRequest = request, engine = open()) => drain(engine.stream(asked));

test('what the server writes at once comes as one array, over connections that stay open', async () => {
    const words = Array.from({ length: 64 }, (_, index) => `w${index} `);
    const usage = {
        prompt_tokens: 9,
        completion_tokens: 64,
        prompt_tokens_details: { cached_tokens: 8 },
    };
    handler = (response) =>
        response.end(
            words.map((content) => said({ content })).join('') +
                said({}, 'length') +
                event({ choices: [], usage }) +
                'data: [DONE]\n\n',
        );
    connections = 0;
    const engine = open();
    for (let round = 0; round < 20; round++) {
        const { steps, end } = await stream(request, engine);
        expect(steps).toEqual([words.map((text) => ({ text, id: null, logprob: null, count: 1 }))]);
        expect(end).toEqual({
            finishReason: 'length',
            seed: 3,
            usage: { promptTokens: 9, cachedTokens: 8, completionTokens: 64 },
        });
    }
    // One for the request and what the pool opens while the end of the one before is still on its way.
    expect(connections).toBeLessThanOrEqual(3);
});

test('a consumer that does not ask holds the server up', async () => {
    const part = said({ content: 'x'.repeat(1000) });
    let written = 0;
    const TOTAL = 30_000;
    handler = (response) => {
        const write = () => {
            while (written < TOTAL) {
                written += 1;
                if (!response.write(part)) {
                    response.once('drain', write);
                    return;
                }
            }
            response.end(END);
        };
        write();
    };
    const steps = open().stream(request);
    const first = await steps.next();
    // Once the buffers of the system are full, no drain comes until somebody reads.
    await untilStill(() => written);
    expect(written).toBeLessThan(TOTAL);
    const rest = await drain(steps);
    const length = [...(first.value as EngineToken[]), ...rest.tokens].reduce(
        (sum, { text }) => sum + text.length,
        0,
    );
    expect(length).toBe(TOTAL * 1000);
});

test('leaving the loop ends the request at the server and frees the slot', async () => {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    handler = (response) => {
        response.on('close', closed);
        response.write(said({ content: 'a' }));
    };
    const engine = open();
    for await (const tokens of engine.stream(request)) {
        expect(tokens).toHaveLength(1);
        break;
    }
    await gone;
    handler = (response) => response.end(said({ content: 'b' }) + END);
    expect((await stream(request, engine)).tokens).toMatchObject([{ text: 'b' }]);
});

test('aborts before the head, in the middle and by closing end with what came', async () => {
    const engine = open();
    const stop = new AbortController();
    handler = () => stop.abort();
    expect((await drain(engine.stream(request, { signal: stop.signal }))).end).toMatchObject({
        finishReason: 'abort',
        usage: { completionTokens: 0 },
    });
    handler = (response) => response.write(said({ content: 'a' }));
    const running = engine.stream(request);
    await running.next();
    const closing = engine.close();
    expect((await drain(running)).end).toMatchObject({
        finishReason: 'abort',
        usage: { completionTokens: 1 },
    });
    await closing;
});

test('tools, formats and penalties are sent as they are; calls come back in pieces', async () => {
    let sent: Record<string, unknown> = {};
    handler = (response, body) => {
        sent = body;
        const call = (index: number, changes: object) => said({ tool_calls: [{ index, ...changes }] });
        response.end(
            call(0, { id: 'c0', type: 'function', function: { name: 'f', arguments: '' } }) +
                call(0, { function: { arguments: '{"a"' } }) +
                call(0, { function: { arguments: ':1}' } }) +
                call(1, { id: 'c1', type: 'function', function: { name: 'g', arguments: '{}' } }) +
                said({}, 'tool_calls') +
                'data: [DONE]\n\n',
        );
    };
    const tools = [{ type: 'function' as const, function: { name: 'f', parameters: { type: 'object' } } }];
    const asked: ChatRequest = {
        messages: [
            { role: 'user', content: 'q' },
            {
                role: 'assistant',
                content: '',
                toolCalls: [{ id: 'z', type: 'function', function: { name: 'f', arguments: '{}' } }],
            },
            { role: 'tool', content: 'r', toolCallId: 'z' },
        ],
        tools,
        toolChoice: { name: 'f' },
        parallelToolCalls: false,
        responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
        frequencyPenalty: 1,
        presencePenalty: -1,
    };
    const completion = await open().complete(asked);
    expect(completion).toMatchObject({
        text: '',
        finishReason: 'tool_calls',
        toolCalls: [
            { id: 'c0', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
            { id: 'c1', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
    });
    expect(sent).toMatchObject({
        messages: [
            { role: 'user', content: 'q' },
            {
                role: 'assistant',
                content: null,
                tool_calls: [{ id: 'z', type: 'function', function: { name: 'f', arguments: '{}' } }],
            },
            { role: 'tool', content: 'r', tool_call_id: 'z' },
        ],
        tools,
        tool_choice: { type: 'function', function: { name: 'f' } },
        parallel_tool_calls: false,
        response_format: {
            type: 'json_schema',
            json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
        },
        frequency_penalty: 1,
        presence_penalty: -1,
    });
});

test('legacy completions go to their own path, with log-probabilities in their own form', async () => {
    let path: string | undefined;
    let sent: Record<string, unknown> = {};
    handler = (response, body, incoming) => {
        path = incoming.url;
        sent = body;
        const logprobs = {
            tokens: ['a', 'b'],
            token_logprobs: [null, -1],
            top_logprobs: [null, { c: -3, b: -1 }],
        };
        response.end(
            event({ choices: [{ text: 'ab', logprobs, finish_reason: null }] }) +
                event({ choices: [{ text: '', finish_reason: 'length' }] }) +
                'data: [DONE]\n\n',
        );
    };
    const { tokens, end } = await stream({ prompt: 'once', maxTokens: 2, logprobs: true, topLogprobs: 2 });
    expect(path).toBe('/v1/completions');
    expect(sent).toMatchObject({ prompt: 'once', max_tokens: 2, logprobs: 2 });
    expect(tokens).toEqual([
        { text: 'ab', id: null, logprob: null, count: 1, token: 'a', top: [] },
        {
            text: '',
            id: null,
            logprob: -1,
            count: 1,
            token: 'b',
            top: [
                { id: null, text: 'b', logprob: -1 },
                { id: null, text: 'c', logprob: -3 },
            ],
        },
    ]);
    expect(end).toMatchObject({ finishReason: 'length', usage: { completionTokens: 2 } });
});

test('embeddings, in the order of their inputs; another number of rows is refused', async () => {
    let sent: Record<string, unknown> = {};
    handler = (response, body) => {
        sent = body;
        const data = [
            { index: 1, embedding: [3, 4] },
            { index: 0, embedding: [1, 2] },
        ];
        response.end(JSON.stringify({ data, usage: { prompt_tokens: 5, total_tokens: 5 } }));
    };
    const engine = open();
    expect(await engine.embed!(['a', 'b'], { dimensions: 2 })).toEqual({
        embeddings: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
        promptTokens: 5,
    });
    expect(sent).toEqual({
        model: 'test-model',
        input: ['a', 'b'],
        encoding_format: 'float',
        dimensions: 2,
    });
    await expect(engine.embed!(['a'])).rejects.toMatchObject({ code: 'server_error' });
    handler = (response) => response.end('<html>');
    await expect(engine.embed!(['a'])).rejects.toMatchObject({ code: 'server_error' });
    const stop = new AbortController();
    handler = () => stop.abort();
    await expect(engine.embed!(['a'], { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
});

test('tokens are counted by the server where it can, and not at all where it cannot', async () => {
    expect(await open().countPromptTokens(request)).toBeUndefined();
    const paths: unknown[] = [];
    handler = (response, body, incoming) => {
        paths.push(incoming.url);
        response.end(JSON.stringify({ count: 'prompt' in body ? 2 : 7, max_model_len: 99 }));
    };
    const engine = open({ tokenizePath: '/tokenize' });
    expect(await engine.countPromptTokens(request)).toBe(7);
    expect(await engine.countPromptTokens({ prompt: 'x' })).toBe(2);
    expect(await engine.countPromptTokens({ input: ['x', 'y'] })).toBe(4);
    expect(new Set(paths)).toEqual(new Set(['/tokenize']));
});

test('what is switched off is refused before the server hears of it', async () => {
    handler = () => {
        throw new Error('asked');
    };
    const none = {
        tools: false,
        jsonMode: false,
        jsonSchema: false,
        logprobs: false,
        embeddings: false,
        completions: false,
    };
    const engine = open({ supports: none });
    expect(engine.embed).toBeUndefined();
    const asked: GenerationRequest[] = [
        { prompt: 'x' },
        { ...request, logprobs: true },
        { ...request, responseFormat: { type: 'json_object' } },
        { ...request, responseFormat: { type: 'json_schema', name: 'n', schema: {} } },
        { ...request, tools: [{ type: 'function', function: { name: 'f' } }] },
    ];
    for (const each of asked) {
        await expect(stream(each, engine)).rejects.toMatchObject({ code: 'unsupported' });
    }
});

test.each([
    ['no object', '[1]'],
    ['choices of another kind', '{"choices":{}}'],
    ['content that is no text', '{"choices":[{"delta":{"content":7}}]}'],
    ['ids that are no numbers', '{"choices":[{"delta":{"content":"a"},"token_ids":["7"]}]}'],
    ['a negative count', '{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":1}}'],
    ['calls without a list', '{"choices":[{"delta":{"tool_calls":{}}}]}'],
    ['half a JSON', '{"choices":[{"delta":{"content":"secret'],
    ['an error', '{"error":{"message":"secret words"}}'],
])('a stream with %s is a typed error that repeats nothing', async (_name, payload) => {
    handler = (response) => response.end(`${said({ content: 'fine' })}data: ${payload}\n\n${END}`);
    const error = await stream().catch((caught) => caught);
    expect(error).toMatchObject({ code: 'server_error', retryable: true });
    expect(`${error.message} ${error.remedy}`).not.toContain('secret');
});
