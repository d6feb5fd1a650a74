import { Channel, ProtocolError, type Stream, StreamReset, WINDOW } from '../src';
import { FRAME_COST, MAX_FRAME } from '../src/protocol/frames';
import { seededRandom } from './helpers/random';

/** Two ends and the messages between them, which are carried in an order that the test chooses. */
class Wire {
    readonly toNode: Uint8Array[] = [];
    readonly toRelay: Uint8Array[] = [];
    readonly accepted: Stream[] = [];
    readonly relay = new Channel({ send: (message) => this.toNode.push(message) });
    readonly node = new Channel({
        send: (message) => this.toRelay.push(message),
        accept: (stream) => this.accepted.push(stream),
        maxStreams: 64,
    });

    /** Carries one message in one direction; false when there was none. */
    step(toNode: boolean): boolean {
        const message = (toNode ? this.toNode : this.toRelay).shift();
        if (message) (toNode ? this.node : this.relay).receive(message);
        return message !== undefined;
    }

    /** Carries everything until nothing moves any more. */
    async settle(): Promise<void> {
        do await new Promise(setImmediate);
        while (this.step(true) || this.step(false));
    }

    static opened() {
        const wire = new Wire();
        const stream = wire.relay.open({ path: '/x' });
        wire.step(true);
        return { wire, stream, peer: wire.accepted[0]! };
    }
}

async function read(stream: Stream): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
}

/** What a promise rejects with, seen as soon as it does. */
const failureOf = (work: Promise<void>): Promise<unknown> => work.catch((error) => error);

const bytes = (size: number, seed: number) =>
    Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + seed * 7) & 255));

test.each([1, 2, 3, 4, 5])(
    'many streams at once, interleaved at random, each as it was sent (seed %i)',
    async (seed) => {
        const random = seededRandom(seed);
        const wire = new Wire();
        const calls = Array.from({ length: 24 }, (_, i) => {
            const body = bytes(Math.floor(random() ** 3 * 300_000), i);
            const stream = wire.relay.open({ call: i });
            const sent = stream.write(body).then(() => stream.end());
            return {
                body,
                sent,
                answer: stream.head.then(async (head) => ({ head, body: await read(stream) })),
            };
        });
        const serve = async (stream: Stream) => {
            const head = await stream.head;
            const body = await read(stream);
            stream.open({ echo: head });
            for (let at = 0; at < body.length; ) {
                const size = 1 + Math.floor(random() * 40_000);
                await stream.write(body.subarray(at, at + size));
                at += size;
            }
            stream.end();
        };
        let served = 0;
        let done = false;
        const all = Promise.all(calls.map(({ answer }) => answer)).then((answers) => {
            done = true;
            return answers;
        });
        while (!done) {
            for (let i = 0; i < 50; i++) wire.step(random() < 0.5);
            while (served < wire.accepted.length) void serve(wire.accepted[served++]!);
            await new Promise(setImmediate);
        }
        const answers = await all;
        answers.forEach(({ head, body }, i) => {
            expect(head).toEqual({ echo: { call: i } });
            expect(body.equals(calls[i]!.body)).toBe(true);
        });
        await wire.settle();
        expect([wire.relay.size, wire.node.size]).toEqual([0, 0]);
    },
);

test('a reader that does not read stops the writer at the window, and others go on', async () => {
    const { wire, stream, peer } = Wire.opened();
    peer.open({});
    let written = 0;
    const writing = failureOf(
        (async () => {
            for (let i = 0; i < 1_000; i++) {
                await peer.write(new Uint8Array(1_000));
                written += 1_000;
            }
        })(),
    );
    await wire.settle();
    const expected = Math.floor(WINDOW / (1_000 + FRAME_COST)) * 1_000;
    expect(written).toBeGreaterThan(expected - 2_000);
    expect(written).toBeLessThanOrEqual(WINDOW);

    const other = wire.relay.open({});
    await wire.settle();
    const otherPeer = wire.accepted[1]!;
    otherPeer.open({});
    await otherPeer.write(Buffer.from('hello'));
    otherPeer.end();
    await wire.settle();
    expect((await read(other)).toString()).toBe('hello');
    expect(written).toBeLessThanOrEqual(WINDOW);

    // A chunk at a time is taken: the writer is never further ahead than the window.
    let taken = 0;
    for await (const chunk of stream) {
        taken += chunk.length;
        await wire.settle();
        expect(written - taken).toBeLessThanOrEqual(WINDOW);
        if (taken >= 900_000) break;
    }
    stream.reset();
    await wire.settle();
    expect(await writing).toBeInstanceOf(StreamReset);
});

test('empty frames cost credit, too', async () => {
    const { wire, stream, peer } = Wire.opened();
    peer.open({});
    await wire.settle();
    const empty = Uint8Array.from([2, 0, 0, 0, 1]);
    for (let i = 0; i < WINDOW / FRAME_COST; i++) wire.relay.receive(empty);
    expect(() => wire.relay.receive(empty)).toThrow(ProtocolError);
    expect(stream.signal.aborted).toBe(false);
});

test.each(['relay', 'node'])('a reset by the %s ends both sides, whatever was under way', async (by) => {
    const { wire, stream, peer } = Wire.opened();
    const writing = failureOf(stream.write(new Uint8Array(1_000_000)));
    await wire.settle();
    (by === 'relay' ? stream : peer).reset();
    await wire.settle();
    expect(await writing).toBeInstanceOf(StreamReset);
    await expect(read(peer)).rejects.toThrow(StreamReset);
    await expect(stream.head).rejects.toThrow(StreamReset);
    expect([stream.signal.aborted, peer.signal.aborted]).toEqual([true, true]);
    expect([wire.relay.size, wire.node.size]).toEqual([0, 0]);
});

test('the end of a connection ends its streams, and it opens no more', async () => {
    const { wire, stream } = Wire.opened();
    wire.relay.close();
    await expect(stream.head).rejects.toThrow(StreamReset);
    expect(() => wire.relay.open({})).toThrow(ProtocolError);
});

describe('what breaks the protocol', () => {
    const frame = (type: number, id: number, payload: number[] | string = []) => {
        const head = Buffer.alloc(5);
        head.writeUInt8(type, 0);
        head.writeUInt32BE(id, 1);
        return Buffer.concat([head, Buffer.from(payload as string)]);
    };
    const large = JSON.stringify({ a: 'x'.repeat(9_000) });
    test.each([
        ['too short', [1, 0, 0]],
        ['too long', new Uint8Array(MAX_FRAME + 1).fill(2)],
        ['an unknown type', frame(9, 1)],
        ['type 0', frame(0, 1)],
        ['a stream that was never opened', frame(2, 7, 'x')],
        ['a stream that the node opens', frame(1, 7, '{}')],
        ['data before the head', frame(2, 1, 'x')],
        ['an end before the head', frame(3, 1)],
        ['a head that is no JSON', frame(1, 1, '{')],
        ['a head that is too large', frame(1, 1, large)],
        ['credit that was never used', frame(5, 1, [0, 1, 0, 1])],
        ['credit of a wrong size', frame(5, 1, [1])],
    ])('to the relay: %s', (_, message) => {
        const { wire } = Wire.opened();
        expect(() => wire.relay.receive(Uint8Array.from(message))).toThrow(ProtocolError);
    });

    test('to the node: streams beyond its limit, and data without an open', () => {
        const wire = new Wire();
        for (let id = 1; id <= 64; id++) wire.node.receive(frame(1, id, '{}'));
        expect(() => wire.node.receive(frame(1, 65, '{}'))).toThrow(ProtocolError);
        expect(() => wire.node.receive(frame(2, 99, 'x'))).toThrow(ProtocolError);
        expect(() => wire.node.receive(frame(1, 3, '{}'))).toThrow(ProtocolError);
    });

    test('frames after the end, and a second head', async () => {
        const { wire, peer } = Wire.opened();
        peer.open({});
        await wire.settle();
        expect(() => wire.relay.receive(frame(1, 1, '{}'))).toThrow(ProtocolError);
        peer.end();
        await wire.settle();
        expect(() => wire.relay.receive(frame(2, 1, 'x'))).toThrow(ProtocolError);
    });

    test('late frames of a stream that is over are no mistake', async () => {
        const { wire, stream } = Wire.opened();
        stream.reset();
        wire.relay.receive(frame(2, 1, 'x'));
        wire.relay.receive(frame(4, 1));
        expect(wire.relay.size).toBe(0);
    });
});
