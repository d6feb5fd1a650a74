import '@ton/test-utils';
import { beginCell, Cell, toNano } from '@ton/core';
import { disputeBodies, opcodes } from 'cocoon-wrappers';
import { storeBusy, storeConvicted } from '../../build/Dispute/Dispute_Dispute';
import { advance, now } from '../helpers/blockchain';
import {
    ACCUSED,
    accusedBody,
    type Court,
    confirmed,
    nodeAt,
    opened,
    sendResolve,
    speak,
    stateOf,
    succeeds,
} from '../helpers/court';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { expectRefused, forge, messagesBetween, paidBetween, plain, send } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
});

const kinds = ['job', 'session'] as const;
const busy = (busyUntil: number) =>
    beginCell()
        .store(storeBusy({ $$type: 'Busy', queryId: 1n, busyUntil: BigInt(busyUntil) }))
        .endCell();
const convicted = beginCell()
    .store(storeConvicted({ $$type: 'Convicted', queryId: 1n, amount: 5n }))
    .endCell();

describe('the Node’s word', () => {
    it.each(kinds)('opens the disclosure of a %s and fixes seed, time and parties', async (kind) => {
        const court = await opened(scene, { kind });
        const { held } = await stateOf(court);
        await succeeds(court, speak(court, court.node, accusedBody(court), toNano('1')));
        const state = await stateOf(court);
        expect(state).toMatchObject({
            phase: 'disclosing',
            deadline: now(scene.blockchain) + court.params.discloseWindow,
            case: {
                index: ACCUSED,
                confirmedAt: now(scene.blockchain),
                hardEnd: now(scene.blockchain) + scene.protocol.terms.stakeParams.longestDispute,
            },
        });
        expect(state.case?.seed).toBeGreaterThan(2n ** 200n);
        expect(state.case?.payout).toEqualAddress(court.payout.address);
        // What the answer brought is the accuser's, less what it cost.
        expect(state.held - held).toBeGreaterThan(toNano('0.99'));
        expect(state.held - held).toBeLessThan(toNano('1'));
    });

    it('draws another seed for another dispute', async () => {
        const seeds = new Set<bigint | undefined>();
        for (const claim of [1, 2, 3])
            seeds.add((await stateOf(await confirmed(scene, { claim }))).case?.seed);
        expect(seeds.size).toBe(3);
    });

    it.each(kinds)('is not taken from another node of the registry, about a %s', async (kind) => {
        const court = await opened(scene, { kind });
        const other = nodeAt(scene, ACCUSED + 1);
        const result = await speak(court, other, accusedBody(court));
        expectRefused(result, court.dispute.address, ERR.ERR_ACCESS);
    });

    it('about a session is not taken from a genuine node that nobody accused', async () => {
        const court = await opened(scene, { kind: 'session' });
        const other = nodeAt(scene, ACCUSED + 1);
        const result = await speak(court, other, accusedBody(court, { index: ACCUSED + 1 }));
        expectRefused(result, court.dispute.address, ERR.ERR_ACCESS);
    });

    it('counts once', async () => {
        const court = await confirmed(scene);
        const { seed } = (await stateOf(court)).case!;
        expectRefused(
            await speak(court, court.node, accusedBody(court)),
            court.dispute.address,
            ERR.ERR_STATE,
        );
        expect((await stateOf(court)).case?.seed).toBe(seed);
    });

    it('that never comes ends with everything back', async () => {
        const court = await opened(scene);
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, scene.protocol.terms.stakeParams.longestDispute + 1);
        const { held } = await stateOf(court);
        const result = await succeeds(court, sendResolve(court));
        const tip = scene.protocol.terms.jobParams.keeperTip;
        expect(paidBetween(result, court.dispute.address, scene.client.address)).toBe(held - tip);
        expect(messagesBetween(result, court.dispute.address, court.target)).toHaveLength(0);
        expect(await stateOf(court)).toMatchObject({ phase: 'resolved', outcome: 'none', held: 0n });
        expectRefused(
            await speak(court, court.node, accusedBody(court)),
            court.dispute.address,
            ERR.ERR_STATE,
        );
    });
});

describe('conflicting receipts', () => {
    it('end the dispute at once, the bond returns', async () => {
        const court = await opened(scene, { kind: 'session' });
        const { held } = await stateOf(court);
        const result = await succeeds(court, speak(court, court.node, convicted, toNano('0.5')));
        const paid = paidBetween(result, court.dispute.address, scene.client.address);
        expect(paid).toBeGreaterThan(held + toNano('0.49'));
        expect(await stateOf(court)).toMatchObject({ phase: 'resolved', outcome: 'client', held: 0n });
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_STATE);
    });

    it('are the accused node’s to admit, and only while it is asked', async () => {
        const court = await opened(scene, { kind: 'session' });
        const other = nodeAt(scene, ACCUSED + 1);
        expectRefused(await speak(court, other, convicted), court.dispute.address, ERR.ERR_ACCESS);
        const job = await opened(scene);
        expectRefused(await speak(job, job.node, convicted), job.dispute.address, ERR.ERR_KIND);
        const later = await confirmed(scene, { kind: 'session', openBefore: now(scene.blockchain) + 99 });
        expectRefused(await speak(later, later.node, convicted), later.dispute.address, ERR.ERR_STATE);
    });
});

describe('a busy node', () => {
    async function waiting(): Promise<Court> {
        const court = await opened(scene, { kind: 'session' });
        await succeeds(court, speak(court, court.node, busy(now(scene.blockchain) + 500)));
        return court;
    }

    const retry = ({ evidence }: Court) => disputeBodies.retry({ queryId: 9n, evidence });

    it('is asked again by anyone with the same evidence, also in the last second and after openBefore', async () => {
        const court = await waiting();
        expect(await stateOf(court)).toMatchObject({ phase: 'busy', deadline: now(scene.blockchain) + 500 });
        advance(scene.blockchain, 500);
        const result = await succeeds(court, send(scene.stranger, court.dispute.address, retry(court)));
        expect(
            messagesBetween(result, court.dispute.address, court.node, Number(opcodes.Accuse)),
        ).toHaveLength(1);
        expect((await stateOf(court)).phase).toBe('opening');
        await succeeds(court, speak(court, court.node, accusedBody(court)));
        expect((await stateOf(court)).phase).toBe('disclosing');
    });

    it('is not asked twice at a time, nor with other evidence, nor too late', async () => {
        const court = await waiting();
        const to = court.dispute.address;
        const other = disputeBodies.retry({ evidence: Cell.EMPTY });
        expectRefused(await send(scene.stranger, to, other), to, ERR.ERR_OTHER_EVIDENCE);
        await succeeds(court, send(scene.stranger, to, retry(court)));
        expectRefused(await send(scene.stranger, to, retry(court)), to, ERR.ERR_STATE);
        await succeeds(court, speak(court, court.node, busy(now(scene.blockchain) + 500)));
        advance(scene.blockchain, 501);
        expectRefused(await send(scene.stranger, to, retry(court)), to, ERR.ERR_TOO_LATE);
    });

    it('that stays busy gives the bond back when its time is over', async () => {
        const court = await waiting();
        advance(scene.blockchain, 500);
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const { held } = await stateOf(court);
        const result = await succeeds(court, sendResolve(court, scene.client));
        expect(paidBetween(result, court.dispute.address, scene.client.address)).toBeGreaterThanOrEqual(held);
        expect(messagesBetween(result, court.dispute.address, court.node)).toHaveLength(0);
    });

    it('whose refusal of a Retry comes after the end does not open it again', async () => {
        const court = await waiting();
        const to = court.dispute.address;
        advance(scene.blockchain, 500);
        const asked = await succeeds(court, send(scene.stranger, to, retry(court)));
        const [message] = messagesBetween(asked, to, court.node, Number(opcodes.Accuse));
        advance(scene.blockchain, 1);
        await succeeds(court, sendResolve(court, scene.client));
        const begun = beginCell().storeUint(0xffffffff, 32).storeSlice(message!.body.beginParse()).endCell();
        const late = await forge(scene, court.node, to, begun, { bounced: true });
        expectRefused(late, to, ERR.ERR_STATE);
        expect(await stateOf(court)).toMatchObject({ phase: 'resolved', held: 0n });
    });

    it('is believed of the accused alone', async () => {
        const court = await opened(scene, { kind: 'session' });
        const body = busy(now(scene.blockchain) + 500);
        expectRefused(await speak(court, nodeAt(scene, 1), body), court.dispute.address, ERR.ERR_ACCESS);
        const job = await opened(scene);
        expectRefused(await speak(job, job.node, body), job.dispute.address, ERR.ERR_KIND);
    });
});

it('what a verdict brings back when its receiver is gone waits for the end', async () => {
    const court = await confirmed(scene);
    const before = await stateOf(court);
    const body = beginCell()
        .storeUint(0xffffffff, 32)
        .storeUint(Number(opcodes.Verdict), 32)
        .storeUint(0, 64)
        .endCell();
    const result = await forge(scene, court.target, court.dispute.address, body, { bounced: true });
    expect(result.transactions).toHaveTransaction({ to: court.dispute.address, success: true });
    expect(plain(await stateOf(court))).toEqual(plain(before));
});
