import type { SessionDelta } from 'cocoon-sdk';
import type { EngineToken } from '../../src/engines';
import { temporaryDirectory } from '../helpers/temporary';
import { scriptedEngine } from './engine';
import { TestNode } from './node';
import { SdkClient } from './sdk-client';

const directory = temporaryDirectory();
const SESSIONS = { chunkTokens: 16 };
const BODY = { messages: [{ role: 'user', content: 'a question' }], max_tokens: 400 };

/** Tokens of a server that tells no ids. */
const silent = (count: number, change: Partial<EngineToken> = {}): EngineToken[] =>
    Array.from({ length: count }, () => ({ text: '', id: null, logprob: null, count: 1, ...change }));

const call = (text: string): Partial<EngineToken> => ({
    toolCalls: [{ index: 0, function: { arguments: text } }],
});

/** As the page says it: bytes of text, reasoning and the JSON of tool calls. */
function bytesOf(deltas: readonly SessionDelta[]): number {
    return deltas.reduce((sum, { t = '', r = '', c }) => {
        return sum + Buffer.byteLength(t + r) + (c ? Buffer.byteLength(JSON.stringify(c)) : 0);
    }, 0);
}

async function answer(steps: EngineToken[][], body: Record<string, unknown> = BODY) {
    const engine = scriptedEngine({ steps, counted: false });
    const node = TestNode.start({ directory, sessions: SESSIONS, engine });
    const client = new SdkClient(node);
    // The SDK's client throws at the first receipt that it does not believe.
    const { deltas, result } = await client.ask(body);
    expect(client.evidence).toEqual([]);
    const { info } = await (await node.client()).control('state', Math.floor(Date.now() / 1000));
    expect(info!.owed).toBe(result.price);
    await node.close();
    return { deltas, result };
}

test('tokens of tool calls are paid without ids, as many as the client believes', async () => {
    const { result } = await answer([silent(40, call('{"city":')), silent(60, call('"Bern"}'))]);
    expect(result.usage.completion).toBe(100);
});

test.each<[string, EngineToken[][]]>([
    ['nothing but silence', [silent(300)]],
    ['silence, then text', [silent(150), silent(10, { text: 'é' }), silent(140)]],
    ['text of many bytes', [silent(200, { text: '日本' })]],
    ['half characters', [silent(90, { text: '\ud83d' }), silent(90, { text: '\ude00' })]],
    ['text and a tool call', [silent(30, { text: 'a' }), silent(1, call('"ü"')), silent(269)]],
])('%s: never more than bytes and 64, and all of them where there are fewer', async (_, steps) => {
    const { deltas, result } = await answer(steps);
    const generated = steps.reduce((sum, step) => sum + step.length, 0);
    expect(result.usage.completion).toBe(Math.min(generated, bytesOf(deltas) + 64));
});

test('a prompt that only the server counts: paid by its estimate, named at the end', async () => {
    const engine = scriptedEngine({
        steps: [silent(16, { text: 'x' }), silent(10, { text: 'x' })],
        counted: false,
    });
    const node = TestNode.start({ directory, sessions: SESSIONS, engine });
    const client = await node.client();
    const short = await client.request(BODY, { sequence: 1n, cumulative: 16n });
    expect(short).toMatchObject({ status: 402 });
    const json = Buffer.byteLength(JSON.stringify(BODY));
    const estimate = BigInt(Math.ceil(json / 3));
    expect(BigInt(short.error!.needed!)).toBe(estimate + 16n);

    const sealed = client.sealRequest(BODY, { sequence: 1n, counter: 1, cumulative: estimate + 16n });
    const { body } = await client.post('requests', sealed);
    const reading = body[Symbol.asyncIterator]();
    await reading.next();
    const { info } = await client.control('state', Math.floor(Date.now() / 1000));
    expect(info!.owed).toBe(estimate + 16n);
    // The next chunk waits for a payment that takes the estimate in.
    expect((await client.pay(1n, 2, estimate + 31n)).status).toBe(204);
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.asked).toBe(1);
    expect((await client.pay(1n, 3, estimate + 32n)).status).toBe(204);
    for (let step = await reading.next(); !step.done; step = await reading.next());
    const after = await client.control('state', Math.floor(Date.now() / 1000));
    expect(after.info!.owed).toBe(10n + 26n);
    await node.close();
});

test('receipts that name no prompt, then one that does, are believed', async () => {
    const { result } = await answer([silent(40, { text: 'x' })]);
    expect(result.receipt.chunk).toBe(3);
    expect(result.usage).toEqual({ prompt: 10, cached: 0, completion: 40 });
});
