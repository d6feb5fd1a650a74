import { type Address, type Cell, toNano } from '@ton/core';
import { internal } from '@ton/sandbox';
import { cellHash, encodeRelease, jobBodies, Node, nodeBodies } from 'cocoon-wrappers';
import { everyOrder } from '../helpers/interleave';
import { bidOn, draftJob, type PostedJob, postBody, submittedJob } from '../helpers/job';
import { otherTerms } from '../helpers/node';
import { enact } from '../helpers/registry';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { AMPLE, type Wallet } from '../helpers/trace';

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const message = (from: Wallet, to: Address, body: Cell, value = AMPLE) =>
    internal({ from: from.address, to, body, value });

function contended(posted: PostedJob): Address[] {
    return [posted.job.address, operatorOf(scene).node.address, scene.protocol.registry.address];
}

/** Endings of these messages in every order. */
async function endings(
    posted: PostedJob,
    messages: ReturnType<typeof message>[],
    describeEnding: () => Promise<string>,
): Promise<string[]> {
    const words = new Set<string>();
    await everyOrder(scene.blockchain, contended(posted), messages, async () => {
        words.add(await describeEnding());
    });
    return [...words].sort();
}

it('an upgrade and a settlement both happen, in any order', async () => {
    const posted = await submittedJob(scene);
    const { resultRoot } = await posted.job.getJob();
    const { node, owner } = operatorOf(scene);
    const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
    await enact(scene.blockchain, scene.protocol, 0, { release });
    const found = await endings(
        posted,
        [
            message(owner, node.address, nodeBodies.requestUpgrade({ releaseHash: cellHash(release) })),
            message(scene.client, posted.job.address, jobBodies.acceptResult({ claim: 1, resultRoot })),
        ],
        async () => {
            const { version, lockCount, locked } = await node.getNode();
            const { counters } = await node.getDetails();
            return `version ${version}, ${lockCount} locks of ${locked}, ${counters.paid} paid`;
        },
    );
    expect(found).toEqual(['version 2, 0 locks of 0, 1 paid']);
});

it('a claim that overtakes the opening is undone, else it holds the job', async () => {
    const posted = draftJob(scene);
    const { node, operator } = operatorOf(scene);
    await scene.stranger.send({ to: posted.job.address, init: posted.job.init, value: AMPLE, bounce: false });
    const found = await endings(
        posted,
        [
            message(scene.client, posted.job.address, postBody(scene, posted), toNano('20')),
            message(operator, node.address, nodeBodies.claim({ job: posted.identity, bid: bidOn(posted) })),
        ],
        async () => `${(await posted.job.getJob()).status}, ${(await node.getNode()).lockCount} locks`,
    );
    expect(found).toEqual(['claimed, 1 locks', 'open, 0 locks']);
});

it('terms that the owner asked for are not adopted once a new owner has accepted', async () => {
    const posted = draftJob(scene);
    const { node, owner } = operatorOf(scene);
    const terms = otherTerms(scene, { marketShards: 9 });
    await enact(scene.blockchain, scene.protocol, 0, { terms });
    await owner.send({
        to: node.address,
        value: AMPLE,
        body: nodeBodies.transferOwnership({ newOwner: scene.stranger.address }),
    });
    const found = await endings(
        posted,
        [
            message(owner, node.address, nodeBodies.adoptTerms({ terms })),
            message(scene.stranger, node.address, nodeBodies.acceptOwnership()),
        ],
        async () => {
            const { terms: held, pending } = await node.getDetails();
            expect(pending).toEqual({ termsHash: 0n, releaseHash: 0n });
            return `${held.length} terms`;
        },
    );
    expect(found).toEqual(['1 terms', '2 terms']);
});
