import '@ton/test-utils';
import { Address, beginCell, type Cell } from '@ton/core';
import { cellOf, encodeNodeHot } from 'cocoon-wrappers';
import { storeBid, storeClaimFor } from '../../build/Job/Job_Job';
import { ERR } from '../helpers/errors';
import { type PostedJob, postJob } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { exitCodeOn, forge } from '../helpers/trace';
import { libraryCell, publish } from './library';

// A Registry with hostile code can give birth to nodes with any code. One that claims with a payout that no message reaches
// would hold the client's escrow for ever: a Job looks for itself.

let scene: Scene;
let posted: PostedJob;

beforeEach(async () => {
    scene = await createScene();
    posted = await postJob(scene);
});

const wallet = new Address(0, Buffer.alloc(32, 0x44));
const sound = encodeNodeHot({ operator: wallet, payout: wallet, encryptionKey: 5n });

function claimWith(hot: Cell) {
    const { specHash, spec, job } = posted;
    const bid = cellOf(storeBid({ $$type: 'Bid', specHash, collateral: spec.collateral, minPrice: 0n }));
    const numbers = { queryId: 0n, claimSeq: 0n, index: 0n, nodeVersion: 1n, stake: 1n };
    const body = cellOf(storeClaimFor({ $$type: 'ClaimFor', ...numbers, bid, hot, attestation: null }));
    return forge(scene, operatorOf(scene).node.address, job.address, body);
}

it('can claim with an operator and a payout that exist', async () => {
    expect(exitCodeOn(await claimWith(sound), posted.job.address)).toBe(0);
});

it.each([
    ['a payout on the masterchain', { operator: wallet, payout: new Address(-1, wallet.hash) }],
    ['an operator on the masterchain', { operator: new Address(-1, wallet.hash), payout: wallet }],
])('cannot claim with %s', async (_, addresses) => {
    const hot = encodeNodeHot({ ...addresses, encryptionKey: 5n });
    expect(exitCodeOn(await claimWith(hot), posted.job.address)).toBe(ERR.ERR_WORKCHAIN);
    expect((await posted.job.getJob()).status).toBe('open');
});

it('cannot claim with a cell that can be withdrawn', async () => {
    publish(scene.blockchain, sound);
    expect(exitCodeOn(await claimWith(libraryCell(sound)), posted.job.address)).toBe(ERR.ERR_WORKCHAIN);
});

it('cannot have the job store more than operator, payout and key', async () => {
    const bloated = beginCell().storeSlice(sound.beginParse()).storeRef(beginCell().endCell()).endCell();
    expect(exitCodeOn(await claimWith(bloated), posted.job.address)).toBe(ERR.ERR_TOO_LARGE);
});
