import type { OpenAiEngineConfig } from '../../src/config';
import { OpenAiEngine } from '../../src/engines';
import { verifierEngine } from '../../src/verifier';
import { listen, type TestServer } from '../helpers/http';

/** Speaks as vLLM does: `/tokenize`, `/detokenize`, and `/v1/completions` with `prompt_logprobs`. */
let server: TestServer;
let asked: Record<string, Record<string, unknown>> = {};
let places: unknown[] = [];
let finish = 'length';
let detokenizes = true;

const PROMPT = [1, 2, 3];
const CLAIM = { tokenIds: [10, 11], logprobs: [Math.log(0.5), Math.log(0.25)] };
const place = (probabilities: Record<string, number>) =>
    Object.fromEntries(
        Object.entries(probabilities).map(([id, each], rank) => [
            id,
            { logprob: Math.log(each), rank: rank + 1 },
        ]),
    );

beforeAll(async () => {
    server = await listen((request, response) => {
        let text = '';
        request.on('data', (data) => {
            text += data;
        });
        request.on('end', () => {
            const path = request.url!;
            asked[path] = JSON.parse(text);
            const answers: Record<string, unknown> = {
                '/tokenize': { count: 3, tokens: PROMPT },
                '/v1/completions': {
                    choices: [
                        {
                            finish_reason: finish,
                            prompt_logprobs: places,
                            logprobs: { token_logprobs: [Math.log(0.75)] },
                        },
                    ],
                },
                ...(detokenizes ? { '/detokenize': { prompt: 'ab' } } : {}),
            };
            response.writeHead(answers[path] ? 200 : 404, { 'content-type': 'application/json' });
            response.end(JSON.stringify(answers[path] ?? {}));
        });
    });
});
afterAll(() => server.close());
beforeEach(() => {
    asked = {};
    finish = 'length';
    detokenizes = true;
    places = [
        null,
        place({ 2: 1 }),
        place({ 3: 1 }),
        place({ 10: 0.5, 9: 0.4 }),
        place({ 8: 0.6, 11: 0.25 }),
    ];
});

const config = (changes: Partial<OpenAiEngineConfig> = {}): OpenAiEngineConfig => ({
    type: 'openai',
    baseUrl: `${server.url}/v1`,
    model: 'm',
    timeoutSeconds: 5,
    concurrency: 1,
    returnTokenIds: true,
    tokenizePath: '/tokenize',
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
const request = { messages: [{ role: 'user' as const, content: 'x' }], temperature: 1 };

test('scores by the log-probabilities that the server tells of prompt and answer', async () => {
    const engine = new OpenAiEngine(config());
    const scored = await engine.score!(request, CLAIM);
    expect(asked['/v1/completions']).toMatchObject({
        prompt: [1, 2, 3, 10, 11],
        max_tokens: 1,
        prompt_logprobs: 20,
    });
    expect(asked['/detokenize']).toEqual({ model: 'm', tokens: [10, 11] });
    expect(scored).toMatchObject({ promptTokens: 3, text: 'ab' });
    const [first, second] = scored.tokens;
    expect(first!.logprob).toBeCloseTo(Math.log(0.5), 9);
    expect([first!.isTop, second!.isTop]).toEqual([true, false]);
    // What the server does not tell is in the tail: the likeliest has between 0.6 / 1 and 0.6 / 0.85 of what counts.
    expect(second!.top[0]).toBeCloseTo(0.6, 9);
    expect(second!.top[1]).toBeCloseTo(0.6 / 0.85, 9);
    expect(second!.doubt).toBeCloseTo(0.8, 9);
    // The likeliest has three quarters: an end that is not named has a quarter at most.
    expect(scored.end).toMatchObject({ isTop: false, logprob: Math.log(0.25) });
    finish = 'stop';
    expect((await engine.score!(request, CLAIM)).end).toMatchObject({ isTop: true });
    await engine.close();
});

test('bounds of the likeliest hold at other temperatures and within a nucleus', async () => {
    const engine = new OpenAiEngine(config());
    const topOf = async (changes: object) =>
        (await engine.score!({ ...request, ...changes }, CLAIM)).tokens[1]!.top;
    // 0.6² of 0.6² + 0.25² and a tail of 0.15 in tokens of up to 0.25.
    const [low, high] = await topOf({ temperature: 0.5 });
    expect(high).toBeCloseTo(0.36 / (0.36 + 0.0625), 9);
    expect(low).toBeCloseTo(0.36 / (0.36 + 0.0625 + 0.15 * 0.25), 9);
    expect((await topOf({ temperature: 2 }))[0]).toBeLessThan(0.01);
    expect((await topOf({ topP: 0.5 }))[1]).toBe(1);
    expect(await topOf({ presencePenalty: 1 })).toEqual([0, 1]);
    await engine.close();
});

test('what cannot be scored: without tokens of prompts, by form, by a server that leaves places out', async () => {
    const without = new OpenAiEngine({ ...config(), tokenizePath: undefined } as OpenAiEngineConfig);
    expect(verifierEngine(without)).toBeUndefined();
    const engine = new OpenAiEngine(config());
    detokenizes = false;
    expect((await engine.score!(request, CLAIM)).text).toBeNull();
    const formed = {
        task: 'chat' as const,
        body: { messages: request.messages, response_format: { type: 'json_object' } },
    };
    const answer = { text: '', ...CLAIM, finish: 'stop' as const, seed: null };
    expect(await verifierEngine(engine)!.rescore(formed, answer)).toBe('not_judgeable');
    expect(await verifierEngine(engine)!.rescore({ task: 'chat', body: {} }, answer)).toBe('request_invalid');
    places = places.slice(1);
    await expect(engine.score!(request, CLAIM)).rejects.toMatchObject({ code: 'server_error' });
    await Promise.all([engine.close(), without.close()]);
});
