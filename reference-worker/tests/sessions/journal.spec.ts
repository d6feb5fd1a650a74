import { readdirSync, readFileSync } from 'node:fs';
import { OutgoingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { FrameDecoder, parseAnswerFrame } from 'cocoon-sdk';
import Database from 'libsql';
import { Journal } from '../../src/journal';
import { SessionHttpServer } from '../../src/sessions';
import { temporaryDirectory } from '../helpers/temporary';
import { primitives, readReply, TestClient, textOf, viaHttp } from './client';
import { scriptedEngine, tokens } from './engine';
import { CHAT, TestNode } from './node';

const directory = temporaryDirectory();
const LONG = { messages: [{ role: 'user', content: 'the secret question' }], max_tokens: 48 };

/** What another process would find in the file: changes that are not committed are not there. */
class Onlooker {
    readonly #db: Database.Database;

    constructor(path: string) {
        this.#db = new Database(path, { readonly: true });
    }

    frames(request: number): Buffer {
        const sql = 'SELECT sealed FROM session_frames WHERE id BETWEEN ? AND ? ORDER BY id';
        const rows = this.#db.prepare(sql).all([request * 2 ** 20, (request + 1) * 2 ** 20 - 1]);
        return Buffer.concat(rows.map((row) => Buffer.from((row as { sealed: Buffer }).sealed)));
    }

    cumulative(): bigint {
        const row = this.#db.prepare('SELECT cumulative FROM session_allocations').get([]);
        return BigInt((row as { cumulative: string } | undefined)?.cumulative ?? 0);
    }

    close(): void {
        this.#db.close();
    }
}

test('each frame is committed before it is written to the socket, and each payment before it is answered', async () => {
    const engine = scriptedEngine({ steps: Array.from({ length: 24 }, () => tokens(2)) });
    const node = TestNode.start({ directory, journal: 'order.db', engine, sessions: { chunkTokens: 16 } });
    const onlooker = new Onlooker(join(directory, 'order.db'));
    const server = new SessionHttpServer(node.node.handler, { host: '127.0.0.1', port: 0 });
    await server.listen();
    const { allocation, voucherSeed, nodeKey, modelId } = (await node.client()).options;
    const call = viaHttp(`http://127.0.0.1:${server.port}`);
    const client = await TestClient.create({ allocation, voucherSeed, nodeKey, modelId, call });

    let promised = 26n;
    let written = Buffer.alloc(0);
    const early: string[] = [];
    const write = jest.spyOn(ServerResponse.prototype, 'write');
    write.mockImplementation(function (this: ServerResponse, piece: Buffer) {
        written = Buffer.concat([written, piece]);
        const committed = onlooker.frames(1).subarray(0, written.length);
        if (!committed.equals(written)) early.push(`frames up to byte ${written.length}`);
        return OutgoingMessage.prototype.write.call(this, piece, 'utf8');
    });
    const sealed = client.sealRequest(LONG, { sequence: 1n, cumulative: promised });
    const decoder = new FrameDecoder(primitives, sealed.responseKey);
    const kinds: string[] = [];
    for await (const chunk of (await client.post('requests', sealed)).body) {
        for (const frame of decoder.push(chunk).map(parseAnswerFrame)) {
            kinds.push(frame.type);
            if (frame.type !== 'receipt') continue;
            promised += 16n;
            expect((await client.pay(1n, frame.receipt.chunk + 1, promised)).status).toBe(204);
            expect(onlooker.cumulative()).toBe(promised);
        }
    }
    jest.restoreAllMocks();
    expect(early).toEqual([]);
    expect(kinds.filter((kind) => kind === 'delta')).toHaveLength(24);
    expect(kinds.filter((kind) => kind !== 'delta')).toEqual(['receipt', 'receipt', 'final']);
    // Every frame came through the check, and nothing else did.
    expect(written.equals(onlooker.frames(1))).toBe(true);
    onlooker.close();
    await server.close(new AbortController().signal);
    await node.close();
});

test('all requests of a turn share a transaction', async () => {
    const node = TestNode.start({ directory });
    const { store } = node.env;
    const commit = store.commit.bind(store);
    let inTurn = 0;
    let most = 0;
    store.commit = async (change) => {
        await commit(() => {
            inTurn += 1;
            change();
        });
        most = Math.max(most, inTurn);
        setImmediate(() => {
            inTurn = 0;
        });
    };
    const client = await node.client();
    const many = [2n, 3n, 4n].map((sequence) => client.request(CHAT, { sequence, cumulative: 1_000n }));
    for (const { status } of await Promise.all(many)) expect(status).toBe(200);
    expect(most).toBeGreaterThanOrEqual(3);
    await node.close();
});

test('when the journal cannot be written, nothing leaves and the worker stops', async () => {
    const node = TestNode.start({ directory });
    const client = await node.client();
    expect((await client.request(CHAT, { sequence: 1n, cumulative: 65n })).status).toBe(200);
    const { store } = node.env;
    store.addFrames = () => {
        throw new Error('the disk is full');
    };
    await expect(client.request(CHAT, { sequence: 2n, cumulative: 200n })).rejects.toThrow(/journal/);
    expect(node.fatal).toHaveLength(1);
    await node.close();
});

test('the same bytes get the same frames: while it runs, afterwards, and after a restart', async () => {
    let open = () => {};
    const wait = new Promise<void>((resolve) => {
        open = resolve;
    });
    const engine = scriptedEngine({ steps: [tokens(3), () => wait, tokens(2)] });
    const node = TestNode.start({ directory, journal: 'again.db', engine });
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, { sequence: 1n, cumulative: 100n });
    const [a, b] = [client.post('requests', sealed), client.post('requests', sealed)];
    const both = Promise.all([readReply(await a, sealed), readReply(await b, sealed)]);
    open();
    const [first, second] = await both;
    expect(textOf(first)).toBe('yyyyy');
    expect(second.bytes.equals(first.bytes)).toBe(true);
    expect(engine.asked).toBe(3);
    const third = await readReply(await client.post('requests', sealed), sealed);
    expect(third.bytes.equals(first.bytes)).toBe(true);
    const other = await client.request(CHAT, { sequence: 1n, cumulative: 200n, counter: 1 });
    expect(other).toMatchObject({ status: 409, error: { code: 'sequence_used' } });
    await node.close();

    const again = TestNode.start({ directory, journal: 'again.db' });
    const call = (await again.client()).options.call;
    const fourth = await readReply(await call('/cocoon/v1/requests', sealed.bytes), sealed);
    expect(fourth.bytes.equals(first.bytes)).toBe(true);
    expect((await again.client()).options).toBeDefined();
    await again.close();
});

test('sequences may come in any order within 1,024, each once', async () => {
    const node = TestNode.start({ directory });
    const client = await node.client();
    let cumulative = 0n;
    const ask = async (sequence: bigint) => {
        cumulative += 65n;
        const { status, error } = await client.request(CHAT, { sequence, cumulative });
        return error?.code ?? status;
    };
    expect(await ask(2_000n)).toBe(200);
    expect(await ask(976n)).toBe('sequence_too_old');
    expect(await ask(977n)).toBe(200);
    expect(await ask(977n)).toBe('sequence_used');
    expect(await ask(1_999n)).toBe(200);
    expect(await ask(0n)).toBe('sequence_too_old');
    await node.close();
});

test('after a power failure, sequences that may have been used are refused; after a mere kill, none is', async () => {
    const start = (boot: string) => TestNode.start({ directory, journal: 'power.db', boot });
    const first = start('boot 1');
    const client = await first.client();
    expect((await client.request(CHAT, { sequence: 1n, cumulative: 65n })).status).toBe(200);
    expect(first.journal.sessions.notClosed()[0]).toMatchObject({ marked: 257n, highest: 1n });
    // The process dies: the files stay as they are.
    const kill = (node: TestNode) => {
        node.journal.sessions.close = () => {};
        node.journal.close();
    };
    kill(first);

    const second = start('boot 1');
    const next = await (await second.client()).request(CHAT, { sequence: 2n, cumulative: 200n });
    expect(next.status).toBe(200);
    kill(second);

    const third = start('boot 2');
    const last = await third.client();
    expect(await last.request(CHAT, { sequence: 3n, cumulative: 300n })).toMatchObject({
        error: { code: 'sequence_used' },
    });
    const { info } = await last.control('state', Math.floor(Date.now() / 1000));
    expect(info!.highestSequence).toBe(258n);
    expect((await last.request(CHAT, { sequence: 259n, cumulative: 300n })).status).toBe(200);
    await third.close();
});

test('a request that ran when the process died ends with its last receipt', async () => {
    const engine = scriptedEngine({ steps: [tokens(16), tokens(3), () => new Promise(() => {})] });
    const sessions = { chunkTokens: 16 };
    const node = TestNode.start({ directory, journal: 'cut.db', engine, sessions });
    const client = await node.client();
    const sealed = client.sealRequest(LONG, { sequence: 1n, cumulative: 100n });
    const answer = await client.post('requests', sealed);
    expect(answer.status).toBe(200);
    while (node.journal.sessions.receipts(1).length === 0)
        await new Promise((resolve) => setImmediate(resolve));
    node.journal.sessions.close = () => {};
    node.journal.close();

    const again = TestNode.start({ directory, journal: 'cut.db', sessions });
    const { info } = await (await again.client()).control('state', Math.floor(Date.now() / 1000));
    // 10 tokens of prompt and a chunk of 16.
    expect(info).toMatchObject({ owed: 26n, cumulative: 100n, highestSequence: 1n });
    await again.close();
});

test('frames go when nobody can ask for them any more, receipts after the evidence window', async () => {
    let time = 1_750_000_000_000;
    const path = join(directory, 'pruned.db');
    const node = TestNode.start({ directory, journal: 'pruned.db', now: () => time });
    const client = await node.client();
    const sealed = client.sealRequest(CHAT, { sequence: 1n, cumulative: 65n });
    await readReply(await client.post('requests', sealed), sealed);
    const { pruning } = node.journal.sessions;
    const bytes = pruning.bytes;
    expect(bytes).toBeGreaterThan(0);
    pruning.frames(time, bytes);
    expect(pruning.bytes).toBe(bytes);
    time += 1_000;
    pruning.frames(time, bytes);
    expect(pruning.bytes).toBe(0);
    const again = await readReply(await client.post('requests', sealed), sealed);
    expect(again).toMatchObject({ status: 409, error: { code: 'sequence_used' } });
    expect(node.journal.sessions.receipts(1)).toHaveLength(1);
    pruning.receipts(time);
    expect(node.journal.sessions.receipts(1)).toHaveLength(0);
    expect((await client.request(CHAT, { sequence: 2n, cumulative: 200n })).status).toBe(200);
    pruning.frames(0, 1);
    expect(pruning.bytes).toBe(0);
    await node.close();
    Journal.open(path).close();
});

test('neither prompt nor answer is in the journal, the logs or the metrics', async () => {
    const logLines: string[] = [];
    const steps = [tokens(1, 'the confidential '), tokens(1, 'answer')];
    const node = TestNode.start({
        directory,
        journal: 'private.db',
        logLines,
        engine: scriptedEngine({ steps }),
    });
    const client = await node.client();
    const reply = await client.request(CHAT, { sequence: 1n, cumulative: 1_000n });
    expect(textOf(reply)).toBe('the confidential answer');
    await client.request({ messages: 'the secret question' }, { sequence: 2n, cumulative: 2_000n });
    const files = () =>
        readdirSync(directory)
            .filter((name) => name.startsWith('private.db'))
            .map((name) => readFileSync(join(directory, name)).toString('latin1'));
    const everything = [...files(), ...logLines, await node.registry.metrics()];
    await node.close();
    everything.push(...files());
    expect(everything.length).toBeGreaterThan(4);
    expect(everything.join('')).toContain('cocoon_worker_session_requests_total');
    for (const plain of ['secret question', 'confidential']) {
        for (const encoded of [
            plain,
            Buffer.from(plain).toString('hex'),
            Buffer.from(plain).toString('base64'),
        ]) {
            for (const text of everything) expect(text).not.toContain(encoded);
        }
    }
});
