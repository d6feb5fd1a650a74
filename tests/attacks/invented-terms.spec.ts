import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import { cellHash, encodeJobSpec, encodeTerms, Job, jobBodies, nodeBodies } from 'cocoon-wrappers';
import { advance } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { bidOn, draftJob, INPUT, jobSpec, type PostedJob } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { defaultTerms, type TermsOverrides } from '../helpers/terms';
import { AMPLE, expectRefused, paidBetween, send } from '../helpers/trace';
import { flat } from './flat';

// A Job opens under any terms that hash to its address; a client may invent them. Nobody else is bound by them.

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

/** A job under terms of the client's own, in which everything goes to its friends. */
async function postUnder(overrides: TermsOverrides, spec = jobSpec()) {
    const { nodes: _, ...draft } = { ...draftJob(scene), nodes: 0 };
    const termsCell = encodeTerms(defaultTerms(overrides));
    const identity = { ...draft.identity, termsHash: cellHash(termsCell) };
    const job = scene.blockchain.openContract(Job.fromIdentity(identity));
    const body = jobBodies.post({ terms: termsCell, spec: encodeJobSpec(spec), input: INPUT });
    const result = await job.sendMessage(scene.client.getSender(), toNano('50'), body);
    const posted: PostedJob = { job, identity, spec, specHash: cellHash(encodeJobSpec(spec)) };
    return { posted, result };
}

const ROBBERY: TermsOverrides = {
    jobParams: {
        timeoutSlashBps: 65_535,
        declineBps: 65_535,
        feeBps: 65_535,
        maxCollateral: toNano('999999'),
    },
};

it('a node does not claim under terms that it has not adopted', async () => {
    const { posted } = await postUnder(ROBBERY);
    expect((await posted.job.getJob()).status).toBe('open');
    const { node, operator } = operatorOf(scene);
    const before = await node.getNode();
    const body = nodeBodies.claim({ job: posted.identity, bid: bidOn(posted) });
    const result = await send(operator, node.address, body);
    expectRefused(result, node.address, ERR.ERR_TERMS_NOT_ADOPTED);
    expect(flat(await node.getNode())).toEqual(flat(before));
});

it('a direct job under invented terms can tell a node of itself and no more', async () => {
    const { node } = operatorOf(scene);
    const before = await node.getNode();
    const { posted, result } = await postUnder(ROBBERY, jobSpec({ direct: 0 }));
    expect(result.transactions).toHaveTransaction({
        from: posted.job.address,
        to: node.address,
        success: true,
    });
    expect(flat(await node.getNode())).toEqual(flat(before));
});

it('the client of such a job gets its escrow back', async () => {
    const { posted } = await postUnder(ROBBERY);
    const result = await send(scene.client, posted.job.address, jobBodies.cancel());
    expect(result.transactions).toHaveTransaction({
        from: posted.job.address,
        to: scene.client.address,
        success: true,
    });
    expect((await posted.job.getJob()).status).toBe('refunded');
});

it.each([
    ['no shards', { marketShards: 0 }, jobSpec()],
    [
        'windows that reach beyond 32 bits',
        { jobParams: { maxWindow: 2 ** 32 - 1 } },
        jobSpec({ claimWindow: 2 ** 32 - 1 }),
    ],
] as const)('a job under terms with %s does not open, and the value returns', async (_, overrides, spec) => {
    const { posted, result } = await postUnder(overrides as TermsOverrides, spec);
    expect(result.transactions).toHaveTransaction({ to: posted.job.address, success: false });
    expect(result.transactions).toHaveTransaction({ from: posted.job.address, inMessageBounced: true });
});

describe('a job whose treasury is in a workchain that does not exist', () => {
    let posted: PostedJob;

    beforeEach(async () => {
        const treasury = new Address(7, Buffer.alloc(32, 1));
        posted = (await postUnder({ jobParams: { treasury } })).posted;
    });

    it('harms its own client alone: it never ends', async () => {
        await send(scene.client, posted.job.address, jobBodies.cancel(), AMPLE);
        expect((await posted.job.getJob()).status).toBe('open');
    });

    it('gives everyone who tries to end it his value back', async () => {
        advance(scene.blockchain, posted.spec.claimWindow + 1);
        const result = await send(scene.keeper, posted.job.address, jobBodies.expire(), AMPLE);
        expect(result.transactions).toHaveTransaction({
            to: posted.job.address,
            success: false,
            exitCode: 0,
        });
        const back = paidBetween(result, posted.job.address, scene.keeper.address);
        expect(back).toBeGreaterThan(AMPLE - toNano('0.02'));
    });
});
