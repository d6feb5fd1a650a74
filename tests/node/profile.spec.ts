import { Address } from '@ton/core';
import { type NewOffer, nodeBodies } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { offer, TON } from '../helpers/node';
import { OFFER } from '../helpers/protocol';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { expectAllDone, expectRefused, plain, send } from '../helpers/trace';

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
});

const update = (changes: Parameters<typeof nodeBodies.updateProfile>[0], from = by.operator) =>
    send(from, by.node.address, nodeBodies.updateProfile(changes), 5n * TON);
const profile = async () => (await by.node.getDetails()).profile;

describe('UpdateProfile', () => {
    it('changes only what it names, for owner and operator alike', async () => {
        expectAllDone(await update({ endpoint: 'https://new' }));
        expect((await profile()).endpoint).toBe('https://new');
        expectAllDone(await update({ offers: [[7, offer({ modelId: 70n })]] }, by.owner));
        const { endpoint, offers } = await profile();
        expect(endpoint).toBe('https://new');
        expect([...offers.keys()]).toEqual([0, 7]);
        expect(offers.get(0)).toMatchObject(OFFER);
    });

    it('lets the owner alone redirect the payout, within the basechain', async () => {
        const payout = scene.stranger.address;
        expectRefused(await update({ payout }), by.node.address, ERR.ERR_ACCESS);
        const master = new Address(-1, payout.hash);
        expectRefused(await update({ payout: master }, by.owner), by.node.address, ERR.ERR_WORKCHAIN);
        expectAllDone(await update({ payout }, by.owner));
        const node = await by.node.getNode();
        expect(plain(node.payout)).toBe(plain(payout));
        expect(plain(node.operator)).toBe(plain(by.operator.address));
    });

    it('keeps the time at which a model appeared, until another model takes its place', async () => {
        const appearedAt = async (slot: number) => (await profile()).offers.get(slot)?.appearedAt;
        advance(scene.blockchain, 100);
        await update({ offers: [[1, offer({ modelId: 5n })]] });
        const first = now(scene.blockchain);
        expect(await appearedAt(1)).toBe(first);
        advance(scene.blockchain, 100);
        await update({ offers: [[1, offer({ modelId: 5n, promptPrice: 9n })]] });
        expect(await appearedAt(1)).toBe(first);
        expect((await profile()).offers.get(1)?.promptPrice).toBe(9n);
        await update({ offers: [[1, offer({ modelId: 6n })]] });
        expect(await appearedAt(1)).toBe(first + 100);
        await update({ offers: [[1, null]] });
        advance(scene.blockchain, 100);
        await update({ offers: [[1, offer({ modelId: 6n })]] });
        expect(await appearedAt(1)).toBe(first + 200);
    });

    it('removes offers, also those that are not there', async () => {
        expectAllDone(
            await update({
                offers: [
                    [0, null],
                    [9, null],
                ],
            }),
        );
        expect((await profile()).offers.size).toBe(0);
    });

    it('keeps at most 32 different offers', async () => {
        const offers = (from: number, to: number): [number, NewOffer][] =>
            Array.from({ length: to - from }, (_, i) => [from + i, offer({ modelId: BigInt(from + i) })]);
        expectAllDone(await update({ offers: offers(0, 32) }));
        expect((await profile()).offers.size).toBe(32);
        expectRefused(await update({ offers: offers(200, 201) }), by.node.address, ERR.ERR_TOO_LARGE);
        expectAllDone(await update({ offers: [[0, null], ...offers(200, 201)] }));
        expect((await profile()).offers.size).toBe(32);
    });

    it('keeps an endpoint of four cells, not of five', async () => {
        const text = (cells: number) => 'x'.repeat(127 * cells);
        expectAllDone(await update({ endpoint: text(4) }));
        expectRefused(await update({ endpoint: text(5) }), by.node.address, ERR.ERR_TOO_LARGE);
        expect((await profile()).endpoint).toBe(text(4));
    });
});
