import { Address } from '@ton/core';
import type { DisputeInfo, TxParams } from 'cocoon-sdk';
import { Resolver } from '../../src/services/jury/resolve';
import { Revealer } from '../../src/services/jury/reveal';
import type { Runtime } from '../../src/services/runtime';

const OWN = 4;
const TURN_SECONDS = 10;
const DEADLINE = 1_000;
const PARAMS: TxParams = { to: new Address(0, Buffer.alloc(32, 9)), value: 1n, body: undefined as never };

jest.mock('cocoon-sdk', () => ({
    ...jest.requireActual('cocoon-sdk'),
    getResolveDisputeTxParams: async () => PARAMS,
    getRevealVoteTxParams: async () => PARAMS,
}));

const account = (byte: number) => new Address(0, Buffer.alloc(32, byte));
const seat = (index: number, vote: number | null = null) => ({ index, vote, operator: account(index) });
const info = (changes: Partial<DisputeInfo> = {}) =>
    ({
        address: account(9),
        phase: 'seating',
        round: 1,
        deadline: DEADLINE,
        openBefore: 9_000,
        case: { hardEnd: 90_000 },
        seats: [],
        ...changes,
    }) as unknown as DisputeInfo;

/** A worker's own world: its clock, its journal's votes, and what it sends. */
function world() {
    const sent: string[] = [];
    const errors: string[] = [];
    const clock = { seconds: DEADLINE + 1 };
    const votes = new Map<string, unknown>();
    const runtime = {
        chain: {
            client: {},
            node: { index: OWN },
            wallet: account(OWN),
            clock: { now: () => clock.seconds },
            outgoing: {
                send: async ({ purpose }: { purpose: string }) => {
                    sent.push(purpose);
                    return { children: [], aborted: false, computeSkipped: null };
                },
            },
        },
        context: {
            journal: { votes: { get: async ({ dispute }: { dispute: string }) => votes.get(dispute) } },
            logger: { info: () => {}, error: (_: unknown, text: string) => errors.push(text) },
        },
    } as unknown as Runtime;
    return { runtime, clock, sent, errors, votes };
}

describe('a step that anyone may take', () => {
    const handle = async (changes: Partial<DisputeInfo>, seconds: number[]) => {
        const { runtime, clock, sent } = world();
        const resolver = new Resolver(runtime, TURN_SECONDS);
        const looks: (number | undefined)[] = [];
        for (const at of seconds) {
            clock.seconds = at;
            looks.push(await resolver.handle(info(changes)));
        }
        return { looks, sent };
    };

    it('is not taken before it is due', async () => {
        expect(await handle({}, [DEADLINE])).toEqual({ looks: [undefined], sent: [] });
    });

    it('is taken at once by the first seat', async () => {
        const seats = [seat(OWN), seat(7)] as unknown as DisputeInfo['seats'];
        const { sent } = await handle({ phase: 'revealing', seats }, [DEADLINE + 1]);
        expect(sent).toEqual(['resolve']);
    });

    it('is taken by the second seat a turn later, and only if nobody was quicker', async () => {
        const seats = [seat(7), seat(OWN)] as unknown as DisputeInfo['seats'];
        const first = DEADLINE + 1;
        const { looks, sent } = await handle({ phase: 'revealing', seats }, [first, first + 9, first + 10]);
        expect(looks).toEqual([first + TURN_SECONDS, first + TURN_SECONDS, first + TURN_SECONDS]);
        expect(sent).toEqual(['resolve']);
    });

    it('is taken by a node without a seat after all seats, by its index', async () => {
        const seats = [seat(7), seat(8)] as unknown as DisputeInfo['seats'];
        const { looks, sent } = await handle({ phase: 'revealing', seats }, [DEADLINE + 1]);
        expect(looks).toEqual([DEADLINE + 1 + (2 + OWN) * TURN_SECONDS]);
        expect(sent).toEqual([]);
    });

    it('counts turns anew for the next step', async () => {
        const { runtime, clock, sent } = world();
        const resolver = new Resolver(runtime, TURN_SECONDS);
        await resolver.handle(info());
        clock.seconds += 100;
        const seats = [seat(7, 1), seat(8, 1)] as unknown as DisputeInfo['seats'];
        const next = await resolver.handle(info({ phase: 'revealing', seats }));
        expect(next).toBe(clock.seconds + (2 + OWN) * TURN_SECONDS);
        expect(sent).toEqual([]);
    });
});

describe('a sealed vote', () => {
    const revealing = (changes: object = {}) =>
        info({ phase: 'revealing', seats: [{ ...seat(OWN), ...changes }] as never });

    it('is opened once its seat is seen without one', async () => {
        const { runtime, sent, votes } = world();
        votes.set(account(9).toRawString(), { vote: 1 });
        await new Revealer(runtime).handle(revealing());
        expect(sent).toEqual(['reveal']);
        await new Revealer(runtime).handle(revealing({ vote: 1 }));
        expect(sent).toEqual(['reveal']);
    });

    it.each([
        ['the journal does not know', {}, false, /journal does not know/],
        ['another wallet sealed', { operator: account(77) }, true, /another operator wallet/],
    ])('that %s is told of once, not guessed', async (_, changes, known, message) => {
        const { runtime, sent, errors, votes } = world();
        if (known) votes.set(account(9).toRawString(), { vote: 1 });
        const revealer = new Revealer(runtime);
        await revealer.handle(revealing(changes));
        await revealer.handle(revealing(changes));
        expect(sent).toEqual([]);
        expect(errors).toEqual([expect.stringMatching(message)]);
    });

    it('of another node is none of its business', async () => {
        const { runtime, sent, errors } = world();
        await new Revealer(runtime).handle(info({ phase: 'revealing', seats: [seat(7)] as never }));
        expect([sent, errors]).toEqual([[], []]);
    });
});
