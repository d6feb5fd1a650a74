import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embedMany, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { embeddingOf } from '../../helpers/inference/engine';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';

export function aiSdkTests(fixture: () => GatewayFixture): void {
    const provider = (apiKey = fixture().apiKey) =>
        createOpenAICompatible({
            name: 'cocoon',
            baseURL: fixture().gateway.baseUrl,
            apiKey,
            includeUsage: true,
        });

    it('generates text', async () => {
        const { text, finishReason, usage } = await generateText({
            model: provider()(SCRIPTED.name),
            prompt: 'say good morning',
        });
        expect([text, finishReason, usage.outputTokens]).toEqual(['good morning', 'stop', 2]);
    });

    it('streams text', async () => {
        const { textStream, usage } = streamText({
            model: provider()(SCRIPTED.name),
            prompt: 'count 30',
        });
        let text = '';
        for await (const piece of textStream) text += piece;
        expect(text).toMatch(/^1 2 3 .* 29 30$/);
        expect((await usage).outputTokens).toBe(30);
    });

    it('calls a tool and answers with its result', async () => {
        const cities: string[] = [];
        const { text, steps } = await generateText({
            model: provider()(SCRIPTED.name),
            prompt: 'What is the weather in Paris?',
            stopWhen: stepCountIs(3),
            tools: {
                get_weather: tool({
                    inputSchema: jsonSchema<{ city: string }>({
                        type: 'object',
                        properties: { city: { type: 'string' } },
                        required: ['city'],
                    }),
                    execute: async ({ city }) => {
                        cities.push(city);
                        return 'say foggy';
                    },
                }),
            },
        });
        expect(cities).toEqual(['Paris']);
        expect(text).toContain('foggy');
        expect(steps).toHaveLength(2);
    });

    it('embeds texts', async () => {
        const { embeddings } = await embedMany({
            model: provider().textEmbeddingModel(SCRIPTED.name),
            values: ['left', 'right'],
        });
        expect(embeddings).toEqual([embeddingOf('left', 8), embeddingOf('right', 8)]);
    });

    it('shows the errors of the gateway', async () => {
        const call = generateText({ model: provider('wrong')(SCRIPTED.name), prompt: 'hi', maxRetries: 0 });
        await expect(call).rejects.toMatchObject({ statusCode: 401 });
    });
}
