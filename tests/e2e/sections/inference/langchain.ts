import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { embeddingOf } from '../../helpers/inference/engine';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';

export function langChainTests(fixture: () => GatewayFixture): void {
    const settings = (apiKey = fixture().apiKey) => ({
        model: SCRIPTED.name,
        apiKey,
        maxRetries: 0,
        configuration: { baseURL: fixture().gateway.baseUrl },
    });

    it('invokes a chat model', async () => {
        const answer = await new ChatOpenAI(settings()).invoke([
            new SystemMessage('You repeat.'),
            new HumanMessage('say good evening'),
        ]);
        expect(answer.content).toBe('good evening');
        expect(answer.usage_metadata!.output_tokens).toBe(2);
    });

    it('streams a chat model', async () => {
        let text = '';
        for await (const piece of await new ChatOpenAI(settings()).stream('count 25')) text += piece.content;
        expect(text).toMatch(/^1 2 3 .* 24 25$/);
    });

    it('binds tools', async () => {
        const weather = tool(async () => 'sunny', {
            name: 'get_weather',
            description: 'Weather of a city',
            schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        });
        const { tool_calls } = await new ChatOpenAI(settings())
            .bindTools([weather])
            .invoke('Weather in Paris?');
        expect(tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Paris' } }]);
    });

    it('embeds texts', async () => {
        const vectors = await new OpenAIEmbeddings(settings()).embedDocuments(['up', 'down']);
        expect(vectors.map((vector) => [...vector])).toEqual([embeddingOf('up', 8), embeddingOf('down', 8)]);
    });

    it('shows the errors of the gateway', async () => {
        const call = new ChatOpenAI(settings('wrong')).invoke('hi');
        await expect(call).rejects.toMatchObject({ status: 401 });
    });
}
