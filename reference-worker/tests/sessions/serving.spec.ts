import { verifyReceipt } from 'cocoon-sdk';
import { temporaryDirectory } from '../helpers/temporary';
import { primitives, textOf } from './client';
import { CHAT, TestNode } from './node';

const directory = temporaryDirectory();

test('a request is answered with deltas and a final receipt that the operator key signed', async () => {
    const node = TestNode.start({ directory });
    const client = await node.client();
    const reply = await client.request(CHAT, { sequence: 1n, cumulative: 1_000n });
    expect(reply.error).toBeUndefined();
    expect(reply.status).toBe(200);
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(textOf(reply)).toBe('x'.repeat(20));
    const last = reply.frames.at(-1)!;
    if (last.type !== 'final') throw new Error(last.type);
    expect(last.info).toMatchObject({ finish: 'stop', cached: 0 });
    expect(last.receipt).toMatchObject({
        chunk: 1,
        usage: { prompt: 1, cached: 0, completion: 20 },
        price: 21n,
    });
    const place = { ...client.options.allocation, sequence: 1n, modelId: client.options.modelId };
    const key = primitives.publicKeyEd25519(node.operatorSecret);
    expect(verifyReceipt(primitives, key, place, last.receipt)).toBe(true);
    await node.close();
});
