import { encodeTerms, nodeBodies, TERMS_LAYOUT } from 'cocoon-wrappers';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimJob, draftJob, postJob, sendClaim, sendPost } from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { contractBodies, otherTerms, TON } from '../helpers/node';
import { enact } from '../helpers/registry';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { exitCodeOn, expectAllDone, expectRefused, forge, paidBetween, send } from '../helpers/trace';

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
});

const adopt = (terms: ReturnType<typeof otherTerms>, from = by.owner) =>
    send(from, by.node.address, nodeBodies.adoptTerms({ terms }));
const drop = (termsHash: bigint) => send(by.owner, by.node.address, nodeBodies.dropTerms({ termsHash }));
const held = async () => (await by.node.getDetails()).terms;
const hashOf = (cell: ReturnType<typeof otherTerms>) => BigInt(`0x${cell.hash().toString('hex')}`);

/** Terms with so many Market shards, which the Registry executes as its n-th proposal. */
async function executed(n: number, marketShards: number) {
    const terms = otherTerms(scene, { marketShards });
    await enact(scene.blockchain, scene.protocol, n, { terms });
    return terms;
}

describe('a Node', () => {
    it('adopts executed terms when its owner asks, and serves under both', async () => {
        const terms = await executed(0, 7);
        const [result] = await expectConserved(scene.blockchain, async () => [await adopt(terms)]);
        expectAllDone(result!);
        expect(paidBetween(result!, by.node.address, by.owner.address)).toBeGreaterThan(TON);
        expect((await held()).map(({ termsHash }) => termsHash).sort()).toEqual(
            [scene.protocol.termsHash, hashOf(terms)].sort(),
        );
        expect((await by.node.getDetails()).pending).toEqual({ termsHash: 0n, releaseHash: 0n });
        await claimJob(await postJob(scene), by);
        const later: Scene = {
            ...scene,
            protocol: { ...scene.protocol, termsCell: terms, termsHash: hashOf(terms) },
        };
        const posted = draftJob(later, { nonce: 2n });
        await sendPost(later, posted);
        await claimJob(posted, by);
    });

    it('adopts nothing that the Registry did not execute: the wish ends, the value returns', async () => {
        const [result] = await expectConserved(scene.blockchain, async () => [
            await adopt(otherTerms(scene, { marketShards: 7 })),
        ]);
        const { address } = scene.protocol.registry;
        expect(exitCodeOn(result!, address)).toBe(ERR.ERR_TERMS_UNKNOWN);
        expect(paidBetween(result!, by.node.address, by.owner.address)).toBeGreaterThan(TON);
        expect(await held()).toHaveLength(1);
        expect((await by.node.getDetails()).pending).toEqual({ termsHash: 0n, releaseHash: 0n });
    });

    it('refuses what it cannot read, is too old for, or holds already', async () => {
        const { terms, termsCell } = scene.protocol;
        const layout = encodeTerms({ ...terms, layout: TERMS_LAYOUT + 1 });
        expectRefused(await adopt(layout), by.node.address, ERR.ERR_LAYOUT);
        const newer = otherTerms(scene, { minNodeVersion: 2 });
        expectRefused(await adopt(newer), by.node.address, ERR.ERR_NODE_VERSION);
        expectRefused(await adopt(termsCell), by.node.address, ERR.ERR_TERMS_HELD);
        expectRefused(await adopt(newer, by.operator), by.node.address, ERR.ERR_ACCESS);
    });

    it('ignores terms that its owner did not ask for, even from its Registry', async () => {
        const { registry } = scene.protocol;
        const terms = otherTerms(scene, { marketShards: 7 });
        const result = await forge(
            scene,
            registry.address,
            by.node.address,
            contractBodies.termsConfirmed(terms),
        );
        expect(exitCodeOn(result, by.node.address)).toBe(0);
        expect(await held()).toHaveLength(1);
        const other = await forge(
            scene,
            scene.stranger.address,
            by.node.address,
            contractBodies.termsConfirmed(terms),
        );
        expect(exitCodeOn(other, by.node.address)).toBe(ERR.ERR_ACCESS);
    });

    it('obeys the strictest of all terms it holds', async () => {
        const { stakeParams } = scene.protocol.terms;
        const strict = otherTerms(scene, {
            stakeParams: {
                ...stakeParams,
                reserve: 300n * TON,
                unbondingPeriod: 20 * DAY,
                evidenceWindow: 2 * DAY,
            },
        });
        await enact(scene.blockchain, scene.protocol, 0, { terms: strict });
        await adopt(strict);
        expect((await by.node.getNode()).reserve).toBe(300n * TON);
        const { unbondingPeriod, evidenceWindow } = await by.node.getDetails();
        expect({ unbondingPeriod, evidenceWindow }).toEqual({
            unbondingPeriod: 20 * DAY,
            evidenceWindow: stakeParams.evidenceWindow,
        });
    });

    it('claims no more under dropped terms, which keep their place until nobody can accuse under them', async () => {
        const { termsHash, terms } = scene.protocol;
        expectRefused(await drop(termsHash), by.node.address, ERR.ERR_LAST_TERMS);
        expectRefused(await drop(1n), by.node.address, ERR.ERR_TERMS_NOT_ADOPTED);
        const others = [await executed(0, 7), await executed(1, 8), await executed(2, 9)];
        for (const other of others) expectAllDone(await adopt(other));
        const posted = await postJob(scene);
        expectAllDone(await drop(termsHash));
        expectRefused(await drop(termsHash), by.node.address, ERR.ERR_TERMS_NOT_ADOPTED);
        expectRefused(await sendClaim(posted, by), by.node.address, ERR.ERR_TERMS_NOT_ADOPTED);
        const fifth = await executed(3, 10);
        expectRefused(await adopt(fifth), by.node.address, ERR.ERR_TERMS_FULL);
        const { droppedAt } = (await held()).find((one) => one.termsHash === termsHash)!;
        const retention = terms.stakeParams.evidenceWindow + terms.stakeParams.longestDispute;
        scene.blockchain.now = droppedAt! + retention;
        expectRefused(await adopt(fifth), by.node.address, ERR.ERR_TERMS_FULL);
        advance(scene.blockchain, 1);
        expectAllDone(await adopt(fifth));
        expect((await held()).map((one) => one.termsHash)).not.toContain(termsHash);
        expect(await held()).toHaveLength(4);
    });
});
