import { FakeChain } from '../../../tests/helpers/inference/fake-chain';
import { ScriptedSessions } from '../../../tests/helpers/inference/scripted-sessions';
import { ask, setup, textOf } from '../../../tests/helpers/inference/setup';
import { VirtualClock } from '../../../tests/helpers/virtual-clock';
import { nativePrimitives } from '../../node';
import { bytesToHex, hexToBytes } from '../../utils';
import { jsonChannelBook } from '../channels/json-book';

const TON = 1_000_000_000n;
const primitives = nativePrimitives();
const publicKey = (seed: string) => bytesToHex(primitives.publicKeyEd25519(hexToBytes(seed)));

class Killed extends Error {}

/** A program that is killed at its n-th step: from then on nothing that it does has an effect. */
class Machine {
    readonly texts = new Map<string, string>();
    readonly chain = new FakeChain();
    readonly clock = new VirtualClock();
    private left = Number.POSITIVE_INFINITY;
    private life = 0;

    /** Runs a program until it ends or has made `steps` steps. */
    async run(
        steps: number,
        program: (
            inference: ReturnType<typeof setup>['inference'],
            sessions: ScriptedSessions,
        ) => Promise<void>,
    ): Promise<{ error: unknown; sessions: ScriptedSessions }> {
        this.left = steps;
        const life = ++this.life;
        const step = () => {
            if (life !== this.life || this.left-- <= 0) throw new Killed();
        };
        const sessions = new ScriptedSessions();
        sessions.onStep = step;
        this.chain.onStep = step;
        const store = {
            getItem: (key: string) => this.texts.get(key) ?? null,
            setItem: async (key: string, value: string) => {
                step();
                this.texts.set(key, value);
                step();
            },
            removeItem: (key: string) => {
                step();
                this.texts.delete(key);
            },
        };
        const { inference } = setup({
            chain: this.chain,
            clock: this.clock,
            sessions,
            book: jsonChannelBook(store),
            funding: { allocation: TON / 10n, deposit: TON / 2n, maxDeposit: 3n * TON, lowWater: 0.5 },
            seed: life,
        });
        let error: unknown;
        try {
            await program(inference, sessions);
        } catch (cause) {
            error = cause;
        }
        return { error, sessions };
    }

    /** Seeds of all channels that the next life knows. */
    seeds(): string[] {
        const records = [...this.texts]
            .filter(([key]) => /channel:/.test(key))
            .map(([, text]) => JSON.parse(text));
        return records.map(({ voucherSeed }) => voucherSeed);
    }
}

/** Three requests, enough money spent to make allocations grow. */
async function work(
    inference: ReturnType<typeof setup>['inference'],
    sessions: ScriptedSessions,
): Promise<void> {
    for (const number of [1, 2, 3])
        sessions.scripts.set(String(number).padStart(64, '0'), [{ price: TON / 25n }]);
    for (let i = 0; i < 6; i++) await textOf(await inference.run(ask(`question ${i}`)));
    await inference.close();
}

it('killed at any step it never loses an allocation, deposits twice, or promises what it cannot keep', async () => {
    let lives = 0;
    for (let steps = 0; ; steps++) {
        const machine = new Machine();
        const { error: killed, sessions: first } = await machine.run(steps, work);
        // Every allocation on chain has its key in the book.
        const known = new Set(machine.seeds().map(publicKey));
        for (const { voucherKey } of machine.chain.allocations()) expect(known).toContain(voucherKey);

        const { error, sessions: second } = await machine.run(Number.POSITIVE_INFINITY, work);
        expect(error).toBeUndefined();
        expect(second.asked.length).toBeGreaterThanOrEqual(6);
        expect(machine.chain.vaults.size).toBe(1);
        expect(machine.chain.deposited).toBeLessThanOrEqual(3n * TON);
        for (const sessions of [first, second]) {
            for (const [seed, promises] of sessions.promises) {
                const found = machine.chain
                    .allocations()
                    .find(({ voucherKey }) => voucherKey === publicKey(seed));
                expect(Math.max(...promises.map(Number))).toBeLessThanOrEqual(Number(found?.allocated));
                // The next life goes on above everything that the killed one may have promised.
                const before = sessions === second ? (first.promises.get(seed) ?? []) : [];
                for (const promise of promises)
                    expect(before.every((earlier) => earlier < promise)).toBe(true);
            }
        }
        lives += 1;
        if (killed === undefined) break;
    }
    expect(lives).toBeGreaterThan(40);
});

it('two programs cannot sign for one channel', async () => {
    const world = setup();
    await textOf(await world.inference.run(ask()));
    const [record] = await world.book.list();
    expect(await world.book.lease(record?.id ?? '')).toBeUndefined();
    await world.inference.close();
    const lease = await world.book.lease(record?.id ?? '');
    expect(lease?.record).toMatchObject({ state: 'open', cumulative: expect.any(BigInt) });
    await lease?.release();
    await expect(lease?.raise({ cumulative: 5n })).rejects.toMatchObject({ code: 'channel_lease_lost' });
});
