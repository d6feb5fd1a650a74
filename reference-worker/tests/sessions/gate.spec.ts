import { temporaryDirectory } from '../helpers/temporary';
import { PRICES, type Reply } from './client';
import { failure, scriptedEngine, tokens } from './engine';
import { CHAT, OFFER, TestNode, type TestNodeOptions } from './node';

const directory = temporaryDirectory();
const OK = { sequence: 1n, cumulative: 10_000n };
let node: TestNode;

function start(options: Omit<TestNodeOptions, 'directory'> = {}): TestNode {
    node = TestNode.start({ directory, ...options });
    return node;
}

afterEach(async () => {
    await node.close();
    expect(node.fatal).toEqual([]);
});

function refusal({ status, error }: Reply): [number, string | undefined] {
    return [status, error?.code];
}

test('bytes that are no envelope, of another version, of another kind, altered, or for another key', async () => {
    start();
    const client = await node.client();
    const { call } = client.options;
    const sealed = client.sealRequest(CHAT, OK);
    const changed = async (index: number, value?: number) => {
        const bytes = Uint8Array.from(sealed.bytes);
        bytes[index] = value ?? bytes[index]! ^ 1;
        const answer = await call('/cocoon/v1/requests', bytes);
        let text = '';
        for await (const chunk of answer.body) text += Buffer.from(chunk);
        return [answer.status, JSON.parse(text).error.code];
    };
    expect(await changed(0, 2)).toEqual([400, 'protocol_unsupported']);
    expect(await changed(1, 2)).toEqual([400, 'envelope_invalid']);
    expect(await changed(sealed.bytes.length - 1)).toEqual([400, 'envelope_invalid']);
    expect(await changed(60)).toEqual([421, 'key_unknown']);
    // The sequence is bound to the ciphertext.
    expect(await changed(49)).toEqual([400, 'envelope_invalid']);
    const short = await call('/cocoon/v1/requests', sealed.bytes.subarray(0, 40));
    expect(short.status).toBe(400);
});

test('vault, terms and allocation must be there and for this node', async () => {
    start();
    const client = await node.client();
    node.facts = undefined;
    expect(refusal(await client.request(CHAT, OK))).toEqual([403, 'vault_unknown']);

    const cases: [object, [number, string]][] = [
        [{ generation: 4n }, [403, 'allocation_unknown']],
        [{ generation: 6n }, [410, 'allocation_released']],
        [{ slot: 4 }, [403, 'allocation_unknown']],
        [{ releaseAt: 99 }, [410, 'allocation_released']],
    ];
    for (const [changes, expected] of cases) {
        await node.close();
        start();
        node.change(changes);
        expect(refusal(await (await node.client()).request(CHAT, OK))).toEqual(expected);
    }
});

test('an allocation of another node, or that pays anybody else, is none', async () => {
    start();
    const other = node.makeAllocation().payee;
    node.change({ node: other });
    expect(refusal(await (await node.client()).request(CHAT, OK))).toEqual([403, 'allocation_unknown']);
    await node.close();
    start();
    node.change({ payee: node.makeAllocation().node });
    expect(refusal(await (await node.client()).request(CHAT, OK))).toEqual([403, 'allocation_unknown']);
});

test('terms that the node has dropped serve nothing new', async () => {
    start();
    node.servedTerms.clear();
    expect(refusal(await (await node.client()).request(CHAT, OK))).toEqual([403, 'terms_unknown']);
});

test('the voucher key must have signed encapsulation and voucher, and not for more than there is', async () => {
    start();
    const client = await node.client();
    const seed = Buffer.alloc(32, 77);
    const voucher = await client.request(CHAT, { ...OK, voucherSeed: seed });
    expect(refusal(voucher)).toEqual([400, 'voucher_invalid']);
    // It holds for all that is sealed with one encapsulation; another one needs its own.
    await client.encapsulate();
    const authorization = await client.request(CHAT, { ...OK, authorizationSeed: seed });
    expect(refusal(authorization)).toEqual([401, 'signature_invalid']);
    const tooMuch = await client.request(CHAT, { ...OK, cumulative: 1_000_001n });
    expect(refusal(tooMuch)).toEqual([400, 'voucher_invalid']);
    // An increase that the node has not seen yet is looked up once.
    node.change({ allocated: 1_000_001n });
    const increased = await client.request(CHAT, { ...OK, cumulative: 1_000_001n });
    expect(increased.status).toBe(200);
});

test('a refused request leaves its sequence to the next attempt; 402 says what is needed', async () => {
    start();
    const client = await node.client();
    const first = await client.request(CHAT, { ...OK, cumulative: 10n });
    expect(refusal(first)).toEqual([402, 'payment_required']);
    expect(first.error!.needed).toBe('65');
    const second = await client.request(CHAT, { ...OK, cumulative: 64n, counter: 1 });
    expect(refusal(second)).toEqual([402, 'payment_required']);
    const third = await client.request(CHAT, { ...OK, cumulative: 65n, counter: 2 });
    expect(third.status).toBe(200);
    // What was paid for tokens that were not generated counts for the next: 21 of 65 are spent.
    const next = await client.request(CHAT, { sequence: 2n, cumulative: 86n });
    expect(next.status).toBe(200);
});

test('model, price, context and body', async () => {
    start();
    const client = await node.client();
    const modelId = Buffer.alloc(32, 0x22);
    expect(refusal(await client.request(CHAT, { ...OK, modelId }))).toEqual([404, 'model_unknown']);
    for (const field of ['prompt', 'cachedPrompt', 'completion'] as const) {
        const prices = { ...PRICES, [field]: PRICES[field] - 1n };
        expect(refusal(await client.request(CHAT, { ...OK, prices }))).toEqual([409, 'price_changed']);
    }
    expect(refusal(await client.request({ messages: [] }, OK))).toEqual([400, 'request_invalid']);
    const tools = { ...CHAT, response_format: { type: 'json_object' } };
    expect(refusal(await client.request(tools, OK))).toEqual([400, 'request_invalid']);
    node.offers = [{ ...OFFER, contextLength: 1 }];
    expect(refusal(await client.request(CHAT, OK))).toEqual([400, 'context_too_long']);
    node.offers = [];
    expect(refusal(await client.request(CHAT, OK))).toEqual([404, 'model_unknown']);
});

test('an engine that fails before its first token is a refusal, and nothing is owed', async () => {
    for (const [code, expected] of [
        ['unreachable', [502, 'engine_failed']],
        ['rate_limited', [429, 'node_busy']],
        ['context_too_long', [400, 'context_too_long']],
        ['unsupported', [400, 'request_invalid']],
    ] as const) {
        await node?.close().catch(() => undefined);
        start({ engine: scriptedEngine({ steps: [failure(code)] }) });
        const client = await node.client();
        expect(refusal(await client.request(CHAT, OK))).toEqual(expected);
        const { info } = await client.control('state', Math.floor(Date.now() / 1000));
        expect(info).toMatchObject({ owed: 0n, cumulative: 10_000n });
    }
});

test('jobs and sessions share the slots; no more are taken than there are', async () => {
    let open = () => {};
    const wait = new Promise<void>((resolve) => {
        open = resolve;
    });
    start({ engine: scriptedEngine({ steps: [tokens(1), () => wait], capacity: 2 }) });
    const client = await node.client();
    const { capacity } = node.env.models.get(OFFER.modelId.toString(16))!;
    const job = capacity.useForJob(() => wait, new AbortController().signal);
    const first = client.request(CHAT, OK);
    while (capacity.running < 2) await new Promise((resolve) => setImmediate(resolve));
    const busy = await client.request(CHAT, { sequence: 2n, cumulative: 10_000n });
    expect(refusal(busy)).toEqual([429, 'node_busy']);
    expect(busy.headers['retry-after']).toBe('1');
    open();
    await job;
    expect((await first).status).toBe(200);
    await node.node.idle(new AbortController().signal);
    expect(capacity.running).toBe(0);
});

test('draining: nothing new, but the same bytes still get their answer', async () => {
    start();
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, OK);
    const before = await client.post('requests', sealed);
    for await (const _ of before.body);
    node.node.beginDrain();
    expect((await client.post('requests', sealed)).status).toBe(200);
    expect(refusal(await client.request(CHAT, { sequence: 2n, cumulative: 10_000n }))).toEqual([
        503,
        'draining',
    ]);
});

test('control calls: the time within a minute, signed by the voucher key', async () => {
    start();
    const client = await node.client();
    const now = Math.floor(Date.now() / 1000);
    expect(await client.control('state', now - 90)).toMatchObject({
        status: 401,
        error: { code: 'clock_skew' },
    });
    expect(await client.control('state', now, Buffer.alloc(32, 8))).toMatchObject({
        status: 401,
        error: { code: 'signature_invalid' },
    });
    const release = await client.control('release', now);
    expect(release).toMatchObject({ status: 202, info: { releasing: true } });
    expect(refusal(await client.request(CHAT, OK))).toEqual([410, 'allocation_released']);
});

test('without the chain: known allocations go on within the limit, unknown ones are refused', async () => {
    let time = 1_750_000_000_000;
    start({ now: () => time, sessions: { maxUnredeemed: '100' } });
    const client = await node.client();
    expect((await client.request(CHAT, { sequence: 1n, cumulative: 65n })).status).toBe(200);
    node.chainFailure = new Error('unreachable');
    time += 600_000;
    expect((await client.request(CHAT, { sequence: 2n, cumulative: 86n })).status).toBe(200);
    const beyond = await client.request(CHAT, { sequence: 3n, cumulative: 1_000n });
    expect(refusal(beyond)).toEqual([503, 'chain_unavailable']);
    const stranger = await node.client({ vault: Buffer.alloc(32, 99) });
    expect(refusal(await stranger.request(CHAT, OK))).toEqual([503, 'chain_unavailable']);
});

test('the node tells its session key, and opens what is sealed to it', async () => {
    start();
    const answer = await node.node.handler.handle({
        method: 'GET',
        path: '/cocoon/v1/node',
        body: new Uint8Array(0),
        signal: new AbortController().signal,
    });
    const info = JSON.parse(Buffer.from(answer.body as Uint8Array).toString());
    expect(info).toMatchObject({ protocol: 1, network: -217, chunkTokens: 128, capacity: 4, running: 0 });
    const client = await node.client({ nodeKey: Buffer.from(info.sessionKey.publicKey, 'hex') });
    expect((await client.request(CHAT, OK)).status).toBe(200);
});

test('preflight, unknown paths and wrong methods', async () => {
    start();
    const call = (method: string, path: string) =>
        node.node.handler.handle({
            method,
            path,
            body: new Uint8Array(0),
            signal: new AbortController().signal,
        });
    expect(await call('OPTIONS', '/cocoon/v1/requests')).toMatchObject({
        status: 204,
        headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' },
    });
    expect((await call('GET', '/cocoon/v1/requests')).status).toBe(405);
    expect((await call('POST', '/cocoon/v1/__proto__')).status).toBe(404);
    expect((await call('GET', '/')).status).toBe(404);
});
