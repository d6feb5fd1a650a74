import '@ton/test-utils';
import { beginCell, toNano } from '@ton/core';
import { type Blockchain, internal, type SandboxContract, type TreasuryContract } from '@ton/sandbox';
import { Node } from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { advance, createBlockchain, transactionAt } from '../helpers/blockchain';
import { deployProtocol, type Protocol, registerNode } from '../helpers/protocol';
import { expectRefused } from '../helpers/registry';
import { DAY } from '../helpers/terms';

const YEAR = 365 * DAY;

let blockchain: Blockchain;
let protocol: Protocol;
let owner: SandboxContract<TreasuryContract>;
let stranger: SandboxContract<TreasuryContract>;

beforeEach(async () => {
    blockchain = await createBlockchain();
    protocol = await deployProtocol(blockchain);
    owner = await blockchain.treasury('owner');
    stranger = await blockchain.treasury('stranger');
});

/** StateInit of the first node, which anyone can know before it is registered. */
function firstNode() {
    const data = beginCell().storeAddress(protocol.registry.address).storeUint(0, 32).endCell();
    return {
        address: Node.fromIndex(protocol.registry.address, 0).address,
        init: { code: Node.bootstrapCode(), data },
    };
}

async function predeploy(value: bigint, bounce: boolean): Promise<void> {
    const { address, init } = firstNode();
    await stranger.send({ to: address, init, value, bounce });
    const { accountState } = await blockchain.getContract(address);
    expect(accountState?.type).toBe('active');
}

/** What Registry keeps for the node's storage, out of its Birth. */
async function birth() {
    const { node, result } = await registerNode(blockchain, protocol, { owner, value: toNano('300') });
    const message = transactionAt(result, node.address).inMessage!;
    const { storage, gas } = binding.loadBirth(message.body.beginParse());
    const { balance } = await blockchain.getContract(node.address);
    const { stake } = await node.getNode();
    if (message.info.type !== 'internal') throw new Error('A Birth is an internal message.');
    return { node, storage, gas, balance, stake, value: message.info.value.coins };
}

/** The balance covers what the node owes; what is over is at most what the Birth set aside for gas. */
function expectCovered(balance: bigint, owed: bigint, gas: bigint): void {
    expect(balance).toBeGreaterThanOrEqual(owed);
    expect(balance).toBeLessThan(owed + gas);
}

it('counts as stake what arrives above storage reserve and gas', async () => {
    const { stake, value, storage, gas, balance } = await birth();
    expect(stake).toBe(value - storage - gas);
    expectCovered(balance, stake + storage, gas);
});

it('counts what a predeployed bootstrap holds', async () => {
    await predeploy(toNano('0.5'), false);
    const { stake, value, storage, gas, balance } = await birth();
    expect(stake).toBeGreaterThan(value - storage + toNano('0.4'));
    expectCovered(balance, stake + storage, gas);
});

it('pays the storage debt of a predeployed bootstrap before it counts', async () => {
    await predeploy(toNano('0.01'), true);
    const { address } = firstNode();
    expect((await blockchain.getContract(address)).balance).toBe(0n);
    advance(blockchain, 40 * YEAR);
    // Storage of the Registry itself, which such a time has eaten.
    await stranger.send({ to: protocol.registry.address, value: toNano('100'), bounce: false });
    const { node, stake, value, storage, gas, balance } = await birth();
    const debt = value - storage - gas - stake;
    expect(debt).toBeGreaterThan(toNano('0.01'));
    // The debt is paid at the next transaction, out of what was left for it.
    const result = await stranger.send({ to: node.address, value: toNano('1'), bounce: true });
    expect(result.transactions).toHaveTransaction({ to: node.address, success: false });
    expectCovered((await blockchain.getContract(node.address)).balance, stake + storage, gas);
    expect(balance).toBeGreaterThan(stake + storage);
});

it('is taken from the Registry alone, and the value of another returns', async () => {
    await predeploy(toNano('0.01'), true);
    const { address } = firstNode();
    const code = beginCell().storeUint(0, 8).endCell();
    const body = beginCell()
        .store(
            binding.storeBirth({
                $$type: 'Birth',
                storage: 0n,
                gas: 0n,
                version: 1n,
                code,
                data: beginCell().endCell(),
            }),
        )
        .endCell();
    const result = await stranger.send({ to: address, value: toNano('1'), body, bounce: true });
    expectRefused(result, address, binding.ERR_ACCESS);
    const { node } = await birth();
    expect((await node.getNode()).owner).toEqualAddress(owner.address);
});

it.each([
    ['nothing', beginCell().endCell()],
    ['a comment', beginCell().storeUint(0, 32).storeStringTail('hello').endCell()],
    ['an AddStake', beginCell().storeUint(0x0c0c0202, 32).storeUint(0, 64).storeCoins(1).endCell()],
])('is all that a bootstrap takes: %s bounces', async (_, body) => {
    const { address, init } = firstNode();
    const result = await stranger.send({ to: address, init, value: toNano('1'), body, bounce: true });
    expect(result.transactions).toHaveTransaction({ to: address, success: false });
    expect(result.transactions).toHaveTransaction({ from: address, inMessageBounced: true });
    expect((await blockchain.getContract(address)).balance).toBe(0n);
});

it('does not happen twice: a born node is no bootstrap any more', async () => {
    const { node } = await birth();
    const code = beginCell().storeUint(0, 8).endCell();
    const body = beginCell()
        .store(
            binding.storeBirth({
                $$type: 'Birth',
                storage: 0n,
                gas: 0n,
                version: 9n,
                code,
                data: beginCell().endCell(),
            }),
        )
        .endCell();
    const result = await blockchain.sendMessage(
        internal({
            from: protocol.registry.address,
            to: node.address,
            value: toNano('1'),
            body,
            bounce: true,
        }),
    );
    expect(result.transactions).toHaveTransaction({ to: node.address, success: false });
    expect((await node.getNode()).version).toBe(1);
});
