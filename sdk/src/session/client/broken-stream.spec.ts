import { captureError } from '../../../tests/helpers/capture';
import { ask, setup } from '../../../tests/helpers/session/setup';

type Frames = AsyncIterable<Uint8Array>;

/** Frames as a relay that interferes would pass them on. */
const tampering = (change: (frames: Uint8Array[]) => Uint8Array[]) =>
    async function* (frames: Frames) {
        const seen: Uint8Array[] = [];
        for await (const frame of frames) {
            seen.push(frame);
            if (seen.length === 10) break;
        }
        yield* change(seen);
        yield* frames;
    };

const swap = ([a, b, c, ...rest]: Uint8Array[]) => [a!, c!, b!, ...rest];
const flip = (at: number) => (frames: Uint8Array[]) =>
    frames.map((frame, index) => (index === 4 ? frame.with(at, frame[at]! ^ 0x10) : frame));

describe('an answer whose frames are', () => {
    it.each<[string, (frames: Uint8Array[]) => Uint8Array[]]>([
        ['reordered', swap],
        ['repeated', (frames) => [...frames, frames[9]!]],
        ['left out', (frames) => frames.toSpliced(3, 1)],
        ['bit-flipped at the start', flip(4)],
        ['bit-flipped in the tag', flip(30)],
        ['from elsewhere', (frames) => frames.with(2, frames[0]!)],
    ])('%s is refused', async (_, change) => {
        const { newClient, newChannel } = setup({ lies: { frames: tampering(change) } });
        const answer = await newClient().request(newChannel(), ask());
        expect((await captureError(() => answer.collect())).code).toBe('session_decryption_failed');
    });

    it('followed by something is refused', async () => {
        const frames = async function* (all: Frames) {
            const parts: Uint8Array[] = [];
            for await (const frame of all) parts.push(frame);
            yield Buffer.concat([...parts, parts[0]!]);
        };
        const { newClient, newChannel } = setup({ script: [], lies: { frames } });
        const error = await captureError(() => newClient().request(newChannel(), ask()));
        expect(error.code).toBe('session_malformed');
    });

    it('said to be huge is refused before it is read', async () => {
        const frames = async function* () {
            yield Uint8Array.of(0x7f, 0, 0, 0, 1);
        };
        const { newClient, newChannel } = setup({ lies: { frames } });
        const error = await captureError(() => newClient().request(newChannel(), ask()));
        expect(error.code).toBe('session_malformed');
    });
});

/** Cuts the first `times` connections after `count` frames; in the middle of a frame when `torn`. */
const cutting = (times: number, count: number, how: 'error' | 'end' | 'torn') =>
    async function* (frames: Frames, connection: number) {
        let index = 0;
        for await (const frame of frames) {
            if (connection < times && index++ === count) {
                if (how === 'torn') yield frame.subarray(0, 9);
                if (how === 'error') throw new Error('ECONNRESET');
                return;
            }
            yield frame;
        }
    };

describe('a connection that breaks', () => {
    it.each([
        [0, 'error'],
        [0, 'end'],
        [1, 'error'],
        [7, 'end'],
        [7, 'torn'],
        // After the first receipt, which is paid once.
        [20, 'error'],
    ] as const)('after %s frames with %s goes on where it was, and is paid once', async (count, how) => {
        const { node, newClient, newChannel } = setup({ lies: { frames: cutting(2, count, how) } });
        const channel = newChannel();
        const { deltas, result } = await (await newClient().request(channel, ask())).collect();
        expect(deltas.map(({ i }) => i![0])).toEqual(Array.from({ length: 40 }, (_, index) => index));
        expect(node.served).toHaveLength(1);
        expect(node.ledger.owed).toBe(result.price);
        expect(node.calls.filter((path) => path.endsWith('requests'))).toHaveLength(3);
    });

    it('for good before the first frame is unreachable, after it truncated', async () => {
        const early = setup({ lies: { frames: cutting(9, 0, 'error') } });
        expect((await captureError(() => early.newClient().request(early.newChannel(), ask()))).code).toBe(
            'session_unreachable',
        );
        const late = setup({ lies: { frames: cutting(9, 5, 'end') } });
        const answer = await late.newClient().request(late.newChannel(), ask());
        const delivered: unknown[] = [];
        const error = await captureError(async () => {
            for await (const delta of answer) delivered.push(delta);
        });
        expect(error.code).toBe('session_truncated');
        expect(delivered).toHaveLength(5);
    });

    it('before the answer is sent the same bytes again', async () => {
        const sent: Uint8Array[] = [];
        const { newClient, newChannel } = setup({
            wrap: (inner) => ({
                ...inner,
                post(url, body, options) {
                    if (!url.endsWith('requests')) return inner.post(url, body, options);
                    sent.push(body);
                    if (sent.length === 1) return Promise.reject(new Error('ECONNREFUSED'));
                    return inner.post(url, body, options);
                },
            }),
        });
        await (await newClient().request(newChannel(), ask())).collect();
        expect(sent).toHaveLength(2);
        expect(sent[0]).toEqual(sent[1]);
    });
});
