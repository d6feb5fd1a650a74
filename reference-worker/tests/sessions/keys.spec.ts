import { type SessionKey, verifySessionKey } from 'cocoon-sdk';
import { isOperatorKey } from '../../src/chain';
import { KeyRing } from '../../src/sessions/key-ring';
import { temporaryDirectory } from '../helpers/temporary';
import { primitives } from './client';
import { scriptedEngine, tokens } from './engine';
import { CHAT, NETWORK, TestNode } from './node';
import { SdkClient } from './sdk-client';

const directory = temporaryDirectory();
const HOUR = 3_600_000;
const GRACE = 900_000;
const START = 1_750_000_000_000;
const ASK = { messages: [{ role: 'user', content: 'the secret question' }], max_tokens: 8 };

async function publishedKey(node: TestNode): Promise<SessionKey | null> {
    const answer = await node.node.handler.handle({
        method: 'GET',
        path: '/cocoon/v1/node',
        body: new Uint8Array(0),
        signal: new AbortController().signal,
    });
    const { sessionKey } = JSON.parse(Buffer.from(answer.body as Uint8Array).toString());
    if (sessionKey === null) return null;
    const { publicKey, signature, ...times } = sessionKey;
    return { publicKey: Buffer.from(publicKey, 'hex'), signature: Buffer.from(signature, 'hex'), ...times };
}

test('a key is published for an hour, opens until its grace is over, and then its secret is wiped', () => {
    let time = START;
    const dropped: Uint8Array[] = [];
    const place = { networkId: NETWORK, node: new Uint8Array(32).fill(1) };
    const operatorSecret = new Uint8Array(32).fill(4);
    const ring = new KeyRing({
        primitives,
        place,
        operatorSecret,
        encryptionSecret: new Uint8Array(32).fill(5),
        now: () => time,
        onDropped: (id) => dropped.push(id),
    });
    const first = ring.current();
    const id = primitives.sha256(first.publicKey).subarray(0, 8);
    const operatorKey = primitives.publicKeyEd25519(operatorSecret);
    expect(verifySessionKey(primitives, operatorKey, place, first, START / 1000)).toBe(true);
    time += HOUR - 1_000;
    expect(ring.current()).toBe(first);
    time += 1_000;
    const second = ring.current();
    expect(second.publicKey).not.toEqual(first.publicKey);

    const secret = ring.secretOf(id)!;
    expect(secret.some((byte) => byte !== 0)).toBe(true);
    time = first.notAfter * 1000 + GRACE - 1_000;
    expect(ring.secretOf(id)).toBe(secret);
    time += 1_000;
    expect(ring.secretOf(id)).toBeUndefined();
    expect(dropped.map((gone) => Buffer.from(gone))).toEqual([Buffer.from(id)]);
    expect(secret.every((byte) => byte === 0)).toBe(true);
    expect(ring.secretOf(primitives.sha256(second.publicKey).subarray(0, 8))).toBeDefined();
});

test.each(['a call', 'the sweep'])(
    'after its grace nothing opens any more, and %s wipes what the key derived',
    async (by) => {
        let time = START;
        const derived: Uint8Array[] = [];
        const spying = {
            ...primitives,
            hmacSha256(key: Uint8Array, data: Uint8Array) {
                const out = primitives.hmacSha256(key, data);
                // HKDF-Extract, whose salt is empty: the secret that all keys of an encapsulation come from.
                if (key.every((byte) => byte === 0)) derived.push(out);
                return out;
            },
        };
        const node = TestNode.start({ directory, now: () => time, primitives: spying });
        const key = (await publishedKey(node))!;
        const client = await node.client({ nodeKey: key.publicKey });
        expect((await client.request(CHAT, { sequence: 1n, cumulative: 1_000n })).status).toBe(200);
        time = key.notAfter * 1000 + GRACE - 1_000;
        expect((await client.request(CHAT, { sequence: 2n, cumulative: 1_000n })).status).toBe(200);
        expect(derived).toHaveLength(1);
        expect(derived[0]!.some((byte) => byte !== 0)).toBe(true);
        time += 1_000;
        if (by === 'the sweep') node.node.sweep();
        else {
            expect(await client.request(CHAT, { sequence: 3n, cumulative: 1_000n })).toMatchObject({
                status: 421,
                error: { code: 'key_unknown' },
            });
            const fresh = await node.client({ nodeKey: (await publishedKey(node))!.publicKey });
            expect((await fresh.request(CHAT, { sequence: 3n, cumulative: 1_000n })).status).toBe(200);
        }
        expect(derived[0]!.every((byte) => byte === 0)).toBe(true);
        expect(await client.control('state', time / 1000)).toMatchObject({ status: 421 });
        await node.close();
    },
);

test('a client goes on with each new key, also with one that it did not expect', async () => {
    let time = START;
    const options = { directory, journal: 'rotation.db', now: () => time };
    const node = TestNode.start(options);
    const client = new SdkClient(node);
    for (const hours of [0, 1, 1, 1]) {
        time += hours * HOUR;
        expect((await client.ask(ASK)).result.finish).toBe('length');
    }
    expect(new Set(client.sealedTo).size).toBe(4);
    await node.close();
    // Its session keys are in memory only: after a restart it does not know the one that the client has.
    client.node = TestNode.start(options);
    client.statuses.length = 0;
    expect((await client.ask(ASK)).result.finish).toBe('length');
    expect(client.statuses).toEqual([421, 200, 200]);
    expect(new Set(client.sealedTo).size).toBe(5);
    expect(client.evidence).toEqual([]);
    await client.node.close();
});

test('with a rotated operator key nothing new is signed; what runs is finished, what was answered is answered again', async () => {
    let open = () => {};
    const wait = new Promise<void>((resolve) => {
        open = resolve;
    });
    const engine = scriptedEngine({ steps: [tokens(3), () => wait, tokens(2)] });
    const node = TestNode.start({ directory, engine });
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, { sequence: 1n, cumulative: 1_000n });
    const running = await client.post('requests', sealed);
    node.isOperator = false;
    expect(await client.request(CHAT, { sequence: 2n, cumulative: 1_000n })).toMatchObject({
        status: 503,
        error: { code: 'draining', message: expect.stringContaining('rotated') },
    });
    expect(engine.asked).toBeLessThanOrEqual(2);
    expect(await publishedKey(node)).toBeNull();
    expect((await client.pay(1n, 2, 2_000n)).status).toBe(204);
    open();
    const first: Uint8Array[] = [];
    for await (const piece of running.body) first.push(piece);
    const again: Uint8Array[] = [];
    for await (const piece of (await client.post('requests', sealed)).body) again.push(piece);
    expect(Buffer.concat(again).equals(Buffer.concat(first))).toBe(true);
    expect(node.journal.sessions.receipts(1)).toHaveLength(1);
    expect(node.journal.sessions.receipts(2)).toEqual([]);
    node.isOperator = true;
    expect((await client.request(CHAT, { sequence: 2n, cumulative: 2_000n })).status).toBe(200);
    await node.close();
});

test('the operator key is the one that the chain has not retired', () => {
    const [mine, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const entry = (key: Buffer, rotatedAt?: number) => ({
        operatorKey: BigInt(`0x${key.toString('hex')}`),
        rotatedAt,
    });
    const chain = (...keys: unknown[]) => ({ keys }) as Parameters<typeof isOperatorKey>[0];
    expect(isOperatorKey(chain(entry(mine)), mine)).toBe(true);
    expect(isOperatorKey(chain(entry(mine, 99), entry(other)), mine)).toBe(false);
    expect(isOperatorKey(chain(entry(mine, 99), entry(other)), other)).toBe(true);
});
