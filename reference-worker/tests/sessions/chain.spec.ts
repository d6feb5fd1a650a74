import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toNano } from '@ton/core';
import { until } from '../../../tests/helpers/until';
import { bundleCli } from '../helpers/bundle';
import { temporaryDirectory } from '../helpers/temporary';
import { readReply, textOf } from './client';
import { PRICES, SessionNetwork, TOKEN } from './network';

const directory = temporaryDirectory();
const DELAY = 7_200;
let cli: string;
let scene: SessionNetwork;

beforeAll(async () => {
    cli = await bundleCli();
    scene = await SessionNetwork.start({ directory, cli, allocated: toNano('1'), releaseDelay: DELAY });
}, 60_000);

afterAll(async () => {
    await scene?.close();
    rmSync(cli, { force: true });
});

const CHAT = { messages: [{ role: 'user', content: 'a question' }], max_tokens: 10 };

test('a request is served out of a real vault; what is worth less than its redemption is left for later', async () => {
    await scene.serve();
    const client = await scene.client();
    const reply = await client.request(CHAT, { sequence: 1n, cumulative: 11n * TOKEN, prices: PRICES });
    expect(reply.error).toBeUndefined();
    expect(textOf(reply)).toBe('x'.repeat(10));
    expect(await scene.end('SIGTERM')).toBe(0);
    expect(await scene.claimed()).toBe(0n);
});

test('down for half of the release delay, it redeems before the release can be finished', async () => {
    await scene.serve();
    const client = await scene.client();
    const reply = await client.request(CHAT, { sequence: 2n, cumulative: toNano('0.5'), prices: PRICES });
    expect(reply.status).toBe(200);
    await scene.end('SIGKILL');
    await scene.owner.vaults.requestRelease({ vault: scene.vault, slots: [0] });
    scene.network.devnet.increaseTime(DELAY / 2);
    await scene.serve();
    await expect(
        client.request(CHAT, { sequence: 3n, cumulative: toNano('0.6'), prices: PRICES }),
    ).resolves.toMatchObject({
        status: 410,
        error: { code: 'allocation_released' },
    });
    await until(async () => (await scene.claimed()) === toNano('0.5'));
    expect((await scene.onChain())!.releaseAt).toBeGreaterThan(scene.network.devnet.now());
    expect(await scene.end('SIGTERM')).toBe(0);
});

test('a release that the client asks for ends what runs; the vault is paid and its slot is free', async () => {
    await scene.close();
    scene = await SessionNetwork.start({
        directory: mkdtempSync(join(directory, 'release-')),
        cli,
        allocated: toNano('1'),
    });
    await scene.serve();
    const client = await scene.client();
    // Nobody pays the second chunk: the request is running until the release ends it.
    const long = { ...CHAT, max_tokens: 40 };
    const cumulative = 17n * TOKEN;
    const sealed = client.sealRequest(long, { sequence: 1n, cumulative, prices: PRICES });
    const reply = readReply(await client.post('requests', sealed), sealed);
    const payout = () => scene.network.devnet.balance(scene.node.payout);
    const before = payout();
    const release = await client.control('release', Math.floor(Date.now() / 1000));
    expect(release).toMatchObject({ status: 202, info: { releasing: true, cumulative } });
    expect((await reply).frames.at(-1)).toMatchObject({ type: 'failure', failure: { code: 'draining' } });
    await until(async () => (await scene.onChain()) === null);
    expect(payout() - before).toBeGreaterThan((cumulative * 9n) / 10n);
    await expect(
        client.request(CHAT, { sequence: 2n, cumulative: toNano('0.5'), prices: PRICES }),
    ).resolves.toMatchObject({ error: { code: expect.stringMatching(/^allocation_/) } });
    expect(await scene.end('SIGTERM')).toBe(0);
});
