import OpenAI from 'openai';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';

export function errorTests(fixture: () => GatewayFixture): void {
    const model = SCRIPTED.name;
    const ask = (content: string) => ({ model, messages: [{ role: 'user' as const, content }] });

    /** The error that a call ends with; its message must say what to do. */
    async function failure(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
        const error = await call.then(
            () => undefined,
            (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(OpenAI.APIError);
        const failed = error as InstanceType<typeof OpenAI.APIError>;
        expect(failed.message).toMatch(/\. [A-Z]\w+ /);
        return failed;
    }
    const create = (body: object, key?: string) =>
        fixture()
            .openai(key)
            .chat.completions.create(body as never);

    it('says that the key is wrong', async () => {
        const error = await failure(create(ask('say hi'), 'sk-cocoon-wrong'));
        expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
        expect(error.code).toBe('invalid_api_key');
    });

    it('knows no other models', async () => {
        const error = await failure(create({ ...ask('say hi'), model: 'gpt-none' }));
        expect(error).toBeInstanceOf(OpenAI.NotFoundError);
        expect(error.code).toBe('model_not_found');
    });

    it.each([
        ['no messages', { messages: undefined }, 'missing_required_parameter'],
        ['a role that nobody has', { messages: [{ role: 'king', content: 'x' }] }, 'invalid_value'],
        ['a temperature of 9', { temperature: 9 }, 'invalid_value'],
        ['two answers at once', { n: 2 }, 'unsupported_parameter'],
    ])('refuses %s', async (_, change, code) => {
        const error = await failure(create({ ...ask('say hi'), ...change }));
        expect(error).toBeInstanceOf(OpenAI.BadRequestError);
        expect(error.code).toBe(code);
        expect(error.param).toEqual(expect.any(String));
    });

    it('refuses a body that is not JSON', async () => {
        const response = await fetch(`${fixture().gateway.baseUrl}/chat/completions`, {
            method: 'POST',
            headers: { authorization: `Bearer ${fixture().apiKey}`, 'content-type': 'application/json' },
            body: '{"model":',
        });
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
            error: { code: 'invalid_json', type: 'invalid_request_error' },
        });
    });

    it('refuses what is longer than every context', async () => {
        const error = await failure(create(ask('word '.repeat(20_000))));
        expect(error.status).toBe(400);
        expect(error.code).toBe('context_length_exceeded');
    });

    it('keeps a key within its budget', async () => {
        const { poorKey } = fixture();
        const tooMany = await failure(create({ ...ask('say hi'), max_tokens: 1_000_000 }, poorKey));
        expect([tooMany.status, tooMany.code]).toEqual([402, 'max_tokens_over_budget']);
        let last: { status?: number; code?: string | null } = {};
        for (let i = 0; i < 30 && last.code === undefined; i++) {
            await create({ ...ask('count 3'), max_tokens: 3 }, poorKey).catch((error) => {
                last = error;
            });
        }
        expect(last.status).toBe(402);
        expect(['budget_exceeded', 'max_tokens_over_budget']).toContain(last.code);
    });

    it('says that the only node failed', async () => {
        const error = await failure(create(ask('fail')));
        expect(error.status).toBe(502);
        expect(error.code).toBe('nodes_failed');
    });

    it('passes on that an answer broke off', async () => {
        const stream = await fixture()
            .openai()
            .chat.completions.create({ ...ask('slowly break, then count 10'), stream: true });
        const read = async () => {
            for await (const _ of stream);
        };
        const error = await failure(read());
        expect(error.code).toBe('answer_interrupted');
    });

    it('knows no other routes', async () => {
        const response = await fetch(`${fixture().gateway.baseUrl}/audio/speech`, {
            method: 'POST',
            headers: { authorization: `Bearer ${fixture().apiKey}` },
        });
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ error: { code: 'unknown_route' } });
    });
}
