import OpenAI from 'openai';
import { FakeChain } from '../../tests/helpers/inference/fake-chain';
import { MODEL, MODEL_ID, nodeEntry, textOf } from '../../tests/helpers/inference/setup';
import { seededBytes } from '../../tests/helpers/random';
import { memoryTransport } from '../../tests/helpers/session/memory-transport';
import { ScriptedNode } from '../../tests/helpers/session/scripted-node';
import { keys, primitives, tokens } from '../../tests/helpers/session/setup';
import { SessionClient } from '../session';
import { bytesToHex, hexToBytes, systemClock } from '../utils';
import { memoryChannelBook } from './channels/memory-book';
import { createParts } from './create-parts';
import { createFetch } from './fetch';
import { NetworkInference } from './inference';
import { openSessions } from './sessions';

const NETWORK = -217;
const entry = {
    ...nodeEntry(1),
    operatorKey: bytesToHex(keys.operatorKey),
    encryptionKey: bytesToHex(keys.encryption.publicKey),
};

/** Inference whose sessions are sealed, paid and checked, with a node that has the other side of the protocol. */
function world() {
    const chain = new FakeChain();
    const book = memoryChannelBook();
    const nodes: ScriptedNode[] = [];
    /** The node as it sees the allocation on chain. */
    const node = () => {
        if (nodes[0] !== undefined) return nodes[0];
        const [vault] = [...chain.vaults.keys()];
        const [allocation] = chain.allocations();
        if (vault === undefined || allocation === undefined) throw new Error('nothing is allocated');
        const { slot, generation, voucherKey } = allocation;
        const place = {
            networkId: NETWORK,
            node: hexToBytes(entry.account),
            vault: hexToBytes(vault.slice(2)),
            slot,
            generation,
        };
        nodes[0] = new ScriptedNode({
            primitives,
            allocation: place,
            operatorSecretKey: keys.operatorSecretKey,
            encryptionKeys: [keys.encryption],
            voucherKey: hexToBytes(voucherKey),
            chunkTokens: 16,
            promptTokens: 10,
            script: tokens(40),
            now: () => Math.floor(Date.now() / 1_000),
        });
        return nodes[0];
    };
    const create = (seed: number) => {
        const client = new SessionClient({
            transport: memoryTransport((path, body) => node().endpoint(path, body)),
        });
        return new NetworkInference(
            createParts({
                book,
                chain,
                openSession: openSessions({ client, primitives, networkId: async () => NETWORK }),
                readDirectory: async () => ({
                    models: [{ name: MODEL, modelId: MODEL_ID, addedAt: 1 }],
                    nodes: [entry],
                }),
                primitives,
                routing: {},
                funding: {},
                clock: systemClock,
                random: Math.random,
                randomBytes: seededBytes(seed),
                onEvent: () => undefined,
            }),
        );
    };
    return { chain, book, node, create };
}

const text = tokens(40)
    .map(({ delta }) => delta.t)
    .join('');
const messages = [{ role: 'user' as const, content: 'Hi' }];
const request = { task: 'chat' as const, model: MODEL, body: { messages } };

describe('over the wire protocol', () => {
    it('the official client streams an answer that is paid as it comes', async () => {
        const { create, node } = world();
        const openai = new OpenAI({
            fetch: createFetch(create(1)),
            apiKey: 'unused',
            baseURL: 'https://cocoon.local/v1',
        });
        let seen = '';
        for await (const chunk of await openai.chat.completions.create({
            model: MODEL,
            messages,
            stream: true,
        })) {
            seen += chunk.choices[0]?.delta.content ?? '';
        }
        expect(seen).toBe(text);
        expect(node().payments.length).toBeGreaterThan(0);
        const served = new TextDecoder().decode(node().served[0]?.json);
        expect(served).toBe(JSON.stringify({ messages: [{ content: 'Hi', role: 'user' }] }));
        const whole = await openai.chat.completions.create({ model: MODEL, messages });
        expect(whole.choices[0]?.message.content).toBe(text);
        expect(whole.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 40 });
    });

    it('another process goes on where the first one left off', async () => {
        const { create, node, book, chain } = world();
        const first = create(1);
        await textOf(await first.run(request));
        await first.close();
        const before = node().ledger.paid;
        const [record] = await book.list();
        expect(record?.cumulative).toBeGreaterThanOrEqual(before);
        const second = create(2);
        expect(await textOf(await second.run(request))).toBe(text);
        expect(node().ledger.paid).toBeGreaterThan(before);
        // The same allocation: its money is not put aside twice.
        expect(chain.messages).toEqual(['open']);
        expect((await book.list())[0]?.sequence).toBeGreaterThan(record?.sequence ?? 0n);
    });

    it('a lie in the stream is kept from the caller as an interrupted answer', async () => {
        const { create, node } = world();
        const inference = create(1);
        await textOf(await inference.run(request));
        node().lies = { receipt: (body) => ({ ...body, price: body.price + 1n }) };
        await expect(inference.run(request).then(textOf)).rejects.toMatchObject({
            code: 'answer_interrupted',
        });
        await expect(inference.run(request)).rejects.toMatchObject({ code: 'no_node' });
    });

    it('release asks the node, in a message that it can check', async () => {
        const { create, node, chain } = world();
        const inference = create(1);
        await textOf(await inference.run(request));
        const settling = inference.settle();
        while (!node().calls.includes('/cocoon/v1/release'))
            await new Promise((resolve) => setImmediate(resolve));
        const [vault] = [...chain.vaults.keys()];
        chain.release(vault as string, 0, node().ledger.owed);
        expect(await settling).toEqual({ released: 1, pending: 0, withdrawn: 0n });
    });
});
