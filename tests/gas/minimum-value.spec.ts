import '@ton/test-utils';
import { type Address, type Cell, toNano } from '@ton/core';
import { cellHash, encodeRelease, encodeTerms, jobBodies, Node, nodeBodies } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import {
    bidOn,
    claimedJob,
    claimJob,
    draftJob,
    escrowOf,
    type PostedJob,
    postJob,
    RESULT_TOP,
    SEALED,
    submitBody,
    submittedJob,
} from '../helpers/job';
import { enact } from '../helpers/registry';
import { operatorOf, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { send, type Wallet } from '../helpers/trace';
import { type Fees, feesUnder, jobStorage } from './formulas';
import { FULL, fillNode, wideOffer } from './full-node';
import { constant } from './measured';
import {
    type Entry,
    entry,
    expectAllWell,
    expectRefusedBelow,
    posting,
    pricedScene,
    reserveOf,
    storageFeesOf,
} from './minimum';
import { WIDEST_SPEC } from './widest';

/** Brings a scene to where the message can be sent, and names who receives it. */
interface Case {
    run: Entry;
    to: Address;
    posted?: PostedJob;
}

const direct = { spec: { ...WIDEST_SPEC, direct: 0 } };
const open = { spec: WIDEST_SPEC };

const atJob = (posted: PostedJob, from: Wallet, body: Cell): Case => ({
    run: entry(from, posted.job.address, body),
    to: posted.job.address,
    posted,
});

/** The timelock eats of the storage reserve, which the next message of whoever refills: not what a least value is for. */
async function refillReserve(scene: Scene): Promise<void> {
    const { node, owner } = operatorOf(scene);
    expectAllWell(await send(owner, node.address, nodeBodies.addStake({ amount: 1n })));
}

async function crowd(scene: Scene, posted?: PostedJob, changes = {}): Promise<void> {
    await fillNode(scene, { ...FULL, from: now(scene.blockchain), around: posted?.job.address, ...changes });
}

const jobCases: Record<string, (scene: Scene) => Promise<Case>> = {
    async AnnounceAgain(scene) {
        return atJob(await postJob(scene, open), scene.keeper, jobBodies.announceAgain());
    },
    async DiscloseKey(scene) {
        const posted = await claimedJob(scene, { ...open, withoutKey: true });
        const { encryptionKey } = operatorOf(scene);
        return atJob(
            posted,
            scene.client,
            jobBodies.discloseKey({ claim: 1, encryptionKey, sealedKey: SEALED }),
        );
    },
    async SubmitResult(scene) {
        return atJob(await claimedJob(scene, direct), operatorOf(scene).operator, submitBody(1, RESULT_TOP));
    },
    async AcceptResult(scene) {
        const posted = await submittedJob(scene, direct);
        await crowd(scene, posted);
        const { resultRoot } = await posted.job.getJob();
        return atJob(posted, scene.client, jobBodies.acceptResult({ claim: 1, resultRoot }));
    },
    async Finalize(scene) {
        const posted = await submittedJob(scene, direct);
        await crowd(scene, posted);
        advance(scene.blockchain, 4 * 3_600);
        return atJob(posted, scene.keeper, jobBodies.finalize());
    },
    async 'Expire, claimed'(scene) {
        const posted = await claimedJob(scene, direct);
        await crowd(scene, posted);
        advance(scene.blockchain, 4 * 3_600);
        return atJob(posted, scene.keeper, jobBodies.expire());
    },
    async 'Expire, no key'(scene) {
        const posted = await claimedJob(scene, { ...open, withoutKey: true });
        await crowd(scene, posted);
        advance(scene.blockchain, 4 * 3_600);
        return atJob(posted, scene.keeper, jobBodies.expire());
    },
    async 'Expire, open'(scene) {
        const posted = await postJob(scene, open);
        advance(scene.blockchain, 4 * 3_600);
        return atJob(posted, scene.keeper, jobBodies.expire());
    },
    async CancelJob(scene) {
        return atJob(await postJob(scene, open), scene.client, jobBodies.cancel());
    },
    async Destroy(scene) {
        const posted = await postJob(scene, open);
        await send(scene.client, posted.job.address, jobBodies.cancel());
        advance(scene.blockchain, DAY);
        return { ...atJob(posted, scene.client, jobBodies.destroy()), posted: undefined };
    },
    async Decline(scene) {
        const posted = await claimedJob(scene, open);
        await crowd(scene, posted);
        const { node, operator } = operatorOf(scene);
        const body = nodeBodies.decline({ job: posted.job.address, claim: 1 });
        return { run: entry(operator, node.address, body), to: node.address, posted };
    },
    async Claim(scene) {
        const posted = await postJob(scene, open);
        await crowd(scene, posted, { locks: 63 });
        const { node, operator } = operatorOf(scene);
        const body = nodeBodies.claim({ job: posted.identity, bid: bidOn(posted) });
        return { run: entry(operator, node.address, body), to: node.address, posted };
    },
};

function atNode(body: (scene: Scene) => Cell | Promise<Cell>, changes = {}) {
    return async (scene: Scene): Promise<Case> => {
        const message = await body(scene);
        await crowd(scene, undefined, changes);
        const { owner, node } = operatorOf(scene);
        return { run: entry(owner, node.address, message), to: node.address };
    };
}

const nodeCases: Record<string, (scene: Scene) => Promise<Case>> = {
    AddStake: atNode(() => nodeBodies.addStake({ amount: toNano('1') })),
    Unbond: atNode(() => nodeBodies.unbond({ amount: toNano('1') }), { unbondings: 7 }),
    async WithdrawUnbonded(scene) {
        const prepared = await atNode(() => nodeBodies.withdrawUnbonded())(scene);
        advance(scene.blockchain, DAY);
        return prepared;
    },
    UpdateProfile: atNode(() =>
        nodeBodies.updateProfile({ offers: Array.from({ length: 32 }, (_, i) => [i, wideOffer(i + 40)]) }),
    ),
    RotateKeys: atNode(
        (scene) =>
            nodeBodies.rotateKeys({
                operator: operatorOf(scene).operator.address,
                operatorKey: 2n,
                encryptionKey: 3n,
            }),
        { retired: 0 },
    ),
    TransferOwnership: atNode((scene) => nodeBodies.transferOwnership({ newOwner: scene.client.address })),
    DropTerms: atNode((scene) => nodeBodies.dropTerms({ termsHash: scene.protocol.termsHash })),
    async AdoptTerms(scene) {
        const terms = encodeTerms({ ...scene.protocol.terms, marketShards: 9 });
        await enact(scene.blockchain, scene.protocol, 0, { terms });
        const prepared = await atNode(() => nodeBodies.adoptTerms({ terms }), { terms: 3 })(scene);
        await refillReserve(scene);
        return prepared;
    },
    RequestUpgrade: atNode(async (scene) => {
        const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
        await enact(scene.blockchain, scene.protocol, 0, { release });
        return nodeBodies.requestUpgrade({ releaseHash: cellHash(release) });
    }),
    async AcceptOwnership(scene) {
        const { owner, node } = operatorOf(scene);
        const transfer = nodeBodies.transferOwnership({ newOwner: scene.client.address });
        await send(owner, node.address, transfer);
        await crowd(scene);
        return { run: entry(scene.client, node.address, nodeBodies.acceptOwnership()), to: node.address };
    },
    async ReleaseExpiredLock(scene) {
        const posted = await postJob(scene, open);
        await claimJob(posted, operatorOf(scene));
        await crowd(scene, posted);
        advance(scene.blockchain, 60 * DAY);
        const { node } = operatorOf(scene);
        const body = nodeBodies.releaseExpiredLock({ holder: posted.job.address });
        return { run: entry(scene.keeper, node.address, body), to: node.address };
    },
};

/** What each message must bring, to the nanoTON. */
const least: Record<string, (fees: Fees) => bigint> = {
    AnnounceAgain: ({ announceAgain }) => announceAgain,
    DiscloseKey: ({ step }) => step,
    SubmitResult: ({ step }) => step,
    AcceptResult: ({ settle }) => settle,
    Finalize: ({ settle }) => settle,
    'Expire, claimed': ({ settle }) => settle,
    'Expire, no key': ({ settle }) => settle,
    'Expire, open': ({ settle }) => settle,
    CancelJob: ({ settle }) => settle,
    Decline: ({ decline }) => decline,
    Claim: ({ claim }) => claim,
    Destroy: ({ destroy }) => destroy,
    Unbond: ({ simple }) => simple,
    WithdrawUnbonded: ({ simple }) => simple,
    RotateKeys: ({ simple }) => simple,
    TransferOwnership: ({ simple }) => simple,
    DropTerms: ({ simple }) => simple,
    AdoptTerms: ({ adopt }) => adopt,
    RequestUpgrade: ({ upgrade }) => upgrade,
    AcceptOwnership: ({ simple }) => simple,
    ReleaseExpiredLock: ({ releaseLock }) => releaseLock,
    AddStake: ({ simple }) => toNano('1') + simple,
    UpdateProfile: ({ simple, compute }) => simple + compute(32 * constant('GAS_UPDATE_PROFILE_OFFER')),
};

describe.each([1, 2, 10])('with %s times the prices', (times) => {
    const factor = BigInt(times);
    it('PostJob: the least value suffices, and less is refused', async () => {
        const scene = await pricedScene(factor);
        const posted = draftJob(scene, open);
        const run = posting(scene, posted);
        const escrow = escrowOf(posted.spec, scene.protocol.terms);
        const value = escrow + jobStorage(factor) + feesUnder(factor).post;
        await expectRefusedBelow(run, posted.job.address, value);
        expect((await run(value)).transactions).toHaveTransaction({ to: posted.job.address, success: true });
        expect(await reserveOf(scene, posted)).toBeGreaterThanOrEqual(jobStorage(factor));
    });

    it.each(Object.entries({ ...jobCases, ...nodeCases }))(
        '%s: the least value suffices, spends nobody else’s money, and less is refused',
        async (name, prepare) => {
            const scene = await pricedScene(factor);
            const { run, to, posted } = await prepare(scene);
            const value = least[name]!(feesUnder(factor));
            await expectRefusedBelow(run, to, value); // and storage is paid up to now
            const jobReserve = posted && (await reserveOf(scene, posted));
            const nodeReserve = await reserveOf(scene);
            const result = await run(value);
            expectAllWell(result);
            if (posted && jobReserve) {
                const due = storageFeesOf(result, posted.job.address);
                expect((await reserveOf(scene, posted)) + due).toBeGreaterThanOrEqual(jobReserve);
            }
            const nodeDue = storageFeesOf(result, operatorOf(scene).node.address);
            expect((await reserveOf(scene)) + nodeDue).toBeGreaterThanOrEqual(nodeReserve);
        },
    );
});
