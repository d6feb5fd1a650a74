import '@ton/test-utils';
import { Address } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { opcodes, VOTE } from 'cocoon-wrappers';
import { loadSettleAccusation, loadSettleSeat, loadVerdict } from '../../build/Dispute/Dispute_Dispute';
import { feesUnder } from '../gas/formulas';
import { advance } from '../helpers/blockchain';
import {
    type Court,
    draftCourt,
    expectCourtConserved,
    FIRST_JUROR,
    PATIENCE,
    play,
    reveal,
    revealed,
    revealing,
    sendResolve,
    stateOf,
    succeeds,
    takeSeats,
} from '../helpers/court';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { expectRefused, messagesBetween, paidBetween } from '../helpers/trace';

let scene: Scene;
let tip: bigint;

const NODE = VOTE.node;
const CLIENT = VOTE.client;
const AWAY = VOTE.unavailable;
const BURNT = new Address(0, Buffer.alloc(32));
const fees = feesUnder(1n);

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
    tip = scene.protocol.terms.jobParams.keeperTip;
});

const id = (address: Address) => BigInt(`0x${address.hash.toString('hex')}`);

/** What the seats of a round came to: fee, slash, who has the half of it. */
function seatEnds(court: Court, result: SendMessageResult) {
    return court.jurors.map(({ node }) => {
        const [message] = messagesBetween(result, court.dispute.address, node, Number(opcodes.SettleSeat));
        if (!message) return undefined;
        const { fee, slash, beneficiary } = loadSettleSeat(message.body.beginParse());
        if (message.info.type !== 'internal') throw new Error('Not internal.');
        expect(message.info.value.coins).toBe(fees.settleSeat + fee);
        return { fee, slash, beneficiary };
    });
}

/** What the Job or the Node hears. */
function told(court: Court, result: SendMessageResult) {
    const opcode = Number(court.kind === 'job' ? opcodes.Verdict : opcodes.SettleAccusation);
    const messages = messagesBetween(result, court.dispute.address, court.target, opcode);
    expect(messages.length).toBeLessThanOrEqual(1);
    const [message] = messages;
    if (message?.info.type !== 'internal') return undefined;
    expect(message.info.value.coins).toBe(court.kind === 'job' ? fees.verdict : fees.settleAccusation);
    const body = message.body.beginParse();
    if (court.kind === 'job') {
        const { outcome, claim, costs } = loadVerdict(body);
        expect(claim).toBe(1n);
        return { outcome: (['none', 'node', 'client'] as const)[Number(outcome)], costs };
    }
    const { convicted, costs } = loadSettleAccusation(body);
    return { outcome: convicted ? ('client' as const) : ('node' as const), costs };
}

async function resolves(court: Court, from = scene.keeper): Promise<SendMessageResult> {
    return succeeds(court, sendResolve(court, from));
}

const endFee = ({ kind }: Court) => (kind === 'job' ? fees.verdict : fees.settleAccusation);
const paid = (court: Court, result: SendMessageResult, to: Address) =>
    paidBetween(result, court.dispute.address, to);

describe.each(['job', 'session'] as const)('a %s', (kind) => {
    it('is convicted by more than half: bond back, costs told, the minority pays', async () => {
        const court = await revealed(scene, [CLIENT, NODE, CLIENT, AWAY, CLIENT], { kind });
        const { held } = await stateOf(court);
        const { jurorFee, jurorBond, minorityBps } = court.params;
        const result = await resolves(court);
        const costs = 5n * (jurorFee + fees.settleSeat);
        expect(told(court, result)).toEqual({ outcome: 'client', costs });
        expect(paid(court, result, scene.client.address)).toBe(held - costs - tip - endFee(court));
        expect(paid(court, result, court.payout.address)).toBe(0n);
        expect(paid(court, result, BURNT)).toBe(0n);
        const beneficiary = id(scene.client.address);
        const slash = (jurorBond * BigInt(minorityBps)) / 10_000n;
        const right = { fee: jurorFee, slash: 0n, beneficiary };
        const wrong = { fee: jurorFee, slash, beneficiary };
        expect(seatEnds(court, result)).toEqual([right, wrong, right, right, right]);
        expect(await stateOf(court)).toMatchObject({
            phase: 'resolved',
            outcome: 'client',
            held: 0n,
            spent: costs,
        });
    });

    it('is acquitted by more than half: half of the bond to the accused, half burnt, the minority pays', async () => {
        const court = await revealed(scene, [NODE, NODE, CLIENT, NODE, AWAY], { kind });
        const { held } = await stateOf(court);
        const { jurorFee, jurorBond, minorityBps, accuserBond } = court.params;
        const result = await resolves(court);
        const costs = 5n * (jurorFee + fees.settleSeat);
        expect(told(court, result)).toEqual({ outcome: 'node', costs });
        const rest = held - costs - tip - endFee(court) - accuserBond;
        expect(paid(court, result, scene.client.address)).toBe(rest);
        expect(paid(court, result, court.payout.address)).toBe(accuserBond / 2n);
        expect(paid(court, result, BURNT)).toBe(accuserBond / 2n);
        const beneficiary = id(court.payout.address);
        const slash = (jurorBond * BigInt(minorityBps)) / 10_000n;
        expect(seatEnds(court, result)?.map((end) => end?.slash)).toEqual([0n, 0n, slash, 0n, 0n]);
        expect(seatEnds(court, result)?.every((end) => end?.beneficiary === beneficiary)).toBe(true);
    });

    it.each([
        ['a tie', [NODE, NODE, CLIENT, CLIENT, AWAY]],
        ['evidence that nobody could open', [AWAY, AWAY, AWAY, AWAY, AWAY]],
        ['half of them', [CLIENT, CLIENT, AWAY, AWAY, NODE]],
    ])('is acquitted in doubt, by %s, and no vote costs', async (_, votes) => {
        const court = await revealed(scene, votes, { kind });
        const result = await resolves(court);
        expect(told(court, result)?.outcome).toBe('node');
        expect(seatEnds(court, result)?.every((end) => end?.slash === 0n)).toBe(true);
        expect(seatEnds(court, result)?.every((end) => end?.fee === court.params.jurorFee)).toBe(true);
    });

    it('is judged by a quorum, and who keeps silent loses the whole bond', async () => {
        const court = await revealed(scene, [CLIENT, CLIENT, CLIENT, NODE, null], { kind });
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, court.params.revealWindow + 1);
        const result = await resolves(court);
        expect(told(court, result)?.outcome).toBe('client');
        const { jurorFee, jurorBond } = court.params;
        const ends = seatEnds(court, result);
        expect(ends[4]).toEqual({ fee: 0n, slash: jurorBond, beneficiary: id(scene.client.address) });
        expect(ends[3]?.slash).toBe(jurorBond / 10n);
        expect((await stateOf(court)).spent).toBe(4n * jurorFee + 5n * fees.settleSeat);
    });

    it('without a quorum has one more round, then it ends as if it had not been disputed', async () => {
        const court = await revealed(scene, [CLIENT, CLIENT, CLIENT, null, null], { kind, jurors: 7 });
        const { held } = await stateOf(court);
        const { jurorFee, jurorBond, revealWindow } = court.params;
        const accuser = id(scene.client.address);
        advance(scene.blockchain, revealWindow + 1);
        const first = await resolves(court);
        expect(told(court, first)).toBeUndefined();
        const voted = { fee: jurorFee, slash: 0n, beneficiary: accuser };
        const silent = { fee: 0n, slash: jurorBond, beneficiary: accuser };
        expect(seatEnds(court, first)).toEqual([voted, voted, voted, silent, silent, undefined, undefined]);
        const spent = 3n * jurorFee + 5n * fees.settleSeat;
        expect(await stateOf(court)).toMatchObject({
            phase: 'seating',
            round: 2,
            held: held - spent - tip,
            spent,
        });

        advance(scene.blockchain, PATIENCE);
        const { jurors } = court;
        court.jurors = [jurors[5]!, jurors[6]!, ...jurors.slice(0, 3)];
        await takeSeats(court, [NODE, NODE, NODE, null, null], 2);
        await reveal(court, [NODE, NODE, NODE]);
        advance(scene.blockchain, revealWindow + 1);
        const second = await resolves(court);
        expect(told(court, second)).toEqual({
            outcome: kind === 'job' ? 'none' : 'node',
            costs: 2n * spent,
        });
        expect(seatEnds(court, second)?.map((end) => end?.slash)).toEqual([0n, 0n, 0n, jurorBond, jurorBond]);
        expect(paid(court, second, scene.client.address)).toBe(held - 2n * spent - 2n * tip - endFee(court));
        expect(paid(court, second, court.payout.address)).toBe(0n);
        expect(await stateOf(court)).toMatchObject({ phase: 'resolved', outcome: 'none', held: 0n });
    });

    it('whose seats are not filled costs no fees and no bonds, in either round', async () => {
        const court = await revealing(scene, [CLIENT, CLIENT], { kind });
        const { held } = await stateOf(court);
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, court.params.seatWindow + 1);
        const first = await resolves(court);
        const free = { fee: 0n, slash: 0n, beneficiary: id(scene.client.address) };
        expect(seatEnds(court, first)).toEqual([free, free, undefined, undefined, undefined]);
        expect(await stateOf(court)).toMatchObject({ phase: 'seating', round: 2, banned: [] });
        advance(scene.blockchain, court.params.seatWindow + 1);
        const second = await resolves(court);
        const costs = 2n * fees.settleSeat;
        expect(told(court, second)).toEqual({ outcome: kind === 'job' ? 'none' : 'node', costs });
        expect(paid(court, second, scene.client.address)).toBe(held - costs - 2n * tip - endFee(court));
    });

    it('of which nothing is shown is acquitted when the window is over', async () => {
        const court = await play(await draftCourt(scene, { kind }), 'confirmed');
        const { held } = await stateOf(court);
        advance(scene.blockchain, court.params.discloseWindow);
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const result = await resolves(court);
        expect(told(court, result)).toEqual({ outcome: 'node', costs: 0n });
        const { accuserBond } = court.params;
        expect(paid(court, result, court.payout.address)).toBe(accuserBond / 2n);
        expect(paid(court, result, BURNT)).toBe(accuserBond / 2n);
        expect(paid(court, result, scene.client.address)).toBe(held - tip - endFee(court) - accuserBond);
    });
});

describe('the hard end', () => {
    const past = (court: Court) => {
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute + 1);
        return court;
    };

    it.each(['confirmed', 'disclosed', 'seating'] as const)('returns everything from %s', async (phase) => {
        const court = past(await play(await draftCourt(scene), phase));
        const { held } = await stateOf(court);
        const result = await resolves(court);
        expect(told(court, result)).toBeUndefined();
        expect(paid(court, result, scene.client.address)).toBe(held - tip);
        expect(paid(court, result, court.payout.address)).toBe(0n);
        expect(await stateOf(court)).toMatchObject({ phase: 'resolved', outcome: 'none' });
    });

    it('overrides votes that nobody counted: bonds and bond back', async () => {
        const court = past(await revealed(scene, [CLIENT, CLIENT, CLIENT, CLIENT, null]));
        const { held } = await stateOf(court);
        const result = await resolves(court);
        const free = { fee: 0n, slash: 0n, beneficiary: id(scene.client.address) };
        expect(seatEnds(court, result)).toEqual([free, free, free, free, free]);
        expect(paid(court, result, scene.client.address)).toBe(held - tip - 5n * fees.settleSeat);
    });

    it('is not yet in its own second', async () => {
        const court = await revealed(scene, [CLIENT, CLIENT, CLIENT, CLIENT, CLIENT]);
        scene.blockchain.now = (await stateOf(court)).case!.hardEnd;
        expect(told(court, await resolves(court))?.outcome).toBe('client');
    });
});

describe('a poke', () => {
    it('is tipped out of what the accuser holds, but the accuser’s own is not', async () => {
        const court = await revealed(scene, [CLIENT, CLIENT, CLIENT, CLIENT, CLIENT]);
        const { held } = await stateOf(court);
        const result = await resolves(court, scene.client);
        const costs = 5n * (court.params.jurorFee + fees.settleSeat);
        const change = 2_000_000_000n - fees.resolve(5);
        expect(paid(court, result, scene.client.address)).toBe(held - costs - endFee(court) + change);
    });

    it('of another returns what it does not cost, with the tip', async () => {
        const court = await revealed(scene, [CLIENT, CLIENT, CLIENT, CLIENT, CLIENT]);
        const result = await resolves(court);
        expect(paid(court, result, scene.keeper.address)).toBe(2_000_000_000n - fees.resolve(5) + tip);
    });

    it('after the end does nothing', async () => {
        const court = await revealed(scene, [CLIENT, CLIENT, CLIENT, CLIENT, CLIENT]);
        await resolves(court);
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_STATE);
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute);
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_STATE);
    });
});

it.each([
    [5, 4],
    [7, 5],
    [9, 6],
])('of %i jurors %i are a quorum', async (jurors, quorum) => {
    const disputes = { ...scene.protocol.terms.kinds.disputes!, jurors };
    const kinds = { ...scene.protocol.terms.kinds, disputes };
    const wide = await createScene({ nodes: 0, terms: { kinds } });
    for (const [voters, phase] of [
        [quorum, 'resolved'],
        [quorum - 1, 'seating'],
    ] as const) {
        const votes = Array.from({ length: jurors }, (_, k) => (k < voters ? CLIENT : null));
        const court = await revealed(wide, votes, { jurors, claim: voters });
        advance(wide.blockchain, court.params.revealWindow + 1);
        await succeeds(court, sendResolve(court, wide.keeper));
        expect((await stateOf(court)).phase).toBe(phase);
    }
});

describe('money is conserved', () => {
    const ways: [string, (court: Court) => Promise<unknown>][] = [
        ['convicted', (court) => through(court, [CLIENT, CLIENT, CLIENT, NODE, AWAY])],
        ['acquitted', (court) => through(court, [NODE, NODE, CLIENT, NODE, AWAY])],
        [
            'silent twice',
            async (court) => {
                await through(court, [CLIENT, CLIENT, CLIENT, null, null]);
                advance(scene.blockchain, PATIENCE);
                court.jurors = [...court.jurors.slice(5), ...court.jurors.slice(0, 3)];
                await takeSeats(court, [null, null, null, null, null], 2);
                advance(scene.blockchain, court.params.revealWindow + 1);
                await resolves(court);
            },
        ],
        [
            'unfilled twice',
            async (court) => {
                await play(court, 'revealing', [NODE, CLIENT]);
                for (const _ of [1, 2]) {
                    advance(scene.blockchain, court.params.seatWindow + 1);
                    await resolves(court);
                }
            },
        ],
        [
            'withdrawn',
            async (court) => {
                await play(court, 'confirmed');
                advance(scene.blockchain, court.params.discloseWindow + 1);
                await resolves(court);
            },
        ],
        [
            'hard end',
            async (court) => {
                await play(court, 'revealed', [CLIENT, CLIENT, CLIENT, CLIENT, null]);
                advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute);
                await resolves(court);
            },
        ],
    ];

    async function through(court: Court, votes: (number | null)[]): Promise<void> {
        await play(court, 'revealed', votes);
        if (votes.includes(null)) advance(scene.blockchain, court.params.revealWindow + 1);
        await resolves(court);
    }

    it.each(ways.flatMap(([name, way]) => [[name, 'job', way] as const, [name, 'session', way] as const]))(
        'when it ends %s, of a %s',
        async (_, kind, way) => {
            const court = await draftCourt(scene, { kind, jurors: 7 });
            await expectCourtConserved(court, () => way(court));
            expect(court.jurors[0]?.index).toBeGreaterThanOrEqual(FIRST_JUROR);
            const { phase, held } = await stateOf(court);
            expect([phase, held]).toEqual(['resolved', 0n]);
        },
    );
});
