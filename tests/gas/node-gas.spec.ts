import '@ton/test-utils';
import { type Cell, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { cellHash, encodeRelease, encodeTerms, Node, nodeBodies } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import { draftJob, postJob, sendClaim, sendDecline } from '../helpers/job';
import { enact } from '../helpers/registry';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { send } from '../helpers/trace';
import { FULL, fillNode, wideOffer } from './full-node';
import { constant, expectConstant, gasOn, sizeOf } from './measured';
import { WIDEST_SPEC, WIDEST_TERMS } from './widest';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene({ terms: WIDEST_TERMS, value: toNano('5000') });
});

/** Gas of an owner's message at a full node, which must succeed. */
async function ownerGas(body: Cell, from = operatorOf(scene).owner): Promise<number> {
    const { address } = operatorOf(scene).node;
    const result = await send(from, address, body, toNano('50'));
    expect(result.transactions).toHaveTransaction({ to: address, success: true });
    return gasOn(result, address);
}

const fill = (changes: Partial<Parameters<typeof fillNode>[1]> = {}) =>
    fillNode(scene, { ...FULL, from: now(scene.blockchain), ...changes });

it('a claim that the Job examines to the end and then bounces costs what its constant says', async () => {
    const { node } = operatorOf(scene);
    const posted = draftJob(scene, { spec: WIDEST_SPEC }); // not posted: the claim bounces
    await fill({ locks: 63, around: posted.job.address });
    const result = await sendClaim(posted, operatorOf(scene));
    expect(result.transactions).toHaveTransaction({
        to: node.address,
        inMessageBounced: true,
        success: true,
    });
    const atNode = gasOn(result, node.address) + gasOn(result, node.address, 1);
    expectConstant('GAS_CLAIM', atNode + constant('GAS_CLAIMED'));
});

it('a refused decline costs the Node what its constant says', async () => {
    const { node } = operatorOf(scene);
    const posted = await postJob(scene, { spec: WIDEST_SPEC });
    await sendClaim(posted, operatorOf(scene));
    await fill({ around: posted.job.address });
    const result = await sendDecline(posted, operatorOf(scene), { claim: 2 });
    expect(result.transactions).toHaveTransaction({
        to: node.address,
        inMessageBounced: true,
        success: true,
    });
    expectConstant('GAS_DECLINE', gasOn(result, node.address) + gasOn(result, node.address, 1));
});

it('messages that end at the Node cost what their constant says', async () => {
    const gas: number[] = [];
    const run = async (body: Cell, from?: Scene['client']) => gas.push(await ownerGas(body, from));
    const { owner, operator, node } = operatorOf(scene);
    await fill({ unbondings: 7, retired: 3 });
    await run(nodeBodies.addStake({ amount: toNano('10') }));
    await run(nodeBodies.transferOwnership({ newOwner: scene.client.address }));
    await run(nodeBodies.acceptOwnership(), scene.client);
    await run(nodeBodies.transferOwnership({ newOwner: owner.address }), scene.client);
    await run(nodeBodies.acceptOwnership(), owner);
    await run(nodeBodies.updateProfile({ endpoint: 'y'.repeat(4 * 127), payout: owner.address }));
    await run(nodeBodies.dropTerms({ termsHash: scene.protocol.termsHash }));
    await run(nodeBodies.unbond({ amount: toNano('10') }));
    advance(scene.blockchain, DAY);
    await run(nodeBodies.rotateKeys({ operator: operator.address, operatorKey: 2n, encryptionKey: 3n }));
    advance(scene.blockchain, 60 * DAY);
    await run(nodeBodies.rotateKeys({ operator: operator.address, operatorKey: 3n, encryptionKey: 3n }));
    await run(nodeBodies.withdrawUnbonded());
    expect((await node.getDetails()).keys).toHaveLength(2);
    expectConstant('GAS_NODE_SIMPLE', Math.max(...gas));
});

it('releasing a lock whose holder is silent costs what its constant says', async () => {
    const posted = await postJob(scene, { spec: WIDEST_SPEC });
    await sendClaim(posted, operatorOf(scene));
    await fill({ around: posted.job.address });
    advance(scene.blockchain, 60 * DAY);
    const body = nodeBodies.releaseExpiredLock({ holder: posted.job.address });
    expectConstant('GAS_RELEASE_LOCK', await ownerGas(body, scene.keeper));
});

it('each changed offer costs what its constant says', async () => {
    await fill();
    const change = (count: number) =>
        nodeBodies.updateProfile({
            offers: Array.from({ length: count }, (_, i) => [i, { ...wideOffer(i), slots: 9 }]),
        });
    const base = await ownerGas(change(0));
    const perOffer: number[] = [];
    for (const count of [1, 2, 31, 32]) perOffer.push(((await ownerGas(change(count))) - base) / count);
    expectConstant('GAS_UPDATE_PROFILE_OFFER', Math.max(...perOffer));
});

it('adopting terms costs what its constant says, over the whole trace', async () => {
    const { owner, node } = operatorOf(scene);
    const { jobParams, ...terms } = scene.protocol.terms;
    const next = encodeTerms({ ...terms, jobParams: { ...jobParams, feeBps: 1 } });
    await enact(scene.blockchain, scene.protocol, 0, { terms: next });
    await fill({ droppedAt: 1 }); // all but one make place, and a message that takes as much place follows
    const result = await send(owner, node.address, nodeBodies.adoptTerms({ terms: next }), toNano('50'));
    expect((await node.getDetails()).terms).toHaveLength(2);
    const full = await fullAdoption(next);
    // Where four hashes stand in a dictionary differs from build to build: the coarse step leaves room for it.
    expectConstant('GAS_ADOPT_TERMS', Math.max(total(result), total(full)), 2_000);
});

async function fullAdoption(adopted: Cell): Promise<SendMessageResult> {
    const { owner, node } = operatorOf(scene);
    const { terms } = scene.protocol;
    const next = encodeTerms({ ...terms, marketShards: 9 });
    expect(cellHash(next)).not.toBe(cellHash(adopted));
    await enact(scene.blockchain, scene.protocol, 1, { terms: next });
    await fill({ terms: 3 });
    const result = await send(owner, node.address, nodeBodies.adoptTerms({ terms: next }), toNano('50'));
    expect((await node.getDetails()).terms).toHaveLength(4);
    return result;
}

it('an upgrade costs what its constant says, over the whole trace', async () => {
    const { owner, node } = operatorOf(scene);
    const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
    await enact(scene.blockchain, scene.protocol, 0, { release });
    await fill();
    const body = nodeBodies.requestUpgrade({ releaseHash: cellHash(release) });
    const result = await send(owner, node.address, body, toNano('50'));
    expect((await node.getNode()).version).toBe(2);
    expectConstant('GAS_UPGRADE', total(result), 2_000);
});

/** Gas of all contracts of a trace and not of the wallet that the excess goes to. */
function total(result: SendMessageResult): number {
    const { node } = operatorOf(scene);
    return (
        gasOn(result, node.address) +
        gasOn(result, scene.protocol.registry.address) +
        gasOn(result, node.address, 1)
    );
}

it('a full Node takes up the storage that it reserves', async () => {
    const { node, owner } = operatorOf(scene);
    await fill();
    await send(owner, node.address, nodeBodies.addStake({ amount: toNano('1') }));
    const details = await node.getDetails();
    expect(details.profile.offers.size).toBe(32);
    expect(details.terms).toHaveLength(4);
    expect((await node.getNode()).lockCount).toBe(64);
    expect((await node.getCourt()).accusations).toHaveLength(16);
    expect((await node.getCourt()).seats).toHaveLength(8);
    const { cells, bits } = await sizeOf(scene.blockchain, node.address);
    expectConstant('NODE_STORAGE_CELLS', cells, 10);
    expectConstant('NODE_STORAGE_BITS', bits, 1_000);
});

it('no message of a Node comes near the limit of gas', () => {
    const everyOffer = constant('GAS_NODE_SIMPLE') + 32 * constant('GAS_UPDATE_PROFILE_OFFER');
    expect(everyOffer).toBeLessThan(400_000);
});
