import '@ton/test-utils';
import { beginCell, type Cell, toNano } from '@ton/core';
import { cellOf, encodeJobSpec, jobBodies, nodeBodies } from 'cocoon-wrappers';
import { loadClaim, storeClaim } from '../../build/Node/Node_Node';
import { ERR } from '../helpers/errors';
import { bidOn, draftJob, escrowOf, INPUT, postJob } from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { expectRefused, send } from '../helpers/trace';

// Whatever a contract forwards or stores on somebody's word costs it fees by the cell.

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

/** A tree of `cells` distinct cells. */
function ballast(cells: number): Cell {
    let seed = 0;
    const grow = (count: number): Cell => {
        const builder = beginCell().storeUint(seed++, 32).storeUint(0, 900);
        let left = count - 1;
        for (let branch = 4; branch > 0 && left > 0; branch--) {
            const share = Math.ceil(left / branch);
            builder.storeRef(grow(share));
            left -= share;
        }
        return builder.endCell();
    };
    return grow(cells);
}

describe('a client that wants its escrow spent on forwarding', () => {
    it.each([1, 1_000])('cannot post a spec with %i more cells', async (cells) => {
        const posted = draftJob(scene);
        const spec = beginCell()
            .storeSlice(encodeJobSpec(posted.spec).beginParse())
            .storeRef(ballast(cells))
            .endCell();
        const { termsCell: terms } = scene.protocol;
        const value = escrowOf(posted.spec, scene.protocol.terms) + toNano('5');
        const body = jobBodies.post({ terms, spec, input: INPUT });
        const result = await posted.job.sendMessage(scene.client.getSender(), value, body);
        expectRefused(result, posted.job.address, ERR.ERR_SPEC);
    });

    it('cannot hang cells below the conditions either', async () => {
        const posted = draftJob(scene);
        const slice = encodeJobSpec(posted.spec).beginParse();
        const conditions = slice.loadRef();
        const bloated = beginCell().storeSlice(conditions.beginParse()).storeRef(ballast(1)).endCell();
        const spec = beginCell().storeSlice(slice).storeRef(bloated).endCell();
        const { termsCell: terms } = scene.protocol;
        const value = escrowOf(posted.spec, scene.protocol.terms) + toNano('5');
        const body = jobBodies.post({ terms, spec, input: INPUT });
        const result = await posted.job.sendMessage(scene.client.getSender(), value, body);
        expectRefused(result, posted.job.address, ERR.ERR_SPEC);
    });
});

describe('an operator that wants a job to pay for its message', () => {
    it('cannot send a bid with more cells than a bid has', async () => {
        const posted = await postJob(scene);
        const claim = loadClaim(nodeBodies.claim({ job: posted.identity, bid: bidOn(posted) }).beginParse());
        const bid = beginCell().storeSlice(claim.bid.beginParse()).storeRef(ballast(100)).endCell();
        const { node, operator } = operatorOf(scene);
        const result = await send(operator, node.address, cellOf(storeClaim({ ...claim, bid })));
        expectRefused(result, node.address, ERR.ERR_TOO_LARGE);
        expect((await node.getNode()).lockCount).toBe(0);
    });
});
