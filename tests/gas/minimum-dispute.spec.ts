import '@ton/test-utils';
import { beginCell, type Cell } from '@ton/core';
import type { BlockchainSnapshot } from '@ton/sandbox';
import { disputeBodies, type Terms, VOTE } from 'cocoon-wrappers';
import { storeBusy } from '../../build/Dispute/Dispute_Dispute';
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
    revealBody,
    seatBody,
    sendOpen,
    sendResolve,
    speak,
    succeeds,
} from '../helpers/court';
import { shownItem } from '../helpers/disclosed';
import type { Scene } from '../helpers/scene';
import { DAY, WIDEST_DISPUTES } from '../helpers/terms';
import type { Wallet } from '../helpers/trace';
import { disputeStorage, type Fees, feesUnder, openingFee } from './formulas';
import { type Entry, entry, expectAllWell, expectRefusedBelow, pricedScene, storageFeesOf } from './minimum';
import { RICH, WIDEST_COURT } from './widest';

// A Dispute among puppets at its dearest: nine seats, the longest disclosures, amounts in their longest form.

interface Case {
    court: Court;
    run: Entry;
}

const JURORS = WIDEST_DISPUTES.jurors;
const all = (vote: number) => Array.from({ length: JURORS }, () => vote);

const draft = (scene: Scene, options: CourtOptions = {}) =>
    draftCourt(scene, { jurors: 2 * JURORS, value: RICH, ...options });

const says = (court: Court, from: Wallet, body: Cell): Case => ({
    court,
    run: entry(from, court.dispute.address, body),
});

const speaks = (court: Court, from: Court['node'], body: Cell): Case => ({
    court,
    run: (value) => speak(court, from, body, value),
});

const resolves = (court: Court): Case => ({
    court,
    run: (value) => sendResolve(court, court.scene.keeper, value),
});

async function judged(scene: Scene, votes: readonly (number | null)[]): Promise<Case> {
    const court = await play(await draft(scene), 'revealed', votes);
    advance(scene.blockchain, court.params.revealWindow + 1);
    return resolves(court);
}

/** The second round after one in which nobody revealed: the list of those that may not sit again is the longest. */
async function secondRound(scene: Scene): Promise<Court> {
    const { court } = await judged(
        scene,
        all(0).map(() => null),
    );
    await succeeds(court, sendResolve(court));
    advance(scene.blockchain, PATIENCE);
    court.jurors = court.jurors.slice(JURORS);
    return court;
}

const cases: Record<string, (scene: Scene) => Promise<Case>> = {
    async 'OpenDispute of a job'(scene) {
        const court = await draft(scene);
        return { court, run: (value) => sendOpen(court, value) };
    },
    async 'OpenDispute of a session'(scene) {
        const court = await draft(scene, { kind: 'session' });
        return { court, run: (value) => sendOpen(court, value) };
    },
    async Retry(scene) {
        const court = await play(await draft(scene, { kind: 'session' }), 'opened');
        const busyUntil = BigInt(now(scene.blockchain) + 500);
        const busy = beginCell().store(storeBusy({ $$type: 'Busy', queryId: 0n, busyUntil }));
        await succeeds(court, speak(court, court.node, busy.endCell()));
        return says(court, scene.keeper, disputeBodies.retry({ evidence: court.evidence }));
    },
    async DiscloseItem(scene) {
        const court = await play(await draft(scene, { shown: shownItem(4_096, 4_095) }), 'confirmed');
        return says(court, scene.client, itemBody(court));
    },
    async AnswerItem(scene) {
        const court = await play(await draft(scene, { shown: shownItem(4_096, 4_095) }), 'disclosed');
        return says(court, court.operator, answerBody(court));
    },
    async DiscloseRequest(scene) {
        const court = await play(await longest(scene), 'confirmed');
        return says(court, scene.client, requestBody(court));
    },
    async DiscloseResponse(scene) {
        const court = await play(await longest(scene), 'confirmed');
        await succeeds(court, says(court, scene.client, requestBody(court)).run(RICH));
        return says(court, scene.client, responseBody(court));
    },
    async Seat(scene) {
        const court = await secondRound(scene);
        const [seat] = court.jurors;
        return speaks(court, seat!.node, seatBody(court, seat!, { round: 2 }));
    },
    async Reveal(scene) {
        const court = await play(await draft(scene), 'revealing', all(VOTE.client));
        const [first] = court.jurors;
        return says(court, first!.operator, revealBody(first!, VOTE.client));
    },
    'Resolve, convicted': (scene) => judged(scene, all(VOTE.client)),
    'Resolve, acquitted': (scene) => judged(scene, all(VOTE.node)),
    'Resolve, with votes against the outcome': (scene) =>
        judged(scene, [...all(VOTE.node).slice(0, JURORS - 3), VOTE.client, VOTE.client, null]),
    'Resolve, one more round': (scene) =>
        judged(
            scene,
            all(0).map(() => null),
        ),
    async 'Resolve, too few seats'(scene) {
        const court = await play(await draft(scene), 'revealing', [VOTE.node, VOTE.node]);
        advance(scene.blockchain, court.params.seatWindow + 1);
        return resolves(court);
    },
    async 'Resolve, nothing disclosed'(scene) {
        const court = await play(await draft(scene), 'confirmed');
        advance(scene.blockchain, court.params.discloseWindow + 1);
        return resolves(court);
    },
    async DestroyDispute(scene) {
        const { court } = await judged(scene, all(VOTE.client));
        await succeeds(court, sendResolve(court));
        advance(scene.blockchain, 2 * DAY);
        return says(court, scene.keeper, disputeBodies.destroy());
    },
};

const longest = (scene: Scene) => draft(scene, { kind: 'session', shown: shownItem(1, 0, 31_750) });

/** What each message must bring, to the nanoTON. */
const least: Record<string, (fees: Fees, factor: bigint, terms: Terms) => bigint> = {
    'OpenDispute of a job': (fees, factor, terms) => openingFee(fees, 'job', terms, factor),
    'OpenDispute of a session': (fees, factor, terms) => openingFee(fees, 'session', terms, factor),
    Retry: ({ accuse, retry }) => accuse + retry,
    DiscloseItem: ({ disclose }) => disclose,
    AnswerItem: ({ disclose }) => disclose,
    DiscloseRequest: ({ discloseSnake }) => discloseSnake,
    DiscloseResponse: ({ discloseSnake }) => discloseSnake,
    Seat: ({ seat }) => seat,
    Reveal: ({ reveal }) => reveal,
    'Resolve, convicted': ({ resolve }) => resolve(JURORS),
    'Resolve, acquitted': ({ resolve }) => resolve(JURORS),
    'Resolve, with votes against the outcome': ({ resolve }) => resolve(JURORS),
    'Resolve, one more round': ({ resolve }) => resolve(JURORS),
    'Resolve, too few seats': ({ resolve }) => resolve(2),
    'Resolve, nothing disclosed': ({ resolve }) => resolve(0),
    DestroyDispute: ({ destroyDispute }) => destroyDispute,
};

/** What a Dispute has beyond what is the accuser's: its storage reserve; nothing once it is gone. */
async function reserveOf({ scene, dispute }: Court): Promise<bigint> {
    const { balance, accountState } = await scene.blockchain.getContract(dispute.address);
    if (accountState?.type !== 'active') return balance;
    return balance - ((await dispute.getDispute())?.held ?? 0n);
}

describe.each([1, 2, 10])('with %s times the prices', (times) => {
    const factor = BigInt(times);
    const fees = feesUnder(factor);
    let scene: Scene;
    let start: BlockchainSnapshot;

    beforeAll(async () => {
        scene = await pricedScene(factor, WIDEST_COURT);
        start = scene.blockchain.snapshot();
    });
    beforeEach(() => scene.blockchain.loadFrom(start));

    it.each(Object.entries(cases))(
        '%s: the least value suffices, spends nothing of the reserve, and less is refused',
        async (name, prepare) => {
            const { court, run } = await prepare(scene);
            const { address } = court.dispute;
            const value = least[name]!(fees, factor, scene.protocol.terms);
            await expectRefusedBelow(run, address, value); // and storage is paid up to now
            const opens = name.startsWith('OpenDispute');
            const before = opens ? disputeStorage(factor) : await reserveOf(court);
            const result = await run(value);
            expect(result.transactions).toHaveTransaction({ to: address, success: true });
            expectAllWell(result);
            if (name === 'DestroyDispute') return; // the reserve was returned
            expect((await reserveOf(court)) + storageFeesOf(result, address)).toBeGreaterThanOrEqual(before);
        },
    );

    it.each(['job', 'session'] as const)('an answer of the Node about a %s pays for itself', async (kind) => {
        const court = await play(await draft(scene, { kind }), 'opened');
        const before = await reserveOf(court);
        const result = await speak(court, court.node, accusedBody(court), fees.answered + 1n);
        expectAllWell(result);
        expect(
            (await reserveOf(court)) + storageFeesOf(result, court.dispute.address),
        ).toBeGreaterThanOrEqual(before);
    });
});
