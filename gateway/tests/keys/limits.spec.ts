import { createKey, type Gateway, revokeKey } from '../../src';
import type { ApiKey } from '../../src/keys';
import { RateLimiter } from '../../src/limits';
import { CHAT, startGateway, type TestGateway } from '../helpers/gateway';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();
let server: TestGateway;
let now = 1_760_000_000_000;

beforeAll(async () => {
    server = await startGateway(directory, { ledger: { budgetBlock: 10_000 } }, { now: () => now });
});
afterAll(() => server.stop());
beforeEach(() => {
    server.inference.script = {};
    server.inference.requests.length = 0;
});

const database = (): Gateway['context']['database'] => server.gateway.context.database;
const chat = (key: string, body: object = {}) =>
    server.call(key, '/v1/chat/completions', { ...CHAT, ...body });
const codeOf = async (response: Response) =>
    ((await response.json()) as { error?: { code: string } }).error?.code ?? 'ok';

describe('keys', () => {
    it('are known by their hash only', async () => {
        const { secret, key } = await createKey(database(), { name: 'one' });
        const { rows } = await database().query('SELECT * FROM api_keys WHERE id = $1', [key.id]);
        expect(JSON.stringify(rows, (_, value) => String(value ?? ''))).not.toContain(secret);
        expect(secret.endsWith(key.hint)).toBe(true);
    });

    it('end within ten seconds when revoked', async () => {
        const { secret, key } = await createKey(database(), { name: 'gone' });
        expect(await codeOf(await chat(secret))).toBe('ok');
        expect(await revokeKey(database(), key.id)).toBe(true);
        now += 10_000;
        expect(await codeOf(await chat(secret))).toBe('invalid_api_key');
        expect(await revokeKey(database(), 'key_none')).toBe(false);
    });

    it('may be bound to models', async () => {
        const key = await server.key({ models: ['tiny'] });
        expect(await codeOf(await chat(key))).toBe('ok');
        expect(await codeOf(await chat(key, { model: 'org/other' }))).toBe('model_not_allowed');
        const list = (await (await server.call(key, '/v1/models')).json()) as { data: unknown[] };
        expect(list.data).toHaveLength(1);
    });

    it('may cap the tokens of an answer', async () => {
        const key = await server.key({ maxTokens: 16 });
        expect(await codeOf(await chat(key))).toBe('ok');
        expect(server.inference.requests[0]?.body.max_tokens).toBe(16);
        expect(await codeOf(await chat(key, { max_tokens: 17 }))).toBe('max_tokens_too_large');
        expect(await codeOf(await chat(key, { max_completion_tokens: 17 }))).toBe('max_tokens_too_large');
        expect(await codeOf(await chat(key, { max_completion_tokens: 3 }))).toBe('ok');
    });
});

describe('budgets', () => {
    it('end answers before they cost more, then refuse', async () => {
        server.inference.script = (request) => ({ price: request.maxCost ?? 0n });
        const key = await server.key({ budgetTotal: 100_000n });
        let spent = 0n;
        for (let i = 0; i < 100; i++) {
            const response = await chat(key);
            const body = (await response.json()) as { cocoon?: { price: string }; error?: { code: string } };
            if (body.error) {
                expect([response.status, body.error.code]).toEqual([402, 'budget_exceeded']);
                expect(spent).toBe(100_000n);
                return;
            }
            spent += BigInt(body.cocoon!.price);
        }
        throw new Error('the budget never ended');
    });

    it('refuse a limit of tokens that could cost more than is left', async () => {
        const key = await server.key({ budgetTotal: 10_000n });
        const response = await chat(key, { max_tokens: 100_000 });
        expect(response.status).toBe(402);
        expect(await codeOf(response)).toBe('max_tokens_over_budget');
        expect(server.inference.requests).toHaveLength(0);
    });

    it('give back what a failed request held', async () => {
        const key = await server.key({ budgetTotal: 10_000n });
        server.inference.script = { error: new Error('no') };
        for (let i = 0; i < 5; i++)
            expect(await codeOf(await chat(key, { max_tokens: 100 }))).toBe('internal_error');
        server.inference.script = {};
        expect(await codeOf(await chat(key, { max_tokens: 100 }))).toBe('ok');
    });
});

describe('rate limits', () => {
    it('count requests of the minute and say when to come back', async () => {
        const key = await server.key({ requestsPerMinute: 2 });
        expect(await codeOf(await chat(key))).toBe('ok');
        expect(await codeOf(await chat(key))).toBe('ok');
        const response = await chat(key);
        expect(response.status).toBe(429);
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(await codeOf(response)).toBe('rate_limit_exceeded');
    });

    it('count tokens when the answer is there', async () => {
        server.inference.script = { tokens: { prompt: 900, completion: 200 } };
        const key = await server.key({ tokensPerMinute: 1000 });
        expect(await codeOf(await chat(key))).toBe('ok');
        expect(await codeOf(await chat(key))).toBe('rate_limit_exceeded');
    });

    it('refill evenly, and are shared by all gateways', () => {
        let time = 0;
        let peers = 1;
        const limiter = new RateLimiter({ peers: () => peers, now: () => time });
        const key = { id: 'k', requestsPerMinute: 60, tokensPerMinute: null } as ApiKey;
        const count = () => {
            let admitted = 0;
            try {
                for (;;) {
                    limiter.admit(key);
                    admitted++;
                }
            } catch {
                return admitted;
            }
        };
        expect(count()).toBe(60);
        time += 10_000;
        expect(count()).toBe(10);
        peers = 3;
        time += 30_000;
        expect(count()).toBe(10);
        time += 600_000;
        expect(count()).toBe(20);
    });
});
