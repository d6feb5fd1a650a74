import { captureError } from '../../../tests/helpers/capture';
import type { Lies } from '../../../tests/helpers/session/scripted-node';
import {
    allocation,
    ask,
    keys,
    MODEL,
    PRICES,
    primitives,
    setup,
    tokens,
} from '../../../tests/helpers/session/setup';
import { decodeReceipt, priceOf, type ReceiptBody, type SessionViolationError, verifyReceipt } from '..';

type Setting = ReturnType<typeof setup>;

const run = async ({ newClient, newChannel }: Setting) => {
    const answer = await newClient().request(newChannel(), ask());
    const delivered: string[] = [];
    const error = await captureError(async () => {
        for await (const { t } of answer) delivered.push(t ?? '');
    });
    await expect(answer.final).rejects.toBe(error);
    return { error, delivered, answer };
};

const repriced = (body: ReceiptBody, usage: Partial<ReceiptBody['usage']>): ReceiptBody => {
    const changed = { ...body.usage, ...usage };
    return { ...body, usage: changed, price: priceOf(changed, PRICES) };
};
const other = new Uint8Array(32);

const lies: [string, string, Lies][] = [
    ['signs with another key', 'receipt_signature', { signed: (bytes) => bytes.with(5, bytes[5]! ^ 1) }],
    [
        'signs another number than it sends',
        'receipt_signature',
        { signed: (bytes) => bytes.with(67, bytes[67]! + 1) },
    ],
    ['asks a higher price', 'price', { receipt: (body) => ({ ...body, price: body.price + 1n }) }],
    ['asks a lower price', 'price', { receipt: (body) => ({ ...body, price: body.price - 1n }) }],
    ['signs for another request', 'request_hash', { receipt: (body) => ({ ...body, requestHash: other }) }],
    ['signs for another answer', 'response_hash', { receipt: (body) => ({ ...body, responseHash: other }) }],
    [
        'counts too many prompt tokens',
        'prompt_tokens',
        { receipt: (body) => repriced(body, { prompt: 5_000 }) },
    ],
    [
        'has more in its cache than was asked',
        'cached_tokens',
        { receipt: (body) => repriced(body, { cached: 11 }) },
    ],
    [
        'counts tokens that it did not send',
        'completion_tokens',
        { receipt: (body) => repriced(body, { completion: body.usage.completion + 1 }) },
    ],
    [
        'counts fewer tokens than it sent',
        'completion_tokens',
        { receipt: (body) => repriced(body, { completion: body.usage.completion - 1 }) },
    ],
    ['skips a chunk', 'receipt_chunk', { receipt: (body) => ({ ...body, chunk: body.chunk + 1 }) }],
    ['signs a chunk twice', 'receipt_chunk', { receipt: (body) => ({ ...body, chunk: 1 }) }],
    [
        'accepted the request before it was sent',
        'issued_at',
        { receipt: (body) => ({ ...body, issuedAt: body.issuedAt - 61 }) },
    ],
    [
        'accepted the request in the future',
        'issued_at',
        { receipt: (body) => ({ ...body, issuedAt: body.issuedAt + 61 }) },
    ],
    [
        'changes the time of the request',
        'issued_at',
        { receipt: (body) => ({ ...body, issuedAt: body.issuedAt + body.chunk }) },
    ],
    [
        'shrinks its counters',
        'receipt_shrank',
        { receipt: (body) => repriced(body, { prompt: body.chunk === 1 ? 10 : 9 }) },
    ],
    ['says another seed at the end', 'seed', { receipt: (body) => ({ ...body, seed: 8n }) }],
    ['says another number of cached tokens at the end', 'cached_tokens', { finalCached: 1 }],
];

describe('a node that', () => {
    it.each(lies)('%s is found out', async (_, violation, lie) => {
        const setting = setup({ lies: lie });
        const { error, answer } = await run(setting);
        expect(error).toMatchObject({ code: 'session_violation', violation });
        expect((error as SessionViolationError).message).not.toContain('w1');
        const [kept, ...more] = setting.evidence;
        expect(more).toEqual([]);
        expect(kept).toMatchObject({ violation, channelId: 'channel', sequence: 1n, modelId: MODEL });
        expect(kept!.salt).toHaveLength(32);
        const receipt = decodeReceipt(kept!.receipt!);
        // Evidence convicts only where the signature is right.
        const place = { ...allocation, sequence: 1n, modelId: MODEL };
        expect(verifyReceipt(primitives, keys.operatorKey, place, receipt)).toBe(
            violation !== 'receipt_signature',
        );
        expect(kept!.previousReceipt === undefined).toBe(answer.receipt === undefined);
    });

    it('sends more tokens than the limit is found out', async () => {
        const setting = setup({ script: tokens(40) });
        const answer = await setting
            .newClient()
            .request(setting.newChannel(), ask({ maxCompletionTokens: 20 }));
        expect(await captureError(() => answer.collect())).toMatchObject({ violation: 'completion_limit' });
    });

    it('counts tokens without ids beyond the bytes of its text is found out', async () => {
        const script = [{ delta: { t: 'four' }, tokens: 69 }];
        const setting = setup({ script });
        expect((await run(setting)).error).toMatchObject({ violation: 'completion_tokens' });
        const honest = setup({ script: [{ delta: { t: 'four' }, tokens: 68 }] });
        const answer = await honest.newClient().request(honest.newChannel(), ask());
        expect((await answer.collect()).result.usage.completion).toBe(68);
    });

    it('never answers is given up', async () => {
        const { clock, node, newClient, newChannel } = setup({ lies: { silent: true } });
        const asking = captureError(() => newClient().request(newChannel(), ask()));
        while (!node.calls.includes('/cocoon/v1/requests')) await new Promise(setImmediate);
        clock.pass(59_000);
        clock.pass(2_000);
        expect(await asking).toMatchObject({ code: 'session_timeout' });
    });

    it('falls silent half-way is given up, with what it delivered', async () => {
        const stall = async function* (frames: AsyncIterable<Uint8Array>) {
            let count = 0;
            for await (const frame of frames) {
                if (count++ === 5) await new Promise(() => undefined);
                yield frame;
            }
        };
        const setting = setup({ lies: { frames: stall } });
        const answer = await setting.newClient().request(setting.newChannel(), ask());
        const delivered: string[] = [];
        const reading = captureError(async () => {
            for await (const { t } of answer) delivered.push(t ?? '');
        });
        while (delivered.length < 5) await new Promise(setImmediate);
        await new Promise(setImmediate);
        setting.clock.pass(60_000);
        expect(await reading).toMatchObject({ code: 'session_timeout' });
        expect(delivered).toHaveLength(5);
    });

    it('fails half-way is owed what it has a receipt for', async () => {
        const setting = setup({ lies: { failAfter: 20 } });
        const { error, delivered, answer } = await run(setting);
        expect(error).toMatchObject({ code: 'session_failed', failure: 'engine_failed' });
        expect(delivered).toHaveLength(20);
        expect(answer.receipt!.usage.completion).toBe(16);
    });

    it('fails before the first token lets another node be asked', async () => {
        const { newClient, newChannel } = setup({ lies: { failAfter: 0 } });
        const error = await captureError(() => newClient().request(newChannel(), ask()));
        expect(error.code).toBe('session_failed');
    });
});
