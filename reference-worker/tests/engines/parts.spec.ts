import { createNullEngine, parseChatRequest } from '../../src/engines';
import { Slots } from '../../src/engines/slots';
import { StopFilter } from '../../src/engines/stop-filter';

describe('stop strings', () => {
    const run = (pieces: string[], stops: string[]) => {
        const shown: string[] = [];
        const filter = new StopFilter(stops, (text) => shown.push(text));
        const stopped = pieces.some((piece) => filter.push(piece));
        filter.finish();
        expect(shown.join('')).toBe(filter.text);
        return { text: filter.text, stopped };
    };

    test.each<[string[], string[], string, boolean]>([
        [['abc', 'def'], [], 'abcdef', false],
        [['abc', 'def'], ['cd'], 'ab', true],
        [['ab', 'c'], ['bcd'], 'abc', false],
        [['a', 'a', 'a', 'b'], ['aab'], 'a', true],
        [['xENDy'], ['END', 'x'], '', true],
        [['one\n', '\ntwo'], ['\n\n'], 'one', true],
    ])('%j stopped by %j', (pieces, stops, text, stopped) => {
        expect(run(pieces, stops)).toEqual({ text, stopped });
    });

    test('every way to cut a text into pieces gives the same answer', () => {
        const text = 'aabaabcab';
        for (let cuts = 0; cuts < 1 << (text.length - 1); cuts++) {
            const pieces = [...text].reduce<string[]>((parts, letter, index) => {
                if (index > 0 && (cuts >> (index - 1)) & 1) parts.push(letter);
                else parts.push((parts.pop() ?? '') + letter);
                return parts;
            }, []);
            expect(run(pieces, ['aabc', 'cc'])).toEqual({ text: 'aab', stopped: true });
        }
    });
});

describe('slots', () => {
    test('hand over in order of arrival, never twice at the same time, and close after the last', async () => {
        const slots = new Slots(['a', 'b']);
        const busy = new Set<string>();
        const order: number[] = [];
        const jobs = Array.from({ length: 20 }, (_, index) =>
            slots.use(async (slot) => {
                expect(busy.has(slot)).toBe(false);
                busy.add(slot);
                order.push(index);
                await new Promise(setImmediate);
                busy.delete(slot);
            }),
        );
        await Promise.all(jobs);
        expect(order).toEqual([...order].sort((left, right) => left - right));
    });

    test('a failing task gives its slot back; closing waits for running and refuses waiting ones', async () => {
        const slots = new Slots([1]);
        await expect(slots.use(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
        let finish = () => {};
        const running = slots.use(() => new Promise<void>((resolve) => (finish = resolve)));
        const waiting = slots.use(async () => {});
        const refused = expect(waiting).rejects.toMatchObject({ code: 'aborted' });
        let closed = false;
        const closing = slots.close().then(() => (closed = true));
        await refused;
        expect(closed).toBe(false);
        finish();
        await Promise.all([running, closing]);
        expect(closed).toBe(true);
    });
});

describe('OpenAI request bodies', () => {
    const messages = [{ role: 'user', content: 'secret words' }];

    test('known fields are taken, unknown ignored, null is absent', () => {
        expect(
            parseChatRequest({
                model: 'm',
                messages,
                max_tokens: 5,
                max_completion_tokens: 7,
                stop: 'x',
                seed: null,
                user: 'u',
            }),
        ).toEqual({ messages, maxTokens: 7, stop: ['x'], temperature: 1 });
        const parts = [
            {
                role: 'user',
                content: [
                    { type: 'text', text: 'a' },
                    { type: 'text', text: 'b' },
                ],
            },
        ];
        expect(parseChatRequest({ messages: parts }).messages).toEqual([{ role: 'user', content: 'ab' }]);
    });

    test.each([
        [null],
        ['text'],
        [{}],
        [{ messages: [] }],
        [{ messages: [{ role: 'user' }] }],
        [{ messages: [{ role: 'root', content: 'secret words' }] }],
        [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'secret words' }] }] }],
        [{ messages, n: 2 }],
        [{ messages, temperature: 3 }],
        [{ messages, max_tokens: 0 }],
        [{ messages, stream: true }],
        [{ messages, tools: [{ type: 'function' }] }],
    ])('%j is refused without repeating it', (body) => {
        expect(() => parseChatRequest(body)).toThrow(
            expect.objectContaining({
                code: 'bad_request',
                retryable: false,
                message: expect.not.stringContaining('secret'),
            }),
        );
    });
});

describe('the null engine', () => {
    const open = () =>
        createNullEngine({ type: 'null', completionTokens: 3, tokensPerStep: 2, concurrency: 1 });
    const request = { messages: [{ role: 'user' as const, content: 'x' }] };

    test('answers with the configured number of tokens, or fewer where fewer are asked for', async () => {
        expect(await open().complete(request)).toMatchObject({
            text: 'xxx',
            tokenIds: [0, 0, 0],
            finishReason: 'stop',
            usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 3 },
        });
        expect(await open().complete({ ...request, maxTokens: 2 })).toMatchObject({
            text: 'xx',
            finishReason: 'length',
            usage: { completionTokens: 2 },
        });
    });

    test('streams in steps, frees its slot when left, and ends on abort', async () => {
        const engine = open();
        const lengths: number[] = [];
        for await (const tokens of engine.stream(request)) lengths.push(tokens.length);
        expect(lengths).toEqual([2, 1]);
        for await (const _tokens of engine.stream(request)) break;
        const stop = new AbortController();
        const stream = engine.stream(request, { signal: stop.signal });
        await stream.next();
        stop.abort();
        expect(await stream.next()).toMatchObject({
            done: true,
            value: { finishReason: 'abort', usage: { completionTokens: 2 } },
        });
        await engine.close();
    });

    test('embeds, counts, and refuses what it cannot do', async () => {
        const engine = open();
        const { embeddings, promptTokens } = await engine.embed!(['a', 'b']);
        expect(embeddings).toEqual([
            Float32Array.of(0.5, 0.5, 0.5, 0.5),
            Float32Array.of(0.5, 0.5, 0.5, 0.5),
        ]);
        expect(await engine.countPromptTokens({ input: ['a', 'b'] })).toBe(promptTokens);
        expect(await engine.countPromptTokens(request)).toBe(1);
        const json = { ...request, responseFormat: { type: 'json_object' as const } };
        await expect(engine.complete(json)).rejects.toMatchObject({ code: 'unsupported' });
    });
});
