import { FrameDecoder, parseAnswerFrame } from 'cocoon-sdk';
import { temporaryDirectory } from '../helpers/temporary';
import { primitives, readReply, textOf } from './client';
import { scriptedEngine, tokens } from './engine';
import { TestNode } from './node';

const directory = temporaryDirectory();
const CHAT = { messages: [{ role: 'user', content: 'a question' }], max_tokens: 40, seed: 7 };
const SESSIONS = { chunkTokens: 16 };

afterEach(() => {
    jest.useRealTimers();
});

/** Reads an answer and pays each receipt's next chunk as it comes. */
async function paying(node: TestNode, prepaid: bigint, perChunk: bigint) {
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, { sequence: 1n, cumulative: prepaid });
    const answer = await client.post('requests', sealed);
    const decoder = new FrameDecoder(primitives, sealed.responseKey);
    const frames = [];
    let cumulative = prepaid;
    for await (const chunk of answer.body) {
        for (const frame of decoder.push(chunk).map(parseAnswerFrame)) {
            frames.push(frame);
            if (frame.type !== 'receipt') continue;
            cumulative += perChunk;
            expect((await client.pay(1n, frame.receipt.chunk + 1, cumulative)).status).toBe(204);
        }
    }
    return frames;
}

test('what comes at once is one delta, cut where a chunk ends; each next chunk waits for its payment', async () => {
    const engine = scriptedEngine({ steps: [tokens(7), tokens(30), tokens(3)] });
    const node = TestNode.start({ directory, sessions: SESSIONS, engine });
    const frames = await paying(node, 26n, 16n);
    const shape = frames.map((frame) =>
        frame.type === 'delta'
            ? frame.delta.i!.length
            : `${frame.type} ${'receipt' in frame && frame.receipt.chunk}`,
    );
    expect(shape).toEqual([7, 9, 'receipt 1', 16, 'receipt 2', 5, 3, 'final 3']);
    const last = frames.at(-1)!;
    if (last.type !== 'final') throw new Error(last.type);
    expect(last.receipt).toMatchObject({
        usage: { prompt: 10, cached: 0, completion: 40 },
        price: 50n,
        seed: 7n,
    });
    const issued = frames.flatMap((frame) => ('receipt' in frame ? [frame.receipt.issuedAt] : []));
    expect(new Set(issued).size).toBe(1);
    await node.close();
});

test('an unpaid chunk is not generated: after ten seconds the answer ends, with what is owed so far', async () => {
    const engine = scriptedEngine({ steps: [tokens(16), tokens(16), tokens(8)] });
    const node = TestNode.start({ directory, sessions: SESSIONS, engine });
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, { sequence: 1n, cumulative: 26n });
    const answer = await client.post('requests', sealed);
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
    const reading = readReply(answer, sealed);
    while (node.node.ledger.find(allocation)!.isIdle || node.journal.sessions.receipts(1).length === 0) {
        await new Promise((resolve) => setImmediate(resolve));
    }
    jest.advanceTimersByTime(9_900);
    await new Promise((resolve) => setImmediate(resolve));
    expect(node.node.running).toBe(1);
    expect(engine.asked).toBe(1);
    jest.advanceTimersByTime(200);
    const { frames } = await reading;
    jest.useRealTimers();
    expect(frames.map(({ type }) => type)).toEqual(['delta', 'receipt', 'failure']);
    expect(frames.at(-1)).toMatchObject({ failure: { code: 'payment_required' } });
    const { info } = await client.control('state', Math.floor(Date.now() / 1000));
    expect(info).toMatchObject({ owed: 26n, cumulative: 26n });
    await node.close();
});

const allocation = { vault: `0:${'03'.repeat(32)}`, slot: 3, generation: 5n };

test('an engine that fails half-way: a receipt over what was delivered, then the failure', async () => {
    const boom = async () => {
        throw new Error('the engine says: a question');
    };
    const node = TestNode.start({
        directory,
        sessions: SESSIONS,
        engine: scriptedEngine({ steps: [tokens(5), boom] }),
    });
    const client = await node.client();
    const reply = await client.request(CHAT, { sequence: 1n, cumulative: 100n });
    expect(reply.frames.map(({ type }) => type)).toEqual(['delta', 'receipt', 'failure']);
    expect(reply.frames[1]).toMatchObject({ receipt: { chunk: 1, usage: { completion: 5 }, price: 15n } });
    expect(
        JSON.stringify(reply.frames[2], (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('question');
    const { info } = await client.control('state', Math.floor(Date.now() / 1000));
    expect(info!.owed).toBe(15n);
    await node.close();
});

test('an engine that never stops is cut at the limit that was asked for', async () => {
    const node = TestNode.start({
        directory,
        sessions: SESSIONS,
        engine: scriptedEngine({ steps: [tokens(200)] }),
    });
    const frames = await paying(node, 26n, 16n);
    const last = frames.at(-1)!;
    expect(last).toMatchObject({
        type: 'final',
        info: { finish: 'length' },
        receipt: { usage: { completion: 40 } },
    });
    await node.close();
});

test('cached tokens cost less, unless that would take back what an earlier receipt says', async () => {
    const offers = [{ ...(await import('./node')).OFFER, cachedPromptPrice: 0n }];
    const cheap = { prompt: 1_000_000n, cachedPrompt: 0n, completion: 1_000_000n };
    for (const [count, cached, price] of [
        [10, 8, 12n],
        [18, 2, 26n],
    ] as const) {
        const engine = scriptedEngine({ steps: [tokens(count)], cachedTokens: 8 });
        const node = TestNode.start({ directory, sessions: SESSIONS, engine, offers });
        const client = await node.client();
        const reply = await client.request(CHAT, { sequence: 1n, cumulative: 1_000n, prices: cheap });
        expect(reply.frames.at(-1)).toMatchObject({ receipt: { usage: { cached }, price } });
        await node.close();
    }
});

test('an engine without ids: as many tokens as there are bytes of text and 64 more', async () => {
    const silent = tokens(100, '').map((token) => ({ ...token, id: null, logprob: null }));
    const node = TestNode.start({ directory, engine: scriptedEngine({ steps: [silent], counted: false }) });
    const client = await node.client();
    const reply = await client.request({ ...CHAT, max_tokens: 100 }, { sequence: 1n, cumulative: 1_000n });
    expect(textOf(reply)).toBe('');
    expect(reply.frames.at(-1)).toMatchObject({ receipt: { usage: { prompt: 10, completion: 64 } } });
    await node.close();
});

test('nobody reads: after five seconds the request ends with its receipt, and its slot is free', async () => {
    const engine = scriptedEngine({ steps: [tokens(5), () => new Promise(() => {})] });
    const node = TestNode.start({ directory, sessions: SESSIONS, engine });
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, { sequence: 1n, cumulative: 100n });
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance', 'Date'] });
    const { body } = await client.post('requests', sealed);
    const reading = body[Symbol.asyncIterator]();
    await reading.next();
    await reading.return?.();
    jest.advanceTimersByTime(4_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(node.node.running).toBe(1);
    jest.advanceTimersByTime(1);
    await node.node.idle(new AbortController().signal);
    jest.useRealTimers();
    const { frames } = await readReply(await client.post('requests', sealed), sealed);
    expect(frames.at(-2)).toMatchObject({ type: 'receipt', receipt: { price: 15n } });
    expect(frames.at(-1)).toMatchObject({ failure: { code: 'abandoned' } });
    await node.close();
});
