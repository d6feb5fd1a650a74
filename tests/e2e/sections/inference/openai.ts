import OpenAI from 'openai';
import { until } from '../../../helpers/until';
import { embeddingOf } from '../../helpers/inference/engine';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';

const weather: OpenAI.ChatCompletionFunctionTool = {
    type: 'function',
    function: {
        name: 'get_weather',
        description: 'Weather of a city',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
};

export function openAiTests(fixture: () => GatewayFixture): void {
    const model = SCRIPTED.name;
    const ask = (content: string) => ({ model, messages: [{ role: 'user' as const, content }] });

    it('lists models and retrieves one', async () => {
        const openai = fixture().openai();
        const { data } = await openai.models.list();
        expect(data.map(({ id }) => id)).toEqual([model]);
        expect(await openai.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    });

    it('completes a chat', async () => {
        const completion = await fixture().openai().chat.completions.create(ask('say hello to all of you'));
        expect(completion).toMatchObject({
            object: 'chat.completion',
            model,
            choices: [
                {
                    index: 0,
                    finish_reason: 'stop',
                    message: { role: 'assistant', content: 'hello to all of you' },
                },
            ],
        });
        expect(completion.usage).toMatchObject({ completion_tokens: 5, total_tokens: 11 });
        expect(completion.id).toMatch(/^chatcmpl-/);
        expect(Math.abs(completion.created - Date.now() / 1_000)).toBeLessThan(60);
    });

    it('streams a chat in pieces, with usage when asked for', async () => {
        const stream = await fixture()
            .openai()
            .chat.completions.create({
                ...ask('slowly count 40'),
                stream: true,
                stream_options: { include_usage: true },
            });
        let text = '';
        let pieces = 0;
        let finish: string | null = null;
        let usage: unknown;
        for await (const chunk of stream) {
            expect(chunk.object).toBe('chat.completion.chunk');
            const [choice] = chunk.choices;
            if (choice?.delta.content) pieces++;
            text += choice?.delta.content ?? '';
            finish = choice?.finish_reason ?? finish;
            usage = chunk.usage ?? usage;
        }
        expect(text).toBe(Array.from({ length: 40 }, (_, i) => i + 1).join(' '));
        expect(finish).toBe('stop');
        // An answer of three chunks of 16 tokens, each paid before it came.
        expect(usage).toMatchObject({ completion_tokens: 40 });
        expect(pieces).toBeGreaterThan(10);
    });

    it('ends at max_tokens', async () => {
        const { choices, usage } = await fixture()
            .openai()
            .chat.completions.create({ ...ask('count 30'), max_completion_tokens: 7 });
        expect(choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '1 2 3 4 5 6 7' } });
        expect(usage!.completion_tokens).toBe(7);
    });

    it('calls tools, whole and streamed, and goes on with their results', async () => {
        const openai = fixture().openai();
        const request = { ...ask('What is the weather in Paris?'), tools: [weather] };
        const { choices } = await openai.chat.completions.create(request);
        const expected = {
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
        };
        expect(choices[0]).toMatchObject({
            finish_reason: 'tool_calls',
            message: { role: 'assistant', tool_calls: [expected] },
        });
        const streamed = await openai.chat.completions.stream(request).finalChatCompletion();
        expect(streamed.choices[0]!.message.tool_calls).toMatchObject([expected]);

        const after = await openai.chat.completions.create({
            model,
            tools: [weather],
            messages: [
                ...request.messages,
                choices[0]!.message,
                { role: 'tool', tool_call_id: 'call_1', content: 'say sunny' },
            ],
        });
        expect(after.choices[0]!.message.content).toBe('sunny');
    });

    it('runs tools by itself with the helper of the client', async () => {
        const cities: unknown[] = [];
        const runner = fixture()
            .openai()
            .chat.completions.runTools({
                ...ask('What is the weather in Paris?'),
                tools: [
                    {
                        type: 'function',
                        function: {
                            name: 'get_weather',
                            description: 'Weather of a city',
                            parameters: { type: 'object', properties: { city: { type: 'string' } } },
                            parse: JSON.parse,
                            function: (city: unknown) => {
                                cities.push(city);
                                return 'say rainy';
                            },
                        },
                    },
                ],
            });
        expect(await runner.finalContent()).toBe('rainy');
        expect(cities).toEqual([{ city: 'Paris' }]);
    });

    it('answers in JSON when asked to', async () => {
        const { choices } = await fixture()
            .openai()
            .chat.completions.create({
                ...ask('Which city? Answer in JSON.'),
                response_format: { type: 'json_object' },
            });
        expect(JSON.parse(choices[0]!.message.content!)).toEqual({ city: 'Paris' });
    });

    it('tells log-probabilities', async () => {
        const { choices } = await fixture()
            .openai()
            .chat.completions.create({ ...ask('say one two'), logprobs: true, top_logprobs: 2 });
        const content = choices[0]!.logprobs!.content!;
        expect(content.map(({ token, logprob }) => [token, logprob])).toEqual([
            ['one', -0.25],
            [' two', -0.25],
        ]);
        expect(content[0]!.top_logprobs).toHaveLength(2);
    });

    it('completes a text', async () => {
        const completion = await fixture()
            .openai()
            .completions.create({ model, prompt: 'say once upon a time', max_tokens: 3 });
        expect(completion).toMatchObject({
            object: 'text_completion',
            choices: [{ text: 'once upon a', finish_reason: 'length', index: 0 }],
        });
    });

    it('embeds one text and many, as floats and as base64', async () => {
        const openai = fixture().openai();
        const many = await openai.embeddings.create({ model, input: ['a', 'b'], encoding_format: 'float' });
        expect(many.data.map(({ embedding }) => embedding)).toEqual([
            embeddingOf('a', 8),
            embeddingOf('b', 8),
        ]);
        expect(many.usage.prompt_tokens).toBe(6);
        // The client asks for base64 by itself and decodes it.
        const one = await openai.embeddings.create({ model, input: 'a' });
        expect([...one.data[0]!.embedding]).toEqual(embeddingOf('a', 8));
    });

    it('stops the engine when the application aborts', async () => {
        const { world } = fixture();
        const before = world.engine.aborted;
        const stream = await fixture()
            .openai()
            .chat.completions.create({ ...ask('slowly count 200'), stream: true });
        let chunks = 0;
        for await (const _ of stream) if (++chunks === 3) stream.controller.abort();
        expect(chunks).toBeLessThan(200);
        await until(() => world.engine.aborted > before);
    });

    it('gives up after the timeout of the application, and the engine is stopped', async () => {
        const { world } = fixture();
        const before = world.engine.aborted;
        const slow = fixture().openai(undefined, { timeout: 400 }).chat.completions.create(ask('hang'));
        // Its subclass for timeouts where errors of the runtime have one realm, as they have not under Jest.
        await expect(slow).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
        await until(() => world.engine.aborted > before);
    });

    it('serves 64 streams at a time', async () => {
        const openai = fixture().openai();
        const answers = await Promise.all(
            Array.from({ length: 64 }, async (_, i) => {
                const stream = openai.chat.completions.stream(ask(`say answer number ${i} of many`));
                return stream.finalContent();
            }),
        );
        expect(answers).toEqual(answers.map((_, i) => `answer number ${i} of many`));
    });
}
