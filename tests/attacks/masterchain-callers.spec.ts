import '@ton/test-utils';
import { Address, type Cell } from '@ton/core';
import { internal, type SendMessageResult } from '@ton/sandbox';
import { jobBodies } from 'cocoon-wrappers';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimedJob, type PostedJob, postJob, submittedJob } from '../helpers/job';
import { createScene, type Scene } from '../helpers/scene';
import { DAY } from '../helpers/terms';
import { AMPLE, expectRefused } from '../helpers/trace';

// A message to the masterchain costs 25 times as much as one within the basechain: who calls from there would have the
// escrow pay the difference, again and again.

const MASTERCHAIN_KEEPER = new Address(-1, Buffer.alloc(32, 0x33));

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

function poke({ job }: PostedJob, body: Cell): Promise<SendMessageResult> {
    const message = internal({ from: MASTERCHAIN_KEEPER, to: job.address, value: AMPLE, body });
    return scene.blockchain.sendMessage(message);
}

it('cannot have an open job announced at its expense', async () => {
    const posted = await postJob(scene);
    expectRefused(await poke(posted, jobBodies.announceAgain()), posted.job.address, ERR.ERR_WORKCHAIN);
});

it('cannot earn the tip for an expiry', async () => {
    const posted = await claimedJob(scene, { withoutKey: true });
    advance(scene.blockchain, DAY);
    expectRefused(await poke(posted, jobBodies.expire()), posted.job.address, ERR.ERR_WORKCHAIN);
});

it('cannot earn the tip for a payment', async () => {
    const posted = await submittedJob(scene);
    advance(scene.blockchain, DAY);
    expectRefused(await poke(posted, jobBodies.finalize()), posted.job.address, ERR.ERR_WORKCHAIN);
});

it('cannot earn the tip for a destruction', async () => {
    const posted = await postJob(scene);
    await posted.job.sendMessage(scene.client.getSender(), AMPLE, jobBodies.cancel());
    advance(scene.blockchain, DAY);
    expectRefused(await poke(posted, jobBodies.destroy()), posted.job.address, ERR.ERR_WORKCHAIN);
});
