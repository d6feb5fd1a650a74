import '@ton/test-utils';
import { Address, beginCell } from '@ton/core';
import { Node, nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { ERR } from '../helpers/errors';
import { claimedJob } from '../helpers/job';
import { expectConserved } from '../helpers/ledger';
import { createScene, operatorOf, registerOperator, type Scene } from '../helpers/scene';
import { AMPLE, expectRefused, forge, messagesBetween, paidBetween, send } from '../helpers/trace';
import { allocation, openVault, sendRedeem } from '../helpers/vault';
import { flat } from './flat';

// A Node sends a ReleaseNow to whatever its operator names: nobody may be hurt by it, the Node least.

let scene: Scene;

beforeEach(async () => {
    scene = await createScene();
});

const aim = (vault: Address, value = AMPLE) => {
    const { node, operator } = operatorOf(scene);
    const body = nodeBodies.releaseAllocation({ vault, slot: 0, generation: 1n });
    return send(operator, node.address, body, value);
};

/** Data of a contract; undefined where there is none. */
async function stateOf(address: Address): Promise<string | undefined> {
    const state = (await scene.blockchain.getContract(address)).accountState;
    return state?.type === 'active' ? state.state.data?.hash().toString('hex') : undefined;
}

const targets: Record<string, () => Promise<Address>> = {
    'the node itself': async () => operatorOf(scene).node.address,
    'another node': async () => (await registerOperator(scene)).node.address,
    'the Registry': async () => scene.protocol.registry.address,
    'a job that the node has claimed': async () => (await claimedJob(scene)).job.address,
    'an account that does not exist': async () => new Address(0, Buffer.alloc(32, 0x12)),
    'the next node, which is not born yet': async () =>
        Node.fromIndex(scene.protocol.registry.address, 1).address,
};

it.each(Object.keys(targets))('a release aimed at %s comes back, and nothing changes', async (name) => {
    const target = await targets[name]!();
    const { node, operator } = operatorOf(scene);
    const [before, there] = [flat(await node.getNode()), await stateOf(target)];
    const slack = async () => (await scene.blockchain.getContract(node.address)).balance;
    const balance = await slack();
    const [result] = await expectConserved(scene.blockchain, async () => [await aim(target)]);
    expect(result!.transactions).toHaveTransaction({
        from: target,
        to: node.address,
        inMessageBounced: true,
        success: true,
    });
    expect(paidBetween(result!, node.address, operator.address, opcodes.Excesses)).toBeGreaterThan(
        AMPLE - 30_000_000n,
    );
    expect(flat(await node.getNode())).toEqual(before);
    expect(await stateOf(target)).toBe(there);
    expect(balance - (await slack())).toBeLessThan(100_000n); // storage of the moment alone
});

it('a release aimed at the masterchain does not leave the node', async () => {
    const { node } = operatorOf(scene);
    const body = nodeBodies.releaseAllocation({
        vault: scene.client.address,
        slot: 0,
        generation: 1n,
    });
    const slice = body.beginParse();
    const head = slice.loadBits(96);
    const tail = slice.skip(267);
    const above = beginCell()
        .storeBits(head)
        .storeAddress(new Address(-1, scene.client.address.hash))
        .storeSlice(tail)
        .endCell();
    expectRefused(
        await send(operatorOf(scene).operator, node.address, above),
        node.address,
        ERR.ERR_WORKCHAIN,
    );
});

it('a wallet that keeps what came with a release has only the operator’s own value', async () => {
    const { node } = operatorOf(scene);
    const before = flat(await node.getNode());
    const balance = (await scene.blockchain.getContract(node.address)).balance;
    await aim(scene.stranger.address);
    expect(flat(await node.getNode())).toEqual(before);
    expect(balance - (await scene.blockchain.getContract(node.address)).balance).toBeLessThan(100_000n);
});

it('a ReleaseNow from a vault, or a forged bounce of one, moves nothing but its own value', async () => {
    const { node, operator } = operatorOf(scene);
    const before = flat(await node.getNode());
    const bounce = beginCell().storeUint(0xffffffff, 32).storeUint(opcodes.ReleaseNow, 32).storeUint(9, 64);
    for (const body of [bounce.endCell(), bounce.storeUint(0, 128).endCell()]) {
        const result = await forge(scene, scene.stranger.address, node.address, body, { bounced: true });
        expect(paidBetween(result, node.address, operator.address)).toBeLessThan(AMPLE);
    }
    expect(flat(await node.getNode())).toEqual(before);
});

it('the bounce of a release does not pass for that of a claim', async () => {
    const { node } = operatorOf(scene);
    const { job } = await claimedJob(scene);
    const lock = await node.getLock(job.address);
    expect(lock).toBeDefined();
    await aim(job.address);
    expect(flat((await node.getLock(job.address))!)).toEqual(flat(lock!));
});

it('whoever has the operator’s wallet can give up what is not redeemed, and nothing else', async () => {
    const opened = await openVault(scene, [allocation(scene)]);
    const { payout, node } = operatorOf(scene);
    const paid = await sendRedeem(scene, opened, 4_000_000_000n);
    expect(messagesBetween(paid, opened.vault.address, payout.address)).toHaveLength(1);
    await aim(opened.vault.address); // without the voucher for the rest
    expectRefused(
        await sendRedeem(scene, opened, 9_000_000_000n),
        opened.vault.address,
        ERR.ERR_ALLOCATION_UNKNOWN,
    );
    expect((await node.getNode()).payout.equals(payout.address)).toBe(true);
});
