import { AnswerInterruptedError, NodesBusyError, NoNodeError, VaultEmptyError } from 'cocoon-sdk';
import { CHAT, startGateway, type TestGateway } from '../helpers/gateway';
import { NODE } from '../helpers/scripted-inference';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();
let server: TestGateway;
let key: string;

beforeAll(async () => {
    server = await startGateway(directory, { limits: { bodyBytes: 20_000 } });
    key = await server.key();
});
afterAll(() => server.stop());
beforeEach(() => {
    server.inference.script = {};
    server.inference.requests.length = 0;
});

const chat = (body: object = {}, init?: RequestInit) =>
    server.call(key, '/v1/chat/completions', { ...CHAT, ...body }, init);

async function events(response: Response): Promise<string[]> {
    return (await response.text())
        .split('\n\n')
        .filter((text) => text !== '')
        .map((text) => text.replace(/^data: /, ''));
}

async function rows() {
    await server.gateway.context.ledger.flush();
    const { rows } = await server.gateway.context.database.query('SELECT * FROM ledger ORDER BY at, id');
    return rows;
}

describe('chat completions', () => {
    it('answers whole, with usage, price and node', async () => {
        server.inference.script = { deltas: [{ t: 'Hel' }, { t: 'lo' }], price: 42n };
        const response = await chat({ temperature: 0 });
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toMatch(/^application\/json/);
        expect(response.headers.get('x-request-id')).toMatch(/^req_/);
        expect(await response.json()).toMatchObject({
            object: 'chat.completion',
            created: 1_760_000_000,
            model: 'tiny',
            choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
            usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
            cocoon: { node: NODE, price: '42' },
        });
        expect(server.inference.requests[0]).toMatchObject({
            task: 'chat',
            model: 'tiny',
            body: { messages: CHAT.messages, temperature: 0 },
        });
        expect(server.inference.requests[0]?.maxCost).toBeUndefined();
    });

    it('streams a chunk for each delta, then usage and the end', async () => {
        server.inference.script = { deltas: [{ t: 'Hel' }, { t: 'lo' }] };
        const response = await chat({ stream: true, stream_options: { include_usage: true } });
        expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
        expect(response.headers.get('x-request-id')).toMatch(/^req_/);
        const all = await events(response);
        expect(all.pop()).toBe('[DONE]');
        const chunks = all.map((text) => JSON.parse(text));
        expect(chunks.map((chunk) => chunk.choices[0]?.delta?.content)).toEqual([
            'Hel',
            'lo',
            undefined,
            undefined,
        ]);
        expect(chunks[0].choices[0].delta.role).toBe('assistant');
        expect(chunks[2].choices[0].finish_reason).toBe('stop');
        expect(chunks[3].usage).toMatchObject({ total_tokens: 9 });
    });

    it('writes a row for each request, and nothing that was said', async () => {
        server.inference.script = { deltas: [{ t: 'xyzzy' }], price: 77n };
        await (await chat({ messages: [{ role: 'user', content: 'plugh' }] })).text();
        const all = await rows();
        expect(all.at(-1)).toMatchObject({
            kind: 'chat',
            model: 'tiny',
            node: NODE,
            prompt_tokens: 7,
            cached_tokens: 2,
            completion_tokens: 1,
            price: 77n,
            status: 'ok',
        });
        expect(JSON.stringify(all, (_, value) => String(value ?? ''))).not.toMatch(/xyzzy|plugh/);
    });

    it('tells in the stream that the answer broke off, and books what was delivered', async () => {
        server.inference.script = {
            deltas: [{ t: 'Hel' }],
            error: new AnswerInterruptedError(
                NODE,
                { promptTokens: 7, cachedTokens: 0, completionTokens: 1 },
                9n,
            ),
        };
        const all = await events(await chat({ stream: true }));
        expect(JSON.parse(all.at(-1)!)).toMatchObject({
            error: { code: 'answer_interrupted', type: 'api_error' },
        });
        expect((await rows()).at(-1)).toMatchObject({
            status: 'answer_interrupted',
            price: 9n,
            completion_tokens: 1,
            node: NODE,
        });
    });

    it('ends the request when the client leaves', async () => {
        let left!: () => void;
        const until = new Promise<void>((resolve) => {
            left = resolve;
        });
        server.inference.script = { deltas: [{ t: 'Hel' }], until };
        const abort = new AbortController();
        const response = await chat({ stream: true }, { signal: abort.signal });
        await response.body!.getReader().read();
        const { signal } = server.inference.requests[0]!;
        const aborted = new Promise<void>((resolve) => signal!.addEventListener('abort', () => resolve()));
        abort.abort();
        await aborted;
        left();
        while (server.gateway.context.running.count > 0) await new Promise(setImmediate);
        expect((await rows()).at(-1)).toMatchObject({ status: 'aborted' });
    });
});

describe('other tasks', () => {
    it('completes a prompt', async () => {
        const response = await server.call(key, '/v1/completions', { model: 'tiny', prompt: 'Once' });
        expect(await response.json()).toMatchObject({
            object: 'text_completion',
            choices: [{ text: 'Hello', finish_reason: 'stop' }],
        });
    });

    it('embeds', async () => {
        server.inference.script = { deltas: [{ e: [[1, 2]] }, { e: [[3, 4]] }] };
        const response = await server.call(key, '/v1/embeddings', { model: 'tiny', input: ['a', 'b'] });
        expect(await response.json()).toMatchObject({
            object: 'list',
            data: [
                { object: 'embedding', index: 0, embedding: [1, 2] },
                { index: 1, embedding: [3, 4] },
            ],
        });
    });

    it('lists models, also by a name with a slash', async () => {
        const list = (await (await server.call(key, '/v1/models')).json()) as { data: { id: string }[] };
        expect(list.data.map(({ id }) => id)).toEqual(['tiny', 'org/other']);
        expect(await (await server.call(key, '/v1/models/org/other')).json()).toMatchObject({
            id: 'org/other',
        });
        const none = await server.call(key, '/v1/models/none');
        expect(none.status).toBe(404);
        expect(await none.json()).toMatchObject({ error: { code: 'model_not_found' } });
    });
});

describe('bad input', () => {
    const expectError = async (response: Response, status: number, code: string) => {
        const body = (await response.json()) as { error: { code: string; message: string; type: string } };
        expect([response.status, body.error.code]).toEqual([status, code]);
        expect(body.error.message.length).toBeGreaterThan(20);
        expect(typeof body.error.type).toBe('string');
        return body.error;
    };
    const raw = (body: string, type = 'application/json') =>
        server.call(
            key,
            '/v1/chat/completions',
            {},
            {
                body,
                headers: { authorization: `Bearer ${key}`, 'content-type': type },
            },
        );

    it('refuses what is not JSON, empty, too long or of another type', async () => {
        await expectError(await raw('{"model":'), 400, 'invalid_json');
        await expectError(await raw(''), 400, 'invalid_json');
        await expectError(
            await raw(JSON.stringify({ ...CHAT, user: 'x'.repeat(20_001) })),
            413,
            'body_too_large',
        );
        await expectError(await raw('model=tiny', 'text/plain'), 415, 'unsupported_media_type');
    });

    it('names the parameter that is wrong', async () => {
        const error = await expectError(await chat({ temperature: 3 }), 400, 'invalid_value');
        expect(error).toMatchObject({ param: 'temperature' });
        await expectError(await chat({ messages: undefined }), 400, 'missing_required_parameter');
        await expectError(await chat({ n: 2 }), 400, 'unsupported_parameter');
    });

    it('knows no other keys, models and routes', async () => {
        await expectError(await server.call('sk-cocoon-wrong', '/v1/models'), 401, 'invalid_api_key');
        await expectError(await fetch(`${server.url}/v1/models`), 401, 'invalid_api_key');
        await expectError(await chat({ model: 'none' }), 404, 'model_not_found');
        await expectError(await server.call(key, '/v1/images'), 404, 'unknown_route');
    });

    it.each([
        [new NoNodeError('tiny'), 503, 'no_node'],
        [new NodesBusyError(3), 429, 'nodes_busy'],
        [new VaultEmptyError('The vault is empty.'), 402, 'vault_empty'],
    ])('passes on why no node answered (%#)', async (error, status, code) => {
        server.inference.script = { error };
        await expectError(await chat(), status, code);
        await expectError(await chat({ stream: true }), status, code);
        expect((await rows()).at(-1)).toMatchObject({ status: code, price: 0n });
    });

    it('says nothing of an unknown error', async () => {
        server.inference.script = { error: new Error('the prompt was: plugh') };
        const error = await expectError(await chat(), 500, 'internal_error');
        expect(error.message).not.toMatch(/plugh/);
    });
});

describe('health and metrics', () => {
    it('reports checks and counts, without keys', async () => {
        await (await chat()).text();
        const health = await fetch(`${server.url}/healthz`);
        expect(health.status).toBe(200);
        expect(await health.json()).toMatchObject({
            ok: true,
            checks: { database: { ok: true }, lease: { ok: true } },
        });
        const text = await (await fetch(`${server.url}/metrics`)).text();
        expect(text).toMatch(
            /cocoon_gateway_requests_total\{route="\/v1\/chat\/completions",status="200"\} \d/,
        );
        expect(text).toMatch(/cocoon_gateway_tokens_total\{model="tiny",kind="prompt"\} \d/);
        expect(text).not.toContain(key.slice(-6));
    });
});
