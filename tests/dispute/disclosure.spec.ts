import '@ton/test-utils';
import { beginCell, Cell } from '@ton/core';
import { disputeBodies, encodePath } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import {
    answerBody,
    type Court,
    confirmed,
    disclosed,
    itemBody,
    opened,
    requestBody,
    responseBody,
    seating,
    sendResolve,
    stateOf,
    succeeds,
} from '../helpers/court';
import { shownItem, siblingsOf, snake } from '../helpers/disclosed';
import { ERR } from '../helpers/errors';
import { createScene, type Scene } from '../helpers/scene';
import { expectRefused, send, type Wallet } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ nodes: 0 });
});

const tell = (court: Court, body: Cell, from: Wallet = scene.client) =>
    send(from, court.dispute.address, body);

async function refuses(court: Court, body: Cell, error: number, from: Wallet = scene.client): Promise<void> {
    expectRefused(await tell(court, body, from), court.dispute.address, error);
}

describe('an item of a job', () => {
    it('shown by the accuser begins the answer window', async () => {
        const court = await confirmed(scene);
        await succeeds(court, tell(court, itemBody(court)));
        expect(await stateOf(court)).toMatchObject({
            phase: 'answering',
            shown: court.shown.index,
            deadline: now(scene.blockchain) + court.params.answerWindow,
        });
    });

    it('is shown by nobody else, once, and in the last second', async () => {
        const court = await confirmed(scene);
        await refuses(court, itemBody(court), ERR.ERR_ACCESS, court.operator);
        advance(scene.blockchain, court.params.discloseWindow);
        await succeeds(court, tell(court, itemBody(court)));
        await refuses(court, itemBody(court), ERR.ERR_STATE);
    });

    it('comes too late a second after', async () => {
        const court = await confirmed(scene);
        advance(scene.blockchain, court.params.discloseWindow + 1);
        await refuses(court, itemBody(court), ERR.ERR_TOO_LATE);
    });

    it('waits for the Node’s word', async () => {
        await refuses(await opened(scene), itemBody(await opened(scene, { claim: 2 })), ERR.ERR_STATE);
    });

    it('must be what the job committed to', async () => {
        const court = await confirmed(scene);
        const siblings = siblingsOf(3, 1, 'input');
        const other = siblingsOf(3, 1, 'result');
        const wrong: [Parameters<typeof itemBody>[1], number][] = [
            [{ leaf: court.shown.input.leaf + 1n }, ERR.ERR_PATH],
            [{ index: 0 }, ERR.ERR_PATH],
            [{ index: 2 }, ERR.ERR_PATH],
            [{ index: 3 }, ERR.ERR_ITEM],
            [{ path: null }, ERR.ERR_PATH],
            [{ path: encodePath(siblings.slice(0, 1)) }, ERR.ERR_PATH],
            [{ path: encodePath(siblings.slice(1)) }, ERR.ERR_PATH],
            [{ path: encodePath([...siblings, siblings[0]!]) }, ERR.ERR_PATH],
            [{ path: encodePath([...siblings, ...siblings]) }, ERR.ERR_PATH],
            [{ path: encodePath([...siblings].reverse()) }, ERR.ERR_PATH],
            [{ path: encodePath(other) }, ERR.ERR_PATH],
            [{ path: beginCell().storeUint(0, 255).endCell() }, ERR.ERR_PATH],
            [{ itemKey: Cell.EMPTY }, ERR.ERR_ITEM],
            [{ itemKey: beginCell().storeUint(0, 353).endCell() }, ERR.ERR_ITEM],
            [
                { itemKey: beginCell().storeUint(0, 256).storeUint(0, 96).storeRef(Cell.EMPTY).endCell() },
                ERR.ERR_ITEM,
            ],
        ];
        for (const [changes, error] of wrong) await refuses(court, itemBody(court, changes), error);
        await succeeds(court, tell(court, itemBody(court)));
    });

    it.each([
        [1, 0],
        [2, 1],
        [4, 3],
        [5, 4],
        [7, 6],
        [13, 12],
        [4_096, 0],
        [4_096, 4_095],
        [4_095, 4_094],
    ])('of a job of %i is proved from number %i up, and so is its result', async (items, index) => {
        const court = await shownCourt(items, index);
        await succeeds(court, tell(court, itemBody(court)));
        await succeeds(court, tell(court, answerBody(court), court.operator));
        expect((await stateOf(court)).phase).toBe('seating');
    });

    it('cannot be shown where a session is disputed, nor the other way round', async () => {
        const session = await confirmed(scene, { kind: 'session' });
        await refuses(session, itemBody(session), ERR.ERR_KIND);
        const job = await confirmed(scene);
        await refuses(job, requestBody(job), ERR.ERR_KIND);
        await refuses(job, responseBody(job), ERR.ERR_KIND);
    });

    async function shownCourt(items: number, index: number): Promise<Court> {
        return confirmed(scene, { shown: shownItem(items, index) });
    }
});

describe('the answer', () => {
    it('of the accused’s operator opens the seats', async () => {
        const court = await disclosed(scene);
        await succeeds(court, tell(court, answerBody(court), court.operator));
        expect(await stateOf(court)).toMatchObject({
            phase: 'seating',
            round: 1,
            shown: court.shown.index,
            begun: now(scene.blockchain),
            deadline: now(scene.blockchain) + court.params.seatWindow,
        });
    });

    it('may bring the ciphertext', async () => {
        const court = await disclosed(scene);
        const ciphertext = snake(Buffer.alloc(2_000, 7));
        const body = disputeBodies.answerItem({ ...court.shown.result, ciphertext });
        await succeeds(court, tell(court, body, court.operator));
        expect((await stateOf(court)).phase).toBe('seating');
    });

    it('is nobody else’s, of the same item, in time', async () => {
        const court = await disclosed(scene);
        await refuses(court, answerBody(court), ERR.ERR_ACCESS, scene.client);
        await refuses(court, answerBody(court), ERR.ERR_ACCESS, court.owner);
        const other = disputeBodies.answerItem(shownItem(3, 0).result);
        await refuses(court, other, ERR.ERR_PATH, court.operator);
        const input = disputeBodies.answerItem(court.shown.input);
        await refuses(court, input, ERR.ERR_PATH, court.operator);
        const keyless = disputeBodies.answerItem({ ...court.shown.result, itemKey: Cell.EMPTY });
        await refuses(court, keyless, ERR.ERR_ITEM, court.operator);
        advance(scene.blockchain, court.params.answerWindow + 1);
        await refuses(court, answerBody(court), ERR.ERR_TOO_LATE, court.operator);
    });

    it('counts in the last second', async () => {
        const court = await disclosed(scene);
        advance(scene.blockchain, court.params.answerWindow);
        await succeeds(court, tell(court, answerBody(court), court.operator));
        await refuses(court, answerBody(court), ERR.ERR_STATE, court.operator);
    });

    it('that does not come leaves the seats to whoever says that its time is over', async () => {
        const court = await disclosed(scene);
        advance(scene.blockchain, court.params.answerWindow);
        expectRefused(await sendResolve(court), court.dispute.address, ERR.ERR_TOO_EARLY);
        advance(scene.blockchain, 1);
        const { held } = await stateOf(court);
        await succeeds(court, sendResolve(court));
        const state = await stateOf(court);
        expect(state).toMatchObject({ phase: 'seating', round: 1, begun: now(scene.blockchain) });
        expect(held - state.held).toBe(scene.protocol.terms.jobParams.keeperTip);
    });
});

describe('a session', () => {
    it('is shown in two halves, in any order', async () => {
        for (const halves of [
            [requestBody, responseBody],
            [responseBody, requestBody],
        ] as const) {
            const court = await confirmed(scene, {
                kind: 'session',
                openBefore: now(scene.blockchain) + halves.indexOf(requestBody) + 9,
            });
            await succeeds(court, tell(court, halves[0](court)));
            const { deadline } = await stateOf(court);
            expect((await stateOf(court)).phase).toBe('disclosing');
            expect(deadline).toBe(now(scene.blockchain) + court.params.discloseWindow);
            await refuses(court, halves[0](court), ERR.ERR_SHOWN);
            await succeeds(court, tell(court, halves[1](court)));
            expect(await stateOf(court)).toMatchObject({
                phase: 'seating',
                round: 1,
                shown: 3,
                deadline: now(scene.blockchain) + court.params.seatWindow,
            });
        }
    });

    it('must be what the receipt has the hashes of', async () => {
        const court = await confirmed(scene, { kind: 'session' });
        const { salt, request, response } = court.shown;
        const body = snake(request);
        const deltas = snake(response);
        for (const wrong of [
            disputeBodies.discloseRequest({ salt: salt + 1n, task: 1, body }),
            disputeBodies.discloseRequest({ salt, task: 2, body }),
            disputeBodies.discloseRequest({ salt, task: 1, body: deltas }),
            disputeBodies.discloseRequest({ salt, task: 1, body: snake(request.subarray(1)) }),
            disputeBodies.discloseResponse({ salt: salt + 1n, deltas }),
            disputeBodies.discloseResponse({ salt, deltas: body }),
        ]) {
            await refuses(court, wrong, ERR.ERR_CONTENT);
        }
        await refuses(court, requestBody(court), ERR.ERR_ACCESS, scene.stranger);
        await succeeds(court, tell(court, requestBody(court)));
    });

    it('of 31,750 bytes each way can be disputed, a byte more cannot', async () => {
        const court = await confirmed(scene, { kind: 'session', shown: shownItem(3, 1, 31_750) });
        await succeeds(court, tell(court, requestBody(court)));
        await succeeds(court, tell(court, responseBody(court)));
        expect((await stateOf(court)).phase).toBe('seating');
        const longer = await confirmed(scene, {
            kind: 'session',
            shown: shownItem(3, 1, 31_751),
            openBefore: now(scene.blockchain) + 9,
        });
        await refuses(longer, requestBody(longer), ERR.ERR_TOO_LARGE);
        await refuses(longer, responseBody(longer), ERR.ERR_TOO_LARGE);
    });

    it('half shown is not shown: the accused wins when the window is over', async () => {
        const court = await confirmed(scene, { kind: 'session' });
        await succeeds(court, tell(court, requestBody(court)));
        advance(scene.blockchain, court.params.discloseWindow + 1);
        await refuses(court, responseBody(court), ERR.ERR_TOO_LATE);
        await succeeds(court, sendResolve(court));
        expect(await stateOf(court)).toMatchObject({ phase: 'resolved', outcome: 'node' });
    });

    it('has no answer', async () => {
        const court = await seating(scene, { kind: 'session' });
        await refuses(court, answerBody(court), ERR.ERR_STATE, court.operator);
    });
});
