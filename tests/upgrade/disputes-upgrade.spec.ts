import '@ton/test-utils';
import { toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { decodeTerms, Node, nodeBodies, Registry } from 'cocoon-wrappers';
import { VERDICT_CLIENT } from '../../build/Dispute/Dispute_Dispute';
import { ERR, UNKNOWN_MESSAGE } from '../helpers/errors';
import {
    claimJob,
    type PostedJob,
    postJob,
    sendAccept,
    sendClaim,
    sendDisclose,
    sendSubmit,
} from '../helpers/job';
import { freeze, freezeBody, verdictBody } from '../helpers/job-dispute';
import { expectConserved } from '../helpers/ledger';
import { enact } from '../helpers/registry';
import { type Operator, operatorOf, registerOperator, type Scene } from '../helpers/scene';
import { exitCodeOn, expectAllDone, expectRefused, forge, paidBetween, send } from '../helpers/trace';
import { type OpenedVault, sendRedeem } from '../helpers/vault';
import { createOldScene, nextNetwork, OLD, openOldVault, postOldJob, underNewTerms } from './release-1';

// From the network before disputes to this one, with jobs and vaults under way.

let scene: Scene;
let early: Operator;
let late: Operator;
let running: PostedJob;
let vault: OpenedVault;

beforeEach(async () => {
    scene = await createOldScene();
    early = operatorOf(scene, 0);
    late = operatorOf(scene, 1);
    running = await postOldJob(scene);
    await claimJob(running, early);
    vault = await openOldVault(scene);
    const { termsCell, releaseCell } = nextNetwork(scene);
    await enact(scene.blockchain, scene.protocol, 0, { code: Registry.code() });
    await enact(scene.blockchain, scene.protocol, 1, { terms: termsCell, release: releaseCell });
});

const upgrade = (by: Operator) => {
    const { releaseHash } = nextNetwork(scene);
    return send(by.owner, by.node.address, nodeBodies.requestUpgrade({ releaseHash }), toNano('5'));
};
const adopt = (by: Operator) => {
    const { termsCell } = nextNetwork(scene);
    return send(by.owner, by.node.address, nodeBodies.adoptTerms({ terms: termsCell }), toNano('5'));
};

/** From the key to the payment; the claim is there. */
async function finish(posted: PostedJob, by: Operator): Promise<SendMessageResult[]> {
    const results = [await sendDisclose(scene, posted), await sendSubmit(posted, by.operator)];
    results.push(await sendAccept(scene, posted));
    for (const result of results) expectAllDone(result);
    expect((await posted.job.getJob()).status).toBe('paid');
    return results;
}

it('the codes differ, but for the bootstrap, which addresses are made of', () => {
    expect(OLD.bootstrap.equals(Node.bootstrapCode())).toBe(true);
    expect(OLD.node.equals(Node.code())).toBe(false);
    expect(OLD.registry.equals(Registry.code())).toBe(false);
});

it('a node takes the new code and the new terms with its lock, its stake and all that it says of itself', async () => {
    const before = await early.node.getNode();
    const { terms, ...details } = await early.node.getDetails();
    await expectConserved(scene.blockchain, async () => [await upgrade(early), await adopt(early)]);
    expect(await early.node.getNode()).toEqual({
        ...before,
        version: 2,
        owner: expect.anything(),
        operator: expect.anything(),
        payout: expect.anything(),
        registry: expect.anything(),
    });
    const after = await early.node.getDetails();
    expect(after.terms).toHaveLength(terms.length + 1);
    expect(after.counters).toEqual(details.counters);
    expect(await early.node.getLock(running.job.address)).toBeDefined();
    expect(await early.node.getCourt()).toMatchObject({
        accused: 0n,
        accusations: [],
        seats: [],
        jurorStake: 0n,
    });
    expect(
        decodeTerms(after.terms.find(({ termsHash }) => termsHash === scene.protocol.termsHash)!.terms),
    ).toMatchObject({
        layout: 1,
        kinds: { dispute: null, disputes: null },
    });
});

it('a job under way ends under its old terms, whether its node was upgraded or not', async () => {
    const other = await postOldJob(scene, { nonce: 2n });
    await claimJob(other, late);
    await expectConserved(scene.blockchain, async () => [
        await upgrade(early),
        ...(await finish(running, early)),
    ]);
    await expectConserved(scene.blockchain, () => finish(other, late));
    for (const by of [early, late]) expect((await by.node.getNode()).locked).toBe(0n);
});

it('nodes of both releases claim what is posted under the old terms', async () => {
    expectAllDone(await upgrade(early));
    for (const [i, by] of [early, late].entries()) {
        const posted = await postOldJob(scene, { nonce: BigInt(10 + i) });
        await claimJob(posted, by);
        await finish(posted, by);
    }
});

it('a vault pays vouchers to an upgraded node', async () => {
    expectAllDone(await upgrade(early));
    const result = await sendRedeem(scene, vault, toNano('4'));
    expect(paidBetween(result, vault.vault.address, early.payout.address)).toBeGreaterThan(toNano('3.7'));
});

it('a node that was not upgraded neither adopts the new terms nor claims under them', async () => {
    expectRefused(await adopt(late), late.node.address, ERR.ERR_LAYOUT);
    const posted = await postJob(underNewTerms(scene));
    expectRefused(await sendClaim(posted, late), late.node.address, ERR.ERR_TERMS_NOT_ADOPTED);
    expectAllDone(await upgrade(late));
    expectAllDone(await adopt(late));
    await claimJob(posted, late);
    await finish(posted, late);
});

it('a job of the new terms can be disputed, one of the old terms cannot', async () => {
    expectAllDone(await upgrade(early));
    expectAllDone(await adopt(early));
    const next = underNewTerms(scene);
    const posted = await postJob(next);
    await claimJob(posted, early);
    await sendDisclose(next, posted);
    await sendSubmit(posted, early.operator);
    const { dispute } = await freeze(next, posted);
    expect((await posted.job.getJob()).status).toBe('disputed');
    await forge(next, dispute, posted.job.address, verdictBody(VERDICT_CLIENT));
    expect((await posted.job.getJob()).status).toBe('refunded');
    expect((await early.node.getCourt()).lost).toBe(1);

    await sendDisclose(scene, running);
    await sendSubmit(running, early.operator);
    const old = await forge(scene, dispute, running.job.address, await freezeBody(running));
    expect(exitCodeOn(old, running.job.address)).toBe(UNKNOWN_MESSAGE);
    expectAllDone(await sendAccept(scene, running));
});

it('who registers now is born with the new code under the new terms', async () => {
    const { releaseHash, releaseCell } = nextNetwork(scene);
    const next = underNewTerms(scene);
    next.protocol = { ...next.protocol, releaseHash, releaseCell };
    const born = await registerOperator(next);
    expect((await born.node.getNode()).version).toBe(2);
    const posted = await postJob(next);
    await claimJob(posted, born);
    await finish(posted, born);
});
