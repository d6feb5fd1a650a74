import '@ton/test-utils';
import { Address } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { loadConvicted } from '../../build/Node/Node_Node';
import { accusation, accuse, giveKey, keyFrom, PRICE, receipt } from '../helpers/accusation';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { otherTerms } from '../helpers/node';
import { enact } from '../helpers/registry';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { expectRefused, messagesBetween, paidBetween, send } from '../helpers/trace';

const BURN = new Address(0, Buffer.alloc(32));
const LOCK = 100n * PRICE;
/** Clocks of worker and chain may differ by so much. */
const SKEW = 120;

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
    await giveKey(by, keyFrom(1));
});

const accused = async () => (await by.node.getCourt()).accusations.length;

describe('a receipt', () => {
    it.each([
        ['another network', { networkId: -3 }],
        ['another tag', { tag: 0x0c0c5202n }],
        ['another node', { node: new Address(0, Buffer.alloc(32, 9)) }],
        ['a vault that is not the accuser’s', { vault: new Address(0, Buffer.alloc(32, 9)) }],
        ['another key', { key: keyFrom(2) }],
    ])('of %s is no evidence', async (_, changes) => {
        expectRefused(await accuse(scene, accusation(scene, changes)), by.node.address, ERR.ERR_EVIDENCE);
        expect(await accused()).toBe(0);
    });

    it('under terms that the node does not hold is no evidence', async () => {
        const { protocol } = scene;
        const strange = { ...scene, protocol: { ...protocol, termsHash: protocol.termsHash + 1n } };
        const result = await accuse(scene, accusation(strange));
        expectRefused(result, by.node.address, ERR.ERR_TERMS_NOT_ADOPTED);
    });

    it('counts under terms that the node has dropped', async () => {
        const terms = otherTerms(scene, { marketShards: 7 });
        await enact(scene.blockchain, scene.protocol, 0, { terms });
        await send(by.owner, by.node.address, nodeBodies.adoptTerms({ terms }));
        const { termsHash } = scene.protocol;
        await send(by.owner, by.node.address, nodeBodies.dropTerms({ termsHash }));
        const held = (await by.node.getDetails()).terms.find((entry) => entry.termsHash === termsHash);
        expect(held?.droppedAt).toBe(now(scene.blockchain));
        await accuse(scene, accusation(scene));
        expect(await accused()).toBe(1);
    });

    it('counts under the key of its time, which may be retired', async () => {
        const issuedAt = now(scene.blockchain);
        advance(scene.blockchain, 1_000);
        await giveKey(by, keyFrom(2));
        advance(scene.blockchain, 1_000);
        await accuse(scene, accusation(scene, { issuedAt }));
        await accuse(scene, accusation(scene, { key: keyFrom(2), sequence: 10n }));
        expect(await accused()).toBe(2);
    });

    it.each([
        ['the new key before the rotation', keyFrom(2), -SKEW - 1],
        ['the old key after the rotation', keyFrom(1), SKEW + 1],
    ])('under %s is no evidence, but for the clocks', async (_, key, offset) => {
        advance(scene.blockchain, 1_000);
        await giveKey(by, keyFrom(2));
        const rotatedAt = now(scene.blockchain);
        advance(scene.blockchain, 1_000);
        const refused = await accuse(scene, accusation(scene, { key, issuedAt: rotatedAt + offset }));
        expectRefused(refused, by.node.address, ERR.ERR_EVIDENCE);
        const closer = rotatedAt + offset - Math.sign(offset);
        await accuse(scene, accusation(scene, { key, issuedAt: closer }));
        expect(await accused()).toBe(1);
    });

    it('outlives a transfer of the node', async () => {
        const issuedAt = now(scene.blockchain);
        const { stranger } = scene;
        await send(by.owner, by.node.address, nodeBodies.transferOwnership({ newOwner: stranger.address }));
        await send(stranger, by.node.address, nodeBodies.acceptOwnership());
        await accuse(scene, accusation(scene, { issuedAt }));
        expect(await accused()).toBe(1);
    });
});

describe('two receipts of one chunk', () => {
    const conflict = (changes: Parameters<typeof receipt>[1] = {}) =>
        accusation(scene, { conflicting: receipt(scene, { responseHash: 13n, ...changes }) });

    it('are slashed at once, without a jury', async () => {
        const { stake } = await by.node.getNode();
        const proof = conflict();
        const result = await accuse(scene, proof);
        const [answer] = messagesBetween(result, by.node.address, proof.dispute, opcodes.Convicted);
        expect(loadConvicted(answer!.body.beginParse()).amount).toBe(LOCK);
        expect(paidBetween(result, by.node.address, scene.client.address)).toBe(PRICE);
        expect(paidBetween(result, by.node.address, BURN)).toBe(LOCK - PRICE);
        // The slot stays until the hard end, so that a stolen key convicts no more often than it accuses.
        const { accusations, ...court } = await by.node.getCourt();
        expect(court).toMatchObject({ accused: 0n, lost: 1 });
        expect(accusations.map(({ dispute, amount }) => [`${dispute}`, amount])).toEqual([
            [`${proof.dispute}`, 0n],
        ]);
        expect((await by.node.getNode()).stake).toBe(stake - LOCK);
    });

    it.each([
        ['the same content', { responseHash: 12n }],
        ['another chunk', { chunk: 2 }],
        ['another request', { sequence: 10n }],
        ['a signature of somebody else', { key: keyFrom(2) }],
    ])('are none with %s', async (_, changes) => {
        expectRefused(await accuse(scene, conflict(changes)), by.node.address, ERR.ERR_EVIDENCE);
        expect((await by.node.getCourt()).lost).toBe(0);
    });

    it('come with the earlier one first, so that they have one Dispute', async () => {
        const issuedAt = now(scene.blockchain) - 1;
        expectRefused(await accuse(scene, conflict({ issuedAt })), by.node.address, ERR.ERR_EVIDENCE);
    });
});
