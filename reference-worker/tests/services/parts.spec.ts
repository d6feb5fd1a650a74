import { decodeRequest, decodeResult, encodeRequest, MAX_INLINE_BYTES } from 'cocoon-sdk';
import { ChainClock } from '../../src/chain/clock';
import { type Completion, type Engine, EngineError } from '../../src/engines';
import { Metrics } from '../../src/observability';
import { answerBatch } from '../../src/services/execution/batch';
import { answerItem } from '../../src/services/execution/item';
import { toEngineRequest } from '../../src/services/execution/map-request';
import { toResult } from '../../src/services/execution/map-result';
import { ProgressVault } from '../../src/services/execution/vault';
import { Capacity } from '../../src/services/policy/capacity';
import { minimumPrice, secondsUntilPrice } from '../../src/services/policy/price';
import { Throughput } from '../../src/services/policy/throughput';
import { batchBytes, fairShare, leastResultBytes } from '../../src/services/results/budget';

const SPEC = {
    items: 10,
    startPrice: 1_000n,
    maxPrice: 2_000n,
    rampSeconds: 100,
} as Parameters<typeof secondsUntilPrice>[0];

const completion = (changes: Partial<Completion> = {}): Completion => ({
    text: 'hello',
    tokenIds: [1, 2],
    logprobs: [
        { id: 1, text: 'hel', logprob: -0.123456 },
        { id: 2, text: 'lo', logprob: -0 },
    ],
    finishReason: 'stop',
    seed: 7,
    usage: { promptTokens: 3, cachedTokens: 0, completionTokens: 2 },
    ...changes,
});

describe('price', () => {
    const inputs = {
        spec: SPEC,
        pricing: { minPricePerItem: 0n, promptPer1M: 0n, completionPer1M: 0n },
        policy: { minProfit: 0n },
        feeBps: 0,
        messageCost: 0n,
        inputBytes: 0,
    };

    it('is the highest of pay by item, by token, and cost with profit after the fee', () => {
        expect(minimumPrice(inputs)).toBe(0n);
        expect(minimumPrice({ ...inputs, pricing: { ...inputs.pricing, minPricePerItem: 5n } })).toBe(50n);
        const perToken = { ...inputs.pricing, promptPer1M: 4_000_000n, completionPer1M: 1_000_000n };
        expect(minimumPrice({ ...inputs, pricing: perToken, inputBytes: 400 })).toBe(400n + 2_560n);
        const withFee = { ...inputs, feeBps: 500, messageCost: 900n, policy: { minProfit: 50n } };
        expect(minimumPrice(withFee)).toBe(1_000n);
        // One nanoTON less would not cover it.
        expect((999n * 9_500n) / 10_000n).toBeLessThan(950n);
    });

    it('tells when a rising price is reached', () => {
        expect(secondsUntilPrice(SPEC, 1_200n, 1_200n)).toBe(0);
        expect(secondsUntilPrice(SPEC, 1_000n, 1_001n)).toBe(1);
        expect(secondsUntilPrice(SPEC, 1_000n, 2_000n)).toBe(100);
        expect(secondsUntilPrice(SPEC, 1_000n, 2_001n)).toBeUndefined();
    });
});

test('throughput estimates with a reserve, and knows nothing at first', () => {
    const throughput = new Throughput();
    expect(throughput.estimate('m', 100, 4)).toBe(0);
    throughput.record('m', 2);
    expect(throughput.estimate('m', 9, 4)).toBe(9);
});

test('the chain clock goes by the newest block and never back', () => {
    let now = 1_000_000;
    const clock = new ChainClock(() => now);
    expect(clock.now()).toBe(1_000);
    clock.observe(5_000);
    clock.observe(4_000);
    expect(clock.now()).toBe(5_000);
    now += 10_000;
    expect(clock.now()).toBe(5_010);
});

describe('requests', () => {
    const messages = [{ role: 'user' as const, content: 'hi' }];

    it('mean what OpenAI means by them', () => {
        expect(toEngineRequest({ messages })).toEqual({ messages, temperature: 1 });
        const full = {
            messages,
            max_tokens: 5,
            temperature: 0.5,
            top_p: 0.9,
            seed: 2 ** 31 + 3,
            stop: ['x'],
        };
        expect(toEngineRequest(full)).toEqual({
            messages,
            maxTokens: 5,
            temperature: 0.5,
            topP: 0.9,
            seed: 3,
            stop: ['x'],
        });
        expect(toEngineRequest({ messages, top_p: 0 }).temperature).toBe(0);
        expect(() => toEngineRequest({ messages, presence_penalty: 1 })).toThrow('not supported');
    });

    it('become results that decode, with log-probabilities only where asked for', () => {
        const bare = decodeResult(toResult(completion({ text: 'a\ud800b' }), false));
        expect(bare).toMatchObject({ text: 'a\ufffdb', logprobs: null, tokenIds: [1, 2], seed: 7 });
        expect(decodeResult(toResult(completion(), true)).logprobs).toEqual([-0.1235, 0]);
        expect(decodeResult(toResult(completion({ tokenIds: [] }), true)).logprobs).toBeNull();
    });
});

describe('items', () => {
    const model = (complete: Engine['complete']) =>
        ({ name: 'm', engine: { complete }, capacity: new Capacity(1) }) as never;
    const options = (complete: Engine['complete'], maxBytes = 10_000) => ({
        model: model(complete),
        metrics: new Metrics(),
        maxBytes,
        signal: new AbortController().signal,
    });
    const request = encodeRequest({ messages: [{ role: 'user', content: 'hi' }] });

    it('that are garbage or too long are answered with their error', async () => {
        const garbage = await answerItem(
            Uint8Array.of(1),
            options(async () => completion()),
        );
        expect(decodeResult(garbage)).toMatchObject({ finishReason: 'error', error: 'request_invalid' });
        const long = await answerItem(
            request,
            options(() => Promise.reject(new EngineError('context_too_long', 'long', { remedy: 'shorten' }))),
        );
        expect(decodeResult(long)).toMatchObject({ finishReason: 'error', error: 'context_too_long' });
        expect(decodeRequest(request).messages).toHaveLength(1);
    });

    it('are not blamed for what the engine does', async () => {
        const down = options(() =>
            Promise.reject(new EngineError('unreachable', 'down', { remedy: 'start it' })),
        );
        await expect(answerItem(request, down)).rejects.toMatchObject({ code: 'unreachable' });
        const aborted = options(async () => completion({ finishReason: 'abort' }));
        await expect(answerItem(request, aborted)).rejects.toMatchObject({ code: 'aborted' });
    });

    it('that do not fit are asked for again, shorter and from the same seed', async () => {
        const asked: (number | undefined)[] = [];
        const complete: Engine['complete'] = async ({ maxTokens = 400, seed }) => {
            asked.push(seed);
            const tokenIds = Array.from({ length: maxTokens }, () => 12_345);
            return completion({
                text: 'word '.repeat(maxTokens),
                tokenIds,
                finishReason: 'length',
                usage: { promptTokens: 1, cachedTokens: 0, completionTokens: maxTokens },
            });
        };
        const result = await answerItem(request, options(complete, 1_000));
        expect(result.length).toBeLessThanOrEqual(1_000);
        expect(result.length).toBeGreaterThan(700);
        expect(asked).toEqual([undefined, 7, 7]);
        const hopeless = await answerItem(request, options(complete, 10));
        expect(decodeResult(hopeless).error).toBe('result_too_large');
    });
});

describe('batches', () => {
    const items = Array.from({ length: 4 }, (_, index) => ({
        salt: new Uint8Array(32),
        data: Uint8Array.of(index),
    }));

    it('fit a message: only answers above an equal share are shortened', async () => {
        const calls: [number, number][] = [];
        const sizes = [100, 9_000, 9_000, 100];
        const results = await answerBatch({
            items,
            finished: new Map(),
            concurrency: 2,
            maxItemBytes: 16_000,
            inline: true,
            answer: async ([index], maxBytes) => {
                calls.push([index!, maxBytes]);
                return new Uint8Array(Math.min(sizes[index!]!, maxBytes));
            },
            keep: () => {},
        });
        expect(calls.slice(4).map(([index]) => index)).toEqual([1, 2]);
        expect(batchBytes(results.map(({ length }) => length))).toBeLessThanOrEqual(MAX_INLINE_BYTES);
        expect(results[0]).toHaveLength(100);
    });

    it('go on where an earlier run stopped, and begin nothing after a failure', async () => {
        const done: number[] = [];
        const finished = new Map([[0, Uint8Array.of(0)]]);
        const failing = answerBatch({
            items,
            finished,
            concurrency: 1,
            maxItemBytes: 100,
            inline: true,
            answer: async ([index]) => {
                done.push(index!);
                if (index === 2) throw new Error('engine');
                return Uint8Array.of(index!);
            },
            keep: () => {},
        });
        await expect(failing).rejects.toThrow('engine');
        expect(done).toEqual([1, 2]);
        expect([...finished.keys()]).toEqual([0, 1]);
    });

    it('have shares that add up, down to answers that would be nothing but envelope', () => {
        for (const count of [1, 8, 53]) {
            const share = fairShare(count);
            expect(batchBytes(Array(count).fill(share))).toBeLessThanOrEqual(MAX_INLINE_BYTES);
            expect(batchBytes(Array(count).fill(share + 1))).toBeGreaterThan(MAX_INLINE_BYTES);
        }
        expect(leastResultBytes(53)).toBeGreaterThanOrEqual(256);
        expect(leastResultBytes(54)).toBeUndefined();
    });
});

test('progress opens only for the same job, claim, item and key', () => {
    const key = Buffer.alloc(32, 1);
    const vault = new ProgressVault(key, '0:aa', 1);
    const sealed = vault.seal(3, Buffer.from('answer'));
    expect(sealed.includes('answer')).toBe(false);
    expect(vault.open(3, sealed)?.toString()).toBe('answer');
    expect(vault.open(4, sealed)).toBeUndefined();
    expect(new ProgressVault(key, '0:aa', 2).open(3, sealed)).toBeUndefined();
    expect(new ProgressVault(Buffer.alloc(32, 2), '0:aa', 1).open(3, sealed)).toBeUndefined();
});
