import { captureError } from '../../../tests/helpers/capture';
import {
    allocation,
    ask,
    keys,
    PRICES,
    primitives,
    setup,
    tokens,
} from '../../../tests/helpers/session/setup';
import { encryptionKeyPair } from '../../payload';
import { priceOf, type RefusalCode, signSessionKey } from '..';

const refuseOnce = (code: RefusalCode, needed?: bigint) => (attempt: number) =>
    attempt === 0 ? { code, message: 'x', needed } : undefined;

describe('a refusal', () => {
    it('for payment is paid within the bound, in one more attempt', async () => {
        const { node, newClient, newChannel } = setup({
            lies: { refuse: refuseOnce('payment_required', 120n) },
        });
        const channel = newChannel();
        await (await newClient().request(channel, ask())).collect();
        expect(node.served[0]!.voucher.cumulative).toBe(120n);
        expect(node.calls.filter((path) => path.endsWith('requests'))).toHaveLength(2);
    });

    it.each([
        ['beyond the bound', 100_000n],
        ['of what it has already', 1n],
        ['of nothing', undefined],
    ])('for payment %s is not paid', async (_, needed) => {
        const { newClient, newChannel } = setup({ lies: { refuse: refuseOnce('payment_required', needed) } });
        const channel = newChannel();
        const error = await captureError(() => newClient().request(channel, ask()));
        expect(error).toMatchObject({ code: 'session_payment_required', next: 'pay', needed });
        expect(channel.signed).toBeLessThan(100n);
    });

    it('that never ends is given up', async () => {
        const refuse = (attempt: number) => ({
            code: 'payment_required' as const,
            message: '',
            needed: 100n + BigInt(attempt),
        });
        const { node, newClient, newChannel } = setup({ lies: { refuse } });
        const error = await captureError(() => newClient().request(newChannel(), ask()));
        expect(error.code).toBe('session_payment_required');
        expect(node.calls.filter((path) => path.endsWith('requests'))).toHaveLength(4);
    });

    it.each(['sequence_used', 'sequence_too_old'] as const)('%s takes a new sequence', async (code) => {
        const { newClient, newChannel } = setup({ lies: { refuse: refuseOnce(code) } });
        const answer = await newClient().request(newChannel(), ask());
        expect(answer.sequence).toBe(2n);
        await answer.collect();
    });

    it.each([
        ['price_changed', 'offer', 409],
        ['allocation_released', 'allocate', 410],
        ['node_busy', 'node', 429],
        ['draining', 'node', 503],
        ['vault_unknown', 'chain', 403],
        ['clock_skew', 'clock', 401],
        ['context_too_long', 'correct', 400],
    ] as const)('%s reaches the caller and costs nothing', async (refusal, next, status) => {
        const { newClient, newChannel } = setup({ lies: { refuse: refuseOnce(refusal) } });
        const channel = newChannel();
        const client = newClient();
        const error = await captureError(() => client.request(channel, ask()));
        expect(error).toMatchObject({
            code: `session_${refusal}`,
            refusal,
            next,
            status,
            retryAfterSeconds: 1,
        });
        const { signed } = channel;
        await (await client.request(channel, ask({ maxCompletionTokens: 5 }))).cancel();
        expect(channel.signed).toBe(signed);
    });

    it('of a key makes the client read the key again', async () => {
        const { node, newClient, newChannel } = setup();
        const channel = newChannel();
        const client = newClient();
        const key = (seed: number) => {
            const pair = encryptionKeyPair(new Uint8Array(32).fill(seed));
            const facts = { publicKey: pair.publicKey, notBefore: 0, notAfter: 2_000_000_000 };
            const sessionKey = signSessionKey(primitives, keys.operatorSecretKey, allocation, facts);
            return { pair, sessionKey };
        };
        const [first, second] = [key(1), key(2)];
        node.replaceKeys([first.pair], first.sessionKey);
        await (await client.request(channel, ask())).collect();
        node.replaceKeys([second.pair], second.sessionKey);
        await (await client.request(channel, ask())).collect();
        expect(node.served).toHaveLength(2);
        expect(node.calls.filter((path) => path.endsWith('node'))).toHaveLength(2);
    });

    it('of a session key that the operator did not sign: the key on chain is used', async () => {
        const { node, newClient, newChannel } = setup();
        const pair = encryptionKeyPair(new Uint8Array(32).fill(3));
        const facts = { publicKey: pair.publicKey, notBefore: 0, notAfter: 2_000_000_000 };
        // Signed by another key than the operator's.
        node.sessionKey = signSessionKey(primitives, keys.voucherSecretKey, allocation, facts);
        await (await newClient().request(newChannel(), ask())).collect();
        expect(node.served).toHaveLength(1);
    });
});

describe('paying', () => {
    it('of parallel requests gives each its chunk, and no more than that', async () => {
        const { node, newClient, newChannel } = setup({ script: tokens(50) });
        const channel = newChannel();
        const client = newClient();
        const answers = await Promise.all(Array.from({ length: 20 }, () => client.request(channel, ask())));
        const results = await Promise.all(answers.map((answer) => answer.collect()));
        const price = priceOf({ prompt: 10, cached: 0, completion: 50 }, PRICES);
        expect(results.map(({ result }) => result.price)).toEqual(Array(20).fill(price));
        expect(node.ledger.owed).toBe(20n * price);
        // What 20 requests had prepaid at once: a chunk of 16 tokens at 2 nanoTON, and estimates of prompts.
        expect(channel.signed - 20n * price).toBeLessThan(20n * (32n + 60n));
    });

    it('stops at the allocation, with what was delivered', async () => {
        const { newClient, newChannel } = setup({ allocated: 100n });
        const channel = newChannel();
        const answer = await newClient().request(channel, ask());
        const delivered: unknown[] = [];
        const error = await captureError(async () => {
            for await (const delta of answer) delivered.push(delta);
        });
        expect(error).toMatchObject({ code: 'session_allocation_spent', allocated: 100n });
        expect(delivered.length).toBeGreaterThanOrEqual(16);
        expect(channel.signed <= 100n).toBe(true);
    });

    it('goes on when the allocation was increased', async () => {
        const { newClient, newChannel } = setup({ allocated: 50n });
        const channel = newChannel();
        const client = newClient();
        const error = await captureError(() => client.request(channel, ask()));
        expect(error.code).toBe('session_allocation_spent');
        channel.increase(10_000n);
        await (await client.request(channel, ask())).collect();
    });

    it('of an answer that was left early is put right by the next request', async () => {
        const { node, newClient, newChannel } = setup();
        const channel = newChannel();
        const client = newClient();
        const controller = new AbortController();
        const answer = await client.request(channel, ask({ signal: controller.signal }));
        let count = 0;
        const error = await captureError(async () => {
            for await (const _ of answer) if (++count === 20) controller.abort();
        });
        expect(error.code).toBe('operation_aborted');
        await expect(answer.final).rejects.toBe(error);
        // The node stopped at the end of the second chunk, which was paid.
        while (node.ledger.owed < 10n + 64n) await new Promise(setImmediate);
        node.ledger.endAll();
        node.script = tokens(5);
        const { result } = await (await client.request(channel, ask())).collect();
        expect(node.ledger.owed).toBe(74n + result.price);
        expect(channel.signed - node.ledger.owed).toBeLessThan(100n);
    });

    it('sends a payment whose answer was lost again, as the same bytes', async () => {
        const sent: string[] = [];
        const { newClient, newChannel } = setup({
            wrap: (inner) => ({
                ...inner,
                async post(url, body, options) {
                    const response = await inner.post(url, body, options);
                    if (!url.endsWith('payments')) return response;
                    sent.push(Buffer.from(body).toString('hex'));
                    if (sent.length === 1) throw new Error('ECONNRESET');
                    return response;
                },
            }),
        });
        await (await newClient().request(newChannel(), ask())).collect();
        while (sent.length < 3) await new Promise(setImmediate);
        expect(sent.filter((bytes) => bytes === sent[0])).toHaveLength(2);
        expect(new Set(sent).size).toBe(2);
    });

    it('that fails for good ends the answer', async () => {
        const { newClient, newChannel } = setup({
            wrap: (inner) => ({
                ...inner,
                post: (url, body, options) =>
                    url.endsWith('payments')
                        ? Promise.reject(new Error('ECONNREFUSED'))
                        : inner.post(url, body, options),
            }),
        });
        const answer = await newClient().request(newChannel(), ask());
        expect((await captureError(() => answer.collect())).code).toBe('session_unreachable');
    });

    it('needs nothing for embeddings beyond the prompt', async () => {
        const script = [
            {
                delta: {
                    e: [
                        [0.5, -1],
                        [1, 2],
                    ],
                },
                tokens: 0,
            },
        ];
        const { newClient, newChannel } = setup({ script });
        const channel = newChannel();
        const request = ask({ task: 'embedding', body: { input: ['a', 'b'] } });
        const { deltas, result } = await (await newClient().request(channel, request)).collect();
        expect(deltas).toEqual([script[0]!.delta]);
        expect(result.price).toBe(10n);
    });

    it('ends with a release, which shows what the node holds', async () => {
        const { node, newClient, newChannel } = setup();
        const channel = newChannel();
        const client = newClient();
        await (await client.request(channel, ask())).collect();
        const status = await client.release(channel);
        expect(status).toMatchObject({ cumulative: channel.signed, owed: node.ledger.owed, releasing: true });
        expect(await client.state(channel)).toMatchObject({ releasing: false, highestSequence: 1n });
    });
});
