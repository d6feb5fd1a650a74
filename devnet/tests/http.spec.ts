import { Cell } from '@ton/core';
import { closeAll, plainAddress, rpc, startNet, type TestNet, TON, testWallet, transfer } from './helpers';

let net: TestNet;
let base: string;
const address = plainAddress(0xee);

beforeAll(async () => {
    net = await startNet();
    base = net.url.replace('/jsonRPC', '');
    await net.devnet.fund(address, TON);
});
afterAll(closeAll);

const post = (path: string, body: string) => fetch(`${base}${path}`, { method: 'POST', body });

it.each(['/jsonRPC', '/api/v2/jsonRPC', '/'])('takes JSON-RPC at %s', async (path) => {
    const response = await post(
        path,
        JSON.stringify({ id: 7, method: 'getAddressBalance', params: { address: address.toString() } }),
    );
    expect(await response.json()).toEqual({ ok: true, result: String(TON), jsonrpc: '2.0', id: 7 });
});

it('takes REST calls, by GET with a query and by POST with a body', async () => {
    const get = await fetch(`${base}/api/v2/getAddressState?address=${address.toRawString()}`);
    expect(await get.json()).toMatchObject({ ok: true, result: 'uninitialized' });
    const posted = await post(
        '/api/v2/runGetMethod',
        JSON.stringify({ address: address.toString(), method: 'seqno', stack: [] }),
    );
    expect(await posted.json()).toMatchObject({ ok: true, result: { exit_code: -13, stack: [] } });
});

it('lets web pages in: preflight and answers carry CORS headers', async () => {
    const preflight = await fetch(net.url, {
        method: 'OPTIONS',
        headers: {
            origin: 'http://localhost:3000',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type,x-ton-client-version,x-api-key',
        },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-ton-client-version');
    const answer = await fetch(`${base}/api/v2/getMasterchainInfo`);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
});

it.each([
    ['not JSON', '{"method":', 400, /not JSON/],
    ['a batch', '[]', 400, /one JSON object/],
    ['no method', '{}', 400, /no method/],
    ['positional parameters', '{"method":"shards","params":[1]}', 400, /named parameters/],
    ['an unknown method', '{"method":"eth_call"}', 422, /Unknown method "eth_call"/],
    ['a method of every object', '{"method":"toString"}', 422, /Unknown method/],
    ['a missing parameter', '{"method":"shards"}', 422, /missing parameter: seqno/],
    ['a bad address', '{"method":"getAddressBalance","params":{"address":"x"}}', 416, /Incorrect address/],
    ['a block not yet made', '{"method":"shards","params":{"seqno":99999}}', 500, /not applied/],
    ['a bag of cells that is none', '{"method":"sendBoc","params":{"boc":"AAAA"}}', 500, /failed to parse/],
])('answers %s with a status and a reason', async (_what, body, status, error) => {
    const response = await post('/jsonRPC', body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
        ok: false,
        code: status,
        error: expect.stringMatching(error),
    });
});

it('refuses a body that is too large and keeps serving', async () => {
    const response = await post('/jsonRPC', 'x'.repeat(5 * 1024 * 1024));
    expect(response.status).toBe(413);
    expect((await rpc(net.url, 'getMasterchainInfo')).ok).toBe(true);
});

it('refuses an internal message handed in as an external one', async () => {
    const boc = Cell.EMPTY.toBoc().toString('base64');
    expect(await rpc(net.url, 'sendBoc', { boc })).toMatchObject({ status: 500, ok: false });
});

it('shows messages with their hashes, so that traces can be followed', async () => {
    const wallet = testWallet(3);
    await net.devnet.fund(wallet.address, 10n * TON);
    await transfer(net.client, wallet, 0, [{ to: address, value: TON, body: 'hello' }]);
    await net.devnet.settle();
    const sent = await rpc(net.url, 'getTransactions', { address: wallet.address.toString(), limit: 1 });
    const [message] = sent.result[0].out_msgs;
    expect(message).toMatchObject({ value: String(TON), message: 'hello', hash: expect.any(String) });
    const { source, destination, created_lt } = message;
    const located = await rpc(net.url, 'tryLocateResultTx', { source, destination, created_lt });
    expect(located.result.in_msg).toMatchObject({ hash: message.hash, created_lt });
});

it('looks blocks up by number, logical time and Unix time', async () => {
    const { result: info } = await rpc(net.url, 'getMasterchainInfo');
    const seqno = info.last.seqno;
    const { result: header } = await rpc(net.url, 'getBlockHeader', { workchain: -1, seqno });
    const lookup = async (by: Record<string, unknown>) =>
        (await rpc(net.url, 'lookupBlock', { workchain: -1, shard: '-9223372036854775808', ...by })).result
            .seqno;
    expect(await lookup({ seqno })).toBe(seqno);
    expect(await lookup({ lt: header.start_lt })).toBe(seqno);
    expect(await lookup({ unixtime: header.gen_utime })).toBeLessThanOrEqual(seqno);
});

it('answers at / with what it is', async () => {
    expect(await (await fetch(base)).text()).toContain('cocoon-devnet');
});

it('answers while a long block is being made', async () => {
    const busy = await startNet({ blockMs: 'manual' });
    for (let i = 0; i < 400; i++) await busy.devnet.fund(address, 1n);
    let done = false;
    const mining = busy.devnet.mine().then(() => {
        done = true;
    });
    const { result } = await rpc(busy.url, 'getMasterchainInfo');
    expect(done).toBe(false);
    expect(result.last.seqno).toBe(1);
    expect(busy.devnet.balance(address)).toBe(0n);
    await mining;
    expect(busy.devnet.balance(address)).toBe(400n);
});
