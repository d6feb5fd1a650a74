import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenAiEngineConfig } from '../../src/config';
import { OpenAiEngine } from '../../src/engines';
import { listen, type TestServer } from '../helpers/http';

type Handler = (request: IncomingMessage, response: ServerResponse, body: Record<string, unknown>) => void;

let server: TestServer;
let handler: Handler;
const PROMPT = 'a very private prompt';

beforeAll(async () => {
    server = await listen((request, response) => {
        let text = '';
        request.on('data', (data) => {
            text += data;
        });
        request.on('end', () => handler(request, response, text ? JSON.parse(text) : {}));
    });
});
afterAll(() => server.close());

const config = (changes: Partial<OpenAiEngineConfig> = {}): OpenAiEngineConfig => ({
    type: 'openai',
    baseUrl: `${server.url}/v1/`,
    model: 'test-model',
    timeoutSeconds: 5,
    concurrency: 2,
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
const request = { messages: [{ role: 'user' as const, content: PROMPT }], seed: 9 };

const chunk = (content: string, extra: object = {}) => ({ choices: [{ delta: { content }, ...extra }] });
const END = { choices: [{ delta: {}, finish_reason: 'stop' }] };

function stream(response: ServerResponse, chunks: unknown[], done = true): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of chunks) response.write(`data: ${JSON.stringify(part)}\n\n`);
    if (done) response.end('data: [DONE]\n\n');
}

async function failure(engine = new OpenAiEngine(config())): Promise<Record<string, unknown> & Error> {
    const error = await engine.complete(request).catch((caught) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(`${error.message} ${error.remedy}`).not.toContain(PROMPT);
    return error;
}

test('streams text, log-probabilities, token ids and usage', async () => {
    let sent: Record<string, unknown> = {};
    let authorization: string | undefined;
    handler = (incoming, response, body) => {
        sent = body;
        authorization = incoming.headers.authorization;
        const token = (text: string, logprob: number) => ({
            logprobs: {
                content: [
                    {
                        token: text,
                        logprob,
                        top_logprobs: [
                            { token: text, logprob },
                            { token: 'x', logprob: -9 },
                        ],
                    },
                ],
            },
        });
        stream(response, [
            chunk('Hel', { ...token('Hel', -0.5), token_ids: [7] }),
            chunk('lo é', { ...token('lo é', -0.25), token_ids: [8] }),
            END,
            { choices: [], usage: { prompt_tokens: 4, completion_tokens: 2 } },
        ]);
    };
    const pieces: string[] = [];
    const engine = new OpenAiEngine(config({ returnTokenIds: true }), 'the-key');
    const completion = await engine.complete(
        { ...request, maxTokens: 5, stop: ['x'], topLogprobs: 2 },
        { onToken: (text) => pieces.push(text) },
    );
    expect(completion).toEqual({
        text: 'Hello é',
        tokenIds: [7, 8],
        logprobs: [
            {
                id: 7,
                text: 'Hel',
                logprob: -0.5,
                top: [
                    { id: null, text: 'Hel', logprob: -0.5 },
                    { id: null, text: 'x', logprob: -9 },
                ],
            },
            {
                id: 8,
                text: 'lo é',
                logprob: -0.25,
                top: [
                    { id: null, text: 'lo é', logprob: -0.25 },
                    { id: null, text: 'x', logprob: -9 },
                ],
            },
        ],
        finishReason: 'stop',
        seed: 9,
        usage: { promptTokens: 4, cachedTokens: 0, completionTokens: 2 },
    });
    expect(pieces).toEqual(['Hel', 'lo é']);
    expect(authorization).toBe('Bearer the-key');
    expect(sent).toMatchObject({
        model: 'test-model',
        max_tokens: 5,
        stop: ['x'],
        seed: 9,
        temperature: 0,
        top_logprobs: 2,
        stream: true,
        return_token_ids: true,
    });
});

test('events cut anywhere, with CRLF and comments; a server without extras', async () => {
    handler = (_request, response) => {
        response.writeHead(200);
        const bytes = Buffer.from(
            `: ping\r\n\r\ndata: ${JSON.stringify(chunk('é'))}\r\n\r\ndata: ${JSON.stringify({ choices: [{ finish_reason: 'length' }] })}\r\n\r\ndata: [DONE]\r\n\r\n`,
        );
        for (const byte of bytes) response.write(Buffer.from([byte]));
        response.end();
    };
    expect(await new OpenAiEngine(config()).complete(request)).toMatchObject({
        text: 'é',
        tokenIds: [],
        logprobs: [],
        finishReason: 'length',
        usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 1 },
    });
});

test.each([
    [400, {}, 'bad_request', false],
    [400, { error: { code: 'context_length_exceeded', message: PROMPT } }, 'context_too_long', false],
    [401, {}, 'unauthorized', false],
    [404, {}, 'model_missing', false],
    [429, {}, 'rate_limited', true],
    [500, { error: { message: PROMPT } }, 'server_error', true],
    [504, {}, 'timeout', true],
])('status %i → typed error', async (status, body, code, retryable) => {
    handler = (_request, response) =>
        response.writeHead(status, { 'retry-after': '3' }).end(JSON.stringify(body));
    const error = await failure();
    expect(error).toMatchObject({ code, retryable, exitCode: 6 });
    if (status === 429) expect(error.retryAfter).toBe(3);
});

test('an answer that breaks off, is no JSON, or reports an error is never taken for a whole one', async () => {
    handler = (_request, response) => stream(response, [chunk('half')]);
    expect((await failure()).message).toMatch(/ended before the answer did/);
    handler = (_request, response) => {
        stream(response, [chunk('half')], false);
        setImmediate(() => response.destroy());
    };
    expect(await failure()).toMatchObject({ code: 'unreachable' });
    handler = (_request, response) => response.end('data: <html>\n\n');
    expect((await failure()).message).toMatch(/not JSON/);
    handler = (_request, response) => stream(response, [{ error: { message: PROMPT } }]);
    expect((await failure()).message).toMatch(/reported an error/);
});

test('nobody listens; a server that goes silent', async () => {
    expect(await failure(new OpenAiEngine(config({ baseUrl: 'http://127.0.0.1:9/v1' })))).toMatchObject({
        code: 'unreachable',
    });
    handler = (_request, response) => stream(response, [chunk('a')], false);
    expect(await failure(new OpenAiEngine(config({ timeoutSeconds: 0.05 })))).toMatchObject({
        code: 'timeout',
    });
});

test('an abort returns what came so far; waiting requests are refused at once', async () => {
    handler = (_request, response) => stream(response, [chunk('partial')], false);
    const engine = new OpenAiEngine(config({ concurrency: 1 }));
    const stop = new AbortController();
    const waiting = new AbortController();
    const running = engine.complete(request, { signal: stop.signal, onToken: () => stop.abort() });
    const queued = engine.complete(request, { signal: waiting.signal });
    waiting.abort();
    await expect(queued).rejects.toMatchObject({ code: 'aborted' });
    expect(await running).toMatchObject({ text: 'partial', finishReason: 'abort' });
    await engine.close();
    await expect(engine.complete(request)).rejects.toMatchObject({ code: 'aborted' });
});

test('at most `concurrency` requests run at the same time, in order of arrival', async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    const order: number[] = [];
    handler = async (_request, response, body) => {
        order.push(body.seed as number);
        held.push(response);
        if (held.length < 2) return;
        // Time enough for a third one to arrive, if there were one.
        for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
        most = Math.max(most, held.length);
        for (const each of held.splice(0)) stream(each, [chunk('x'), END]);
    };
    const engine = new OpenAiEngine(config({ concurrency: 2 }));
    await Promise.all(Array.from({ length: 8 }, (_, seed) => engine.complete({ ...request, seed })));
    expect(most).toBe(2);
    expect(order).toHaveLength(8);
    for (const [position, seed] of order.entries()) expect(Math.abs(seed - position)).toBeLessThanOrEqual(1);
});

test('health asks for the models', async () => {
    handler = (incoming, response) => response.writeHead(incoming.url === '/v1/models' ? 200 : 500).end('{}');
    expect(await new OpenAiEngine(config()).health()).toEqual({ ok: true });
    handler = (_request, response) => response.writeHead(503).end();
    expect(await new OpenAiEngine(config()).health()).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/503/),
    });
});
