import OpenAI from 'openai';
import { ask, MODEL, nodeEntry, setup } from '../../tests/helpers/inference/setup';
import { SessionFailedError, SessionRefusedError, SessionUnreachableError } from '../session';
import { createFetch } from './fetch';

const account = nodeEntry(1).account;
const messages = [{ role: 'user' as const, content: 'Hi' }];

function client(
    script: NonNullable<Parameters<ReturnType<typeof setup>['sessions']['scripts']['set']>[1]>[number] = {},
) {
    const world = setup({ nodes: [nodeEntry(1)] });
    world.sessions.scripts.set(account, [script]);
    const openai = new OpenAI({
        fetch: createFetch(world.inference),
        apiKey: 'unused',
        baseURL: 'https://cocoon.local/v1',
        maxRetries: 0,
    });
    return { ...world, openai };
}

describe('chat', () => {
    it('answers', async () => {
        const { openai, sessions } = client();
        const answer = await openai.chat.completions.create({
            model: MODEL,
            messages,
            user: 'alice',
            metadata: { a: 'b' },
            store: true,
        });
        expect(answer).toMatchObject({
            object: 'chat.completion',
            model: MODEL,
            choices: [
                {
                    index: 0,
                    finish_reason: 'stop',
                    logprobs: null,
                    message: { role: 'assistant', content: 'Hello there', refusal: null },
                },
            ],
            usage: {
                prompt_tokens: 5,
                completion_tokens: 2,
                total_tokens: 7,
                prompt_tokens_details: { cached_tokens: 2 },
            },
            cocoon: { node: account, price: '1000' },
        });
        expect(answer.id).toMatch(/^chatcmpl-[0-9a-f]{24}$/);
        // Nothing that names the user or concerns HTTP reaches the node.
        expect(sessions.requests[0]?.body).toEqual({ messages });
    });

    it('streams, with the usage at the end when it is asked for', async () => {
        const { openai } = client();
        const stream = await openai.chat.completions.create({
            model: MODEL,
            messages,
            stream: true,
            stream_options: { include_usage: true },
        });
        const chunks = [];
        for await (const chunk of stream) chunks.push(chunk);
        expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
            { role: 'assistant', content: 'Hello' },
            { content: ' there' },
            {},
            undefined,
        ]);
        expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([
            null,
            null,
            'stop',
            undefined,
        ]);
        expect(chunks.map(({ usage }) => usage?.total_tokens)).toEqual([undefined, undefined, undefined, 7]);
        expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
        expect(
            chunks.every(({ object, model }) => object === 'chat.completion.chunk' && model === MODEL),
        ).toBe(true);
    });

    it('streams tool calls and puts them together', async () => {
        const call = (part: object) => [{ index: 0, ...part }];
        const deltas = [
            { c: call({ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }) },
            { c: call({ function: { arguments: '{"city":' } }) },
            {
                c: [
                    ...call({ function: { arguments: '"Rome"}' } }),
                    { index: 1, id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } },
                ],
            },
        ];
        const tools = [
            { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } },
        ];
        const { openai, sessions } = client({ deltas, finish: 'tool_calls' });
        const whole = await openai.chat.completions.create({
            model: MODEL,
            messages,
            tools,
            tool_choice: 'auto',
        });
        expect(whole.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
        expect(whole.choices[0]?.message.tool_calls).toEqual([
            { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
            { id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } },
        ]);
        expect(sessions.requests[0]?.body).toEqual({ messages, tools, tool_choice: 'auto' });
        const final = await openai.chat.completions
            .stream({ model: MODEL, messages, tools })
            .finalChatCompletion();
        expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({
            function: { name: 'weather', arguments: '{"city":"Rome"}' },
        });
    });

    it('carries log-probabilities and reasoning', async () => {
        const entry = { token: 'Hi', logprob: -0.5, bytes: [72, 105], top_logprobs: [] };
        const { openai } = client({ deltas: [{ r: 'Hm.' }, { t: 'Hi', l: [entry] }] });
        const body = { model: MODEL, messages, logprobs: true, top_logprobs: 0 };
        const whole = await openai.chat.completions.create(body);
        expect(whole.choices[0]).toMatchObject({
            logprobs: { content: [entry], refusal: null },
            message: { content: 'Hi', reasoning_content: 'Hm.' },
        });
        const seen = [];
        for await (const chunk of await openai.chat.completions.create({ ...body, stream: true }))
            seen.push(...(chunk.choices[0]?.logprobs?.content ?? []));
        expect(seen).toEqual([entry]);
    });

    it('stops when the caller aborts', async () => {
        const { openai, sessions } = client({ deltas: [{ t: 'a' }, { t: 'b' }, { t: 'c' }] });
        const stream = await openai.chat.completions.create({ model: MODEL, messages, stream: true });
        for await (const _ of stream) {
            stream.controller.abort();
            break;
        }
        sessions.scripts.set(account, [{ silent: true }]);
        const controller = new AbortController();
        sessions.onStep = () => controller.abort();
        const running = openai.chat.completions.create(
            { model: MODEL, messages },
            { signal: controller.signal },
        );
        await expect(running).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    });
});

describe('completions, embeddings, models', () => {
    it('completes, streamed and not', async () => {
        const entry = { token: 'Hello', logprob: -1, top_logprobs: [{ token: 'Hell', logprob: -2 }] };
        const { openai } = client({
            deltas: [
                { t: 'Hello', l: [entry] },
                { t: ' you', l: [{ token: ' you', logprob: -3 }] },
            ],
        });
        const whole = await openai.completions.create({ model: MODEL, prompt: 'Say', logprobs: 1 });
        expect(whole).toMatchObject({
            object: 'text_completion',
            usage: { total_tokens: 7 },
            choices: [{ text: 'Hello you', finish_reason: 'stop' }],
        });
        expect(whole.choices[0]?.logprobs).toEqual({
            tokens: ['Hello', ' you'],
            token_logprobs: [-1, -3],
            top_logprobs: [{ Hell: -2 }, {}],
            text_offset: [0, 5],
        });
        const chunks = [];
        for await (const chunk of await openai.completions.create({
            model: MODEL,
            prompt: ['Say'],
            stream: true,
        }))
            chunks.push(chunk);
        expect(chunks.map(({ choices }) => choices[0]?.text)).toEqual(['Hello', ' you', '']);
        expect(chunks[1]?.choices[0]?.logprobs?.text_offset).toEqual([5]);
    });

    it('embeds: the official client asks for base64 and gets its numbers', async () => {
        const { openai, sessions } = client({ deltas: [{ e: [[0.5, -1]] }, { e: [[2, 0.25]] }] });
        const answer = await openai.embeddings.create({ model: MODEL, input: ['a', 'b'] });
        expect(answer.data.map(({ index, embedding }) => [index, embedding])).toEqual([
            [0, [0.5, -1]],
            [1, [2, 0.25]],
        ]);
        expect(answer.usage).toEqual({ prompt_tokens: 5, total_tokens: 5 });
        expect(sessions.requests[0]).toMatchObject({ task: 'embedding', body: { input: ['a', 'b'] } });
        const plain = await openai.embeddings.create({ model: MODEL, input: 'a', encoding_format: 'float' });
        expect(plain.data[0]?.embedding).toEqual([0.5, -1]);
    });

    it('lists and finds models', async () => {
        const { openai } = client();
        const models = await openai.models.list();
        expect(models.data).toMatchObject([
            {
                id: MODEL,
                object: 'model',
                created: 1_600_000_000,
                owned_by: 'cocoon',
                cocoon: { nodes: 1, context_length: 4_096, prices: { completion: '2000000' } },
            },
        ]);
        expect((await openai.models.retrieve(MODEL)).id).toBe(MODEL);
        await expect(openai.models.retrieve('gpt')).rejects.toMatchObject({
            status: 404,
            code: 'model_not_found',
        });
    });
});

describe('errors', () => {
    it.each([
        [{ refuse: new SessionUnreachableError('x') }, 502, 'nodes_failed', 'api_error'],
        [
            { refuse: new SessionRefusedError('node_busy', 429, 'node', { retryAfterSeconds: 3 }) },
            429,
            'nodes_busy',
            'rate_limit_error',
        ],
        [
            { refuse: new SessionRefusedError('context_too_long', 400, 'correct') },
            400,
            'context_length_exceeded',
            'invalid_request_error',
        ],
        [
            { refuse: new SessionRefusedError('request_invalid', 400, 'correct') },
            400,
            'invalid_value',
            'invalid_request_error',
        ],
    ])('%# come as the API has them', async (script, status, code, type) => {
        const { openai } = client(script);
        const error = await openai.chat.completions.create({ model: MODEL, messages }).catch((e) => e);
        expect(error).toBeInstanceOf(OpenAI.APIError);
        expect(error).toMatchObject({ status, code, type });
        if (status === 429) expect(error.headers.get('retry-after')).toBe('3');
    });

    it('says 402 when there is no money', async () => {
        const { openai, chain } = client();
        chain.canSend = false;
        const error = await openai.chat.completions.create({ model: MODEL, messages }).catch((e) => e);
        expect(error).toMatchObject({ status: 402, code: 'funding_unavailable', type: 'insufficient_quota' });
    });

    it('says 503 while the chain cannot be reached', async () => {
        const { openai, chain } = client();
        chain.reachable = false;
        const error = await openai.chat.completions.create({ model: MODEL, messages }).catch((e) => e);
        expect(error).toMatchObject({ status: 503, code: 'funding_failed' });
        expect(error.headers.get('retry-after')).toBe('10');
    });

    it('ends a stream with an error that the client throws', async () => {
        const { openai } = client({ deltas: [{ t: 'a' }], fail: new SessionFailedError('engine_failed') });
        const read = async () => {
            const texts = [];
            const stream = await openai.chat.completions.create({ model: MODEL, messages, stream: true });
            for await (const chunk of stream) texts.push(chunk.choices[0]?.delta.content);
            return texts;
        };
        await expect(read()).rejects.toMatchObject({ code: 'answer_interrupted' });
    });

    it('knows its routes, and names what is wrong with a body', async () => {
        const { inference } = client();
        const fetch = createFetch(inference);
        const json = async (path: string, init?: RequestInit) => {
            const response = await fetch(`https://cocoon.local/v1/${path}`, init);
            return { status: response.status, ...(await response.json()) };
        };
        expect(await json('files')).toMatchObject({ status: 404, error: { code: 'unknown_route' } });
        expect(await json('chat/completions')).toMatchObject({ status: 404 });
        const post = (body: string) => json('chat/completions', { method: 'POST', body });
        expect(await post('{')).toMatchObject({ status: 400, error: { code: 'invalid_value', param: null } });
        expect(await post('{}')).toMatchObject({
            status: 400,
            error: { code: 'missing_required_parameter', param: 'model' },
        });
        expect(await post(JSON.stringify({ ...ask().body, model: MODEL, n: 2 }))).toMatchObject({
            error: { code: 'unsupported_parameter', param: 'n' },
        });
    });
});
