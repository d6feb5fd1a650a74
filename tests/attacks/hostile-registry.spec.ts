import '@ton/test-utils';
import { beginCell, type Cell, toNano } from '@ton/core';
import { cellHash, cellOf, encodeRelease, encodeTerms, Node, nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import * as nodeBinding from '../../build/Node/Node_Node';
import { now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimedJob } from '../helpers/job';
import { contractBodies, receive } from '../helpers/node';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { defaultTerms } from '../helpers/terms';
import { expectRefused, forge, send } from '../helpers/trace';
import { flat } from './flat';

// The governor can give the Registry any code after the timelock. Whatever it then says, a Node whose owner asked for
// nothing keeps its stake, its code and its terms.

const THIEF = beginCell().storeUint(0xbad, 32).endCell();

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

async function expectUnmoved(body: Cell): Promise<void> {
    const { node } = operatorOf(scene);
    const before = await node.getNode();
    const { terms } = await node.getDetails();
    const { accountState } = await scene.blockchain.getContract(node.address);
    await forge(scene, scene.protocol.registry.address, node.address, body, { value: toNano('1') });
    expect(flat(await node.getNode())).toEqual(flat(before));
    expect((await node.getDetails()).terms.map(({ termsHash }) => termsHash)).toEqual(
        terms.map(({ termsHash }) => termsHash),
    );
    const after = (await scene.blockchain.getContract(node.address)).accountState;
    if (accountState?.type !== 'active' || after?.type !== 'active') throw new Error('The node is gone.');
    expect(after.state.code?.hash()).toEqual(accountState.state.code?.hash());
    expect((await scene.blockchain.getContract(node.address)).balance).toBeGreaterThanOrEqual(before.stake);
}

it('cannot make a node adopt terms that its owner did not ask for', async () => {
    const terms = encodeTerms(defaultTerms({ jobParams: { timeoutSlashBps: 1 } }));
    await expectUnmoved(
        cellOf(nodeBinding.storeTermsConfirmed({ $$type: 'TermsConfirmed', queryId: 0n, terms })),
    );
});

it('cannot give a node code that its owner did not ask for', async () => {
    const release = encodeRelease({ version: 2, code: THIEF, migrator: null });
    await expectUnmoved(
        cellOf(nodeBinding.storeReleaseConfirmed({ $$type: 'ReleaseConfirmed', queryId: 0n, release })),
    );
});

it('cannot give a node other code than the one whose hash its owner named', async () => {
    const { node, owner } = operatorOf(scene);
    const asked = encodeRelease({ version: 2, code: Node.code(), migrator: null });
    const body = beginCell()
        .storeUint(opcodes.RequestUpgrade, 32)
        .storeUint(0, 64)
        .storeUint(BigInt(`0x${asked.hash().toString('hex')}`), 256)
        .endCell();
    await node.sendMessage(owner.getSender(), toNano('2'), body);
    const release = encodeRelease({ version: 2, code: THIEF, migrator: null });
    await expectUnmoved(
        cellOf(nodeBinding.storeReleaseConfirmed({ $$type: 'ReleaseConfirmed', queryId: 0n, release })),
    );
});

it('cannot give birth to a node twice', async () => {
    const data = beginCell().endCell();
    const birth = { $$type: 'Birth' as const, storage: 0n, gas: 0n, version: 9n, code: THIEF, data };
    await expectUnmoved(cellOf(nodeBinding.storeBirth(birth)));
});

it('cannot end a lock, nor slash it', async () => {
    const posted = await claimedJob(scene);
    const { node } = operatorOf(scene);
    const lock = await node.getLock(posted.job.address);
    await expectUnmoved(
        cellOf(
            nodeBinding.storeSettleLock({
                $$type: 'SettleLock',
                queryId: 0n,
                claimSeq: lock?.claimSeq ?? 0n,
                outcome: 2n,
                earned: 0n,
                slash: lock?.amount ?? 0n,
                client: scene.stranger.address,
            }),
        ),
    );
    expect(await node.getLock(posted.job.address)).toEqual(lock);
});

it('cannot take a node apart by terms whose seats need no bond, even when the owner adopted them', async () => {
    const { node, owner, operator } = operatorOf(scene);
    const { terms: usual } = scene.protocol;
    const disputes = { ...usual.kinds.disputes!, jurorBond: 0n };
    const terms = encodeTerms({ ...usual, kinds: { ...usual.kinds, disputes } });
    const contract = await scene.blockchain.getContract(node.address);
    await receive(contract, owner.address, nodeBodies.adoptTerms({ terms }));
    await receive(contract, scene.protocol.registry.address, contractBodies.termsConfirmed(terms));
    const body = nodeBodies.takeSeat({
        termsHash: cellHash(terms),
        subject: 1n,
        openBefore: now(scene.blockchain) + 60,
        round: 1,
        offer: 0,
        commitment: 7n,
    });
    const before = flat(await node.getNode());
    expectRefused(await send(operator, node.address, body), node.address, ERR.ERR_SEATS_FULL);
    expect(flat(await node.getNode())).toEqual(before);
});
