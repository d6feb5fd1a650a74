import '@ton/test-utils';
import { beginCell, type Cell } from '@ton/core';
import { cellOf, encodeJobSpec, encodeNodeHot, jobBodies } from 'cocoon-wrappers';
import * as registryBinding from '../../build/Registry/Registry_Registry';
import { ERR } from '../helpers/errors';
import { draftJob, escrowOf, INPUT, type PostedJob } from '../helpers/job';
import { registration } from '../helpers/protocol';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { AMPLE, expectRefused, send } from '../helpers/trace';
import { libraryCell, publish } from './library';

// A library cell works only while its publisher wants: a client could make an honest node's SubmitResult fail until the
// deadline is over, a node could make Expire fail until its lock has ended.

let scene: Scene;
let posted: PostedJob;

beforeEach(async () => {
    scene = await createScene();
    posted = draftJob(scene);
});

async function expectSpecRefused(spec: Cell, ...libraries: Cell[]): Promise<void> {
    publish(scene.blockchain, ...libraries);
    const { termsCell: terms } = scene.protocol;
    const body = jobBodies.post({ terms, spec, input: INPUT });
    const value = escrowOf(posted.spec, scene.protocol.terms) + AMPLE;
    const result = await posted.job.sendMessage(scene.client.getSender(), value, body);
    expectRefused(result, posted.job.address, ERR.ERR_SPEC);
}

describe('a client that can switch its job off', () => {
    it('cannot post a spec that is a library cell', async () => {
        const spec = encodeJobSpec(posted.spec);
        await expectSpecRefused(libraryCell(spec), spec);
    });

    it('cannot post conditions that are a library cell', async () => {
        const slice = encodeJobSpec(posted.spec).beginParse();
        const conditions = slice.loadRef();
        const spec = beginCell().storeSlice(slice).storeRef(libraryCell(conditions)).endCell();
        await expectSpecRefused(spec, conditions);
    });
});

describe('a node that can switch the settlement off', () => {
    it('cannot register with a library cell for its operator and payout', async () => {
        const { owner } = operatorOf(scene);
        const hot = encodeNodeHot({ operator: owner.address, payout: owner.address, encryptionKey: 1n });
        publish(scene.blockchain, hot);
        const message = registryBinding.loadRegisterNode(
            registration(scene.protocol, { owner }).beginParse(),
        );
        const body = cellOf(registryBinding.storeRegisterNode({ ...message, hot: libraryCell(hot) }));
        const result = await send(owner, scene.protocol.registry.address, body, 500_000_000_000n);
        expectRefused(result, scene.protocol.registry.address, ERR.ERR_WORKCHAIN);
    });
});
