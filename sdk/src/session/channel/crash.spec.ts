import { captureError } from '../../../tests/helpers/capture';
import { seededRandom } from '../../../tests/helpers/random';
import { ask, keys, MemoryMarks, primitives, setup } from '../../../tests/helpers/session/setup';
import { decodeEnvelope, type SessionMarks, type Transport } from '..';

/** A store whose process dies in a write, before or after it became durable. */
class DyingMarks extends MemoryMarks {
    constructor(
        private readonly writesToLive: number,
        private readonly when: 'before' | 'after',
    ) {
        super();
    }

    override async raise(id: string, marks: SessionMarks): Promise<void> {
        const dies = this.writes >= this.writesToLive;
        if (!dies || this.when === 'after') await super.raise(id, marks);
        if (dies) throw new Error('killed');
    }
}

/** What left the process: sequences by envelope, and the highest voucher that the node has seen. */
function watch(inner: Transport) {
    const sequences: string[] = [];
    const transport: Transport = {
        ...inner,
        async post(url, body, options) {
            const { header, enc } = decodeEnvelope(body);
            if (header.kind === 'request') {
                sequences.push(`${header.sequence}:${header.counter}:${Buffer.from(enc).toString('hex')}`);
            }
            return inner.post(url, body, options);
        },
    };
    return { transport, sequences };
}

describe.each(['before', 'after'] as const)('a client killed %s a mark became durable', (when) => {
    it.each([0, 1, 2, 3, 5, 8])('in write %s keeps every promise', async (writes) => {
        let sequences: string[] = [];
        const setting = setup({
            allocated: 2_000n,
            wrap: (inner) => {
                const watched = watch(inner);
                sequences = watched.sequences;
                return watched.transport;
            },
        });
        const { node, newClient, newChannel } = setting;
        let marks: SessionMarks = { cumulative: 0n, sequence: 0n };
        let killed = 0;
        for (let life = 0; life < 4; life++) {
            const store = new DyingMarks(writes, when);
            store.marks = marks;
            const channel = newChannel(store, life === 0 ? undefined : marks);
            const client = newClient();
            // Whoever dies does nothing more: the rest of this incarnation is not run.
            const error = await captureError(async () => {
                for (let round = 0; round < 12; round++) {
                    await (await client.request(channel, ask({ maxCompletionTokens: 40 }))).collect();
                }
            });
            killed += error.code === 'session_store_failed' ? 1 : 0;
            marks = store.marks;
            // Nothing above the durable mark, or the allocation, ever left.
            expect(node.ledger.paid <= marks.cumulative).toBe(true);
            expect(node.ledger.paid <= 2_000n).toBe(true);
            expect(channel.signed <= marks.cumulative).toBe(true);
            const highest = sequences
                .map((id) => BigInt(id.split(':')[0]!))
                .reduce((a, b) => (a > b ? a : b), 0n);
            expect(highest <= marks.sequence).toBe(true);
        }
        expect(killed).toBeGreaterThan(0);
        expect(new Set(sequences).size).toBe(sequences.length);
        const bySequence = new Set(sequences.map((id) => id.split(':')[0]));
        const encs = new Map<string, string>();
        for (const id of sequences) {
            const [sequence, , enc] = id.split(':') as [string, string, string];
            // A sequence belongs to one incarnation, which has one encapsulation here.
            expect(encs.get(sequence) ?? enc).toBe(enc);
            encs.set(sequence, enc);
        }
        expect(encs.size).toBe(bySequence.size);
    });
});

describe('a channel used before', () => {
    const after = async (served: number) => {
        const setting = setup();
        const channel = setting.newChannel();
        const client = setting.newClient();
        for (let round = 0; round < served; round++) await (await client.request(channel, ask())).collect();
        return { ...setting, marks: setting.store.marks, signed: channel.signed };
    };

    it('goes on from the voucher that the node shows, in a new sequence', async () => {
        const { node, newClient, newChannel, store, marks, signed } = await after(3);
        const channel = newChannel(store, marks);
        expect(channel.needsRecovery).toBe(true);
        expect(channel.promised).toBe(marks.cumulative);
        const answer = await newClient().request(channel, ask());
        await answer.collect();
        expect(answer.sequence).toBe(marks.sequence + 1n);
        expect(node.ledger.paid).toBeGreaterThan(signed);
        expect(node.ledger.paid - node.ledger.owed).toBeLessThan(100n);
    });

    it('is not fooled by a voucher that it did not sign', async () => {
        const { node, newClient, newChannel, store, marks } = await after(1);
        node.lies = { status: (status) => ({ ...status, cumulative: status.cumulative + 1n }) };
        const error = await captureError(() => newClient().request(newChannel(store, marks), ask()));
        expect(error).toMatchObject({ code: 'session_violation', violation: 'voucher' });
    });

    it('counts what a node hides as promised', async () => {
        const { node, newClient, newChannel, store, marks } = await after(3);
        node.lies = { status: (status) => ({ ...status, cumulative: 0n, signature: null }) };
        const channel = newChannel(store, marks);
        await newClient().recover(channel);
        expect(channel.signed).toBe(0n);
        expect(channel.promised).toBe(marks.cumulative);
        expect(channel.available).toBe(channel.allocated - marks.cumulative);
    });

    it('does not pay again what the node says is owed beyond its voucher', async () => {
        const { node, newClient, newChannel, store, marks } = await after(1);
        node.lies = { status: (status) => ({ ...status, owed: 900_000n }) };
        const channel = newChannel(store, marks);
        await (await newClient().request(channel, ask())).collect();
        expect(channel.signed).toBeLessThan(1_000n);
    });
});

describe('promises', () => {
    it('of many requests at once only grow, and stay within allocation and mark', async () => {
        const random = seededRandom(3);
        const { store, newChannel } = setup({ allocated: 5_000n });
        const channel = newChannel();
        const asked = Array.from({ length: 300 }, () => BigInt(Math.floor(random() * 6_000)));
        const outcomes = await Promise.allSettled(asked.map((amount) => channel.promise(amount)));
        outcomes.forEach((outcome, index) => {
            if (outcome.status === 'rejected') {
                expect(outcome.reason).toMatchObject({ code: 'session_allocation_spent' });
                expect(asked[index]! > 5_000n).toBe(true);
            } else {
                const { cumulative } = outcome.value;
                expect(cumulative >= asked[index]! && cumulative <= 5_000n).toBe(true);
            }
        });
        expect(store.marks.cumulative >= channel.signed).toBe(true);
        // 300 promises, 32 steps at most.
        expect(store.writes).toBeLessThan(33);
    });

    it('are signed by the voucher key', async () => {
        const { newChannel } = setup();
        const { cumulative, signature } = await newChannel().promise(77n);
        expect(cumulative).toBe(77n);
        expect(signature).toHaveLength(64);
        expect(primitives.publicKeyEd25519(keys.voucherSecretKey)).toEqual(keys.voucherKey);
    });
});
