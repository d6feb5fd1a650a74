import '@ton/test-utils';
import { beginCell, type Cell, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { disputeBodies, VOTE } from 'cocoon-wrappers';
import { storeBusy, storeConvicted } from '../../build/Dispute/Dispute_Dispute';
import { advance, now } from '../helpers/blockchain';
import {
    accusedBody,
    answerBody,
    type Court,
    type CourtOptions,
    draftCourt,
    itemBody,
    PATIENCE,
    play,
    requestBody,
    responseBody,
    reveal,
    revealBody,
    seatBody,
    sendOpen,
    sendResolve,
    speak,
    succeeds,
    takeSeats,
} from '../helpers/court';
import { shownItem } from '../helpers/disclosed';
import { createScene, type Scene } from '../helpers/scene';
import { WIDEST_DISPUTES } from '../helpers/terms';
import { send } from '../helpers/trace';
import { constant, expectConstant, gasOn, sizeOf } from './measured';
import { RICH, WIDEST_KINDS, WIDEST_TERMS } from './widest';

const NINE = Array.from({ length: 9 }, () => VOTE.client);

let scene: Scene;

/** Of juries of this size. */
const sceneOf = (jurors: number) =>
    createScene({
        nodes: 0,
        terms: { ...WIDEST_TERMS, kinds: { ...WIDEST_KINDS, disputes: { ...WIDEST_DISPUTES, jurors } } },
    });

beforeEach(async () => {
    scene = await sceneOf(9);
});

const dispute = (options: CourtOptions = {}) => draftCourt(scene, { jurors: 9, value: RICH, ...options });
const at = (court: Court, result: SendMessageResult) => gasOn(result, court.dispute.address);
const ok = async (court: Court, sent: Promise<SendMessageResult>) => at(court, await succeeds(court, sent));
const tell = (court: Court, body: Cell, from = scene.client) =>
    ok(court, send(from, court.dispute.address, body));

it('opening and asking again cost what their constants say', async () => {
    const costs: number[] = [];
    for (const kind of ['job', 'session'] as const) {
        const court = await dispute({ kind });
        costs.push(await ok(court, sendOpen(court, RICH)));
    }
    expectConstant('GAS_OPEN_DISPUTE', Math.max(...costs));
    const court = await play(
        await dispute({ kind: 'session', claim: 2, openBefore: now(scene.blockchain) + 9 }),
        'opened',
    );
    const busyUntil = BigInt(now(scene.blockchain) + 500);
    const busy = beginCell()
        .store(storeBusy({ $$type: 'Busy', queryId: 0n, busyUntil }))
        .endCell();
    await ok(court, speak(court, court.node, busy));
    const body = disputeBodies.retry({ evidence: court.evidence });
    expectConstant('GAS_RETRY', await ok(court, send(scene.keeper, court.dispute.address, body)));
});

it('whatever Node and Job say to an opening costs what its constant says', async () => {
    const costs: number[] = [];
    for (const kind of ['job', 'session'] as const) {
        const court = await play(await dispute({ kind }), 'opened');
        costs.push(await ok(court, speak(court, court.node, accusedBody(court))));
    }
    const guilty = await play(
        await dispute({ kind: 'session', openBefore: now(scene.blockchain) + 9 }),
        'opened',
    );
    const convicted = beginCell().store(storeConvicted({ $$type: 'Convicted', queryId: 0n, amount: 1n }));
    costs.push(await ok(guilty, speak(guilty, guilty.node, convicted.endCell())));
    // Of a real Node it is up to 150 more: which cells of a message are the same is another matter there.
    expectConstant('GAS_ACCUSED', Math.max(...costs), 1_500);
});

it('disclosures cost what their constants say, at the longest', async () => {
    const job = await play(await dispute({ shown: shownItem(4_096, 4_095) }), 'confirmed');
    const item = await tell(job, itemBody(job));
    const answer = await tell(job, answerBody(job), job.operator);
    expectConstant('GAS_DISCLOSE', Math.max(item, answer));
    const shown = shownItem(1, 0, 31_750);
    const session = await play(await dispute({ kind: 'session', shown }), 'confirmed');
    const halves = [await tell(session, requestBody(session)), await tell(session, responseBody(session))];
    expectConstant('GAS_DISCLOSE_SNAKE', Math.max(...halves));
});

it('seat and vote cost what their constants say, the list of those that were silent being the longest', async () => {
    const court = await play(await dispute({ jurors: 18 }), 'revealing', NINE);
    advance(scene.blockchain, court.params.revealWindow + 1);
    await ok(court, sendResolve(court));
    advance(scene.blockchain, PATIENCE);
    court.jurors = court.jurors.slice(9);
    const seats: number[] = [];
    for (const seat of court.jurors) {
        seats.push(await ok(court, speak(court, seat.node, seatBody(court, seat, { round: 2 }))));
    }
    expectConstant('GAS_SEAT', Math.max(...seats));
    const [first] = court.jurors;
    expectConstant('GAS_REVEAL', await tell(court, revealBody(first!, VOTE.client), first!.operator));
});

/** Gas of the end of a round of so many jurors, by how they voted; and of the ends before. */
async function resolutions(n: number): Promise<[taken: number, gas: number][]> {
    scene = await sceneOf(n);
    const costs: [taken: number, gas: number][] = [];
    const votes = (node: number, client: number) =>
        Array.from({ length: n }, (_, k) => (k < node ? VOTE.node : k < node + client ? VOTE.client : null));
    const rounds = [votes(0, n), votes(n, 0), votes(1, n - 2), votes(n - 2, 1), votes(2, 0), votes(0, 0)];
    for (const [i, round] of rounds.entries()) {
        for (const kind of ['job', 'session'] as const) {
            const court = await play(
                await dispute({ claim: i + 1, kind, openBefore: before(i) }),
                'revealed',
                round,
            );
            advance(scene.blockchain, court.params.revealWindow + 1);
            costs.push([n, await ok(court, sendResolve(court))]);
        }
    }
    for (const taken of [0, 1, n - 1]) {
        const court = await play(
            await dispute({ claim: 20 + taken }),
            'revealing',
            votes(0, n).slice(0, taken),
        );
        for (const seats of [taken, 0]) {
            advance(scene.blockchain, court.params.seatWindow + 1);
            costs.push([seats, await ok(court, sendResolve(court))]);
        }
    }
    const silent = await play(await dispute({ claim: 30 }), 'confirmed');
    advance(scene.blockchain, silent.params.discloseWindow + 1);
    costs.push([0, await ok(silent, sendResolve(silent))]);
    return costs;
}

/** Another one for each session's dispute. */
const before = (i: number) => now(scene.blockchain) + 100 + i;

it('a resolution costs what its constants say, by the number of seats', async () => {
    const [five, nine] = [await resolutions(5), await resolutions(9)];
    const each = nine.map(([taken, gas], i) => {
        const [fewer, less] = five[i]!;
        return taken === fewer ? 0 : (gas - less) / (taken - fewer);
    });
    expectConstant('GAS_RESOLVE_SEAT', Math.max(...each), 100);
    const bases = [...five, ...nine].map(([taken, gas]) => gas - taken * constant('GAS_RESOLVE_SEAT'));
    expectConstant('GAS_RESOLVE', Math.max(...bases));
    for (const [taken, gas] of five) expect({ taken, below: gas < 60_000 }).toEqual({ taken, below: true });
});

it('the end costs what its constant says, opened or never', async () => {
    const never = await dispute({ claim: 9, openBefore: now(scene.blockchain) + 5 });
    const { address, init } = never.dispute;
    await scene.keeper.send({ to: address, init, value: toNano('1'), bounce: false });
    const court = await play(await dispute({ claim: 1 }), 'revealed', NINE);
    await ok(court, sendResolve(court));
    advance(scene.blockchain, 30 * 86_400);
    const costs = [
        await tell(court, disputeBodies.destroy(), scene.keeper),
        await tell(never, disputeBodies.destroy(), scene.keeper),
    ];
    expectConstant('GAS_DESTROY_DISPUTE', Math.max(...costs));
});

it('storage is reserved for what a dispute takes up at its largest', async () => {
    const court = await play(
        await dispute({ jurors: 18 }),
        'revealing',
        NINE.map(() => null),
    );
    advance(scene.blockchain, court.params.revealWindow + 1);
    await ok(court, sendResolve(court));
    advance(scene.blockchain, PATIENCE);
    court.jurors = court.jurors.slice(9);
    await takeSeats(court, NINE, 2);
    await reveal(court, NINE);
    const { cells, bits } = await sizeOf(scene.blockchain, court.dispute.address);
    expect({ cells: constant('DISPUTE_STORAGE_CELLS'), bits: constant('DISPUTE_STORAGE_BITS') }).toEqual({
        cells: Math.ceil(cells / 2) * 2,
        bits: Math.ceil(bits / 500) * 500,
    });
});

it('no message of a dispute costs its contract 60,000', () => {
    for (const name of [
        'GAS_OPEN_DISPUTE',
        'GAS_RETRY',
        'GAS_ACCUSED',
        'GAS_DISCLOSE',
        'GAS_DISCLOSE_SNAKE',
        'GAS_SEAT',
        'GAS_REVEAL',
    ]) {
        expect(constant(name)).toBeLessThan(60_000);
    }
});
