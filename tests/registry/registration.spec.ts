import '@ton/test-utils';
import { Address, beginCell, type Cell, toNano } from '@ton/core';
import type { Blockchain, SandboxContract, TreasuryContract } from '@ton/sandbox';
import { cellOf, Node } from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { createBlockchain, now } from '../helpers/blockchain';
import {
    deployProtocol,
    OFFER,
    type Protocol,
    type RegistrationOptions,
    registerNode,
    registration,
    sendRegistration,
} from '../helpers/protocol';
import { expectRefused, send } from '../helpers/registry';

let blockchain: Blockchain;
let protocol: Protocol;
let owner: SandboxContract<TreasuryContract>;

beforeEach(async () => {
    blockchain = await createBlockchain();
    protocol = await deployProtocol(blockchain);
    owner = await blockchain.treasury('owner');
});

async function refuses(options: Partial<RegistrationOptions>, exitCode: bigint): Promise<void> {
    expectRefused(
        await sendRegistration(protocol, { owner, ...options }),
        protocol.registry.address,
        exitCode,
    );
    expect((await protocol.registry.getNetwork()).nodeCount).toBe(0);
}

/** A registration with hand-made cells. */
function raw(cells: { hot?: Cell; profile?: Cell }): Cell {
    const message = binding.loadRegisterNode(registration(protocol, { owner }).beginParse());
    return cellOf(binding.storeRegisterNode({ ...message, ...cells }));
}

describe('a registration', () => {
    it('makes the sender owner of the next node, whose stake is what arrived', async () => {
        const operator = await blockchain.treasury('operator');
        const payout = await blockchain.treasury('payout');
        const { node, index, result } = await registerNode(blockchain, protocol, {
            owner,
            operator: operator.address,
            payout: payout.address,
            operatorKey: 11n,
            encryptionKey: 22n,
            value: toNano('500'),
        });
        expect(index).toBe(0);
        const data = await node.getNode();
        expect(data).toMatchObject({
            version: 1,
            index: 0,
            locked: 0n,
            lockCount: 0,
            exiting: false,
            unbonding: 0n,
        });
        expect(data.registry).toEqualAddress(protocol.registry.address);
        expect(data.owner).toEqualAddress(owner.address);
        expect(data.operator).toEqualAddress(operator.address);
        expect(data.payout).toEqualAddress(payout.address);
        expect(data.encryptionKey).toBe(22n);
        expect(data.reserve).toBe(protocol.terms.stakeParams.reserve);
        const { balance } = await blockchain.getContract(node.address);
        expect(data.stake).toBeLessThanOrEqual(balance);
        expect(data.stake).toBeGreaterThan(toNano('498.9'));
        expect(result.externals).toHaveLength(1);
        const event = binding.loadNodeRegistered(result.externals[0]!.body.beginParse());
        expect(event).toMatchObject({ index: 0n, termsHash: protocol.termsHash });
        expect(new Address(0, Buffer.from(event.node.toString(16).padStart(64, '0'), 'hex'))).toEqualAddress(
            node.address,
        );
    });

    it('starts the node with counters at zero, the policy of the terms and no history', async () => {
        const { node } = await registerNode(blockchain, protocol, { owner, operatorKey: 11n });
        const { minStake, unbondingPeriod, evidenceWindow, longestDispute, lockGrace } =
            protocol.terms.stakeParams;
        const { profile, ...details } = await node.getDetails();
        expect(details).toMatchObject({
            since: now(blockchain),
            counters: { paid: 0, expired: 0, declined: 0, earned: 0n, slashed: 0n },
            unbondingPeriod,
            evidenceWindow,
            retention: evidenceWindow + longestDispute,
            minStake,
            unbonding: 0n,
            unbondings: [],
            keys: [{ operatorKey: 11n, activatedAt: now(blockchain) }],
            locks: null,
        });
        expect(details.terms).toHaveLength(1);
        expect(details.terms[0]).toMatchObject({
            termsHash: protocol.termsHash,
            lockSpan: 3 * protocol.terms.jobParams.maxWindow + longestDispute + lockGrace,
        });
        expect(profile.endpoint).toBe('https://node.example');
        expect(profile.offers.get(0)).toMatchObject(OFFER);
    });

    it('counts nodes and derives their addresses as the chain does', async () => {
        for (const index of [0, 1, 2]) {
            const { node } = await registerNode(blockchain, protocol, { owner });
            expect((await node.getNode()).index).toBe(index);
            expect(await protocol.registry.getNodeAddress(index)).toEqualAddress(node.address);
        }
        expect((await protocol.registry.getNetwork()).nodeCount).toBe(3);
        expect(await protocol.registry.getNodeAddress(4_000_000_000)).toEqualAddress(
            Node.fromIndex(protocol.registry.address, 4_000_000_000).address,
        );
    });

    it('leaves the balance of the Registry as it was', async () => {
        const before = (await blockchain.getContract(protocol.registry.address)).balance;
        await registerNode(blockchain, protocol, { owner });
        expect((await blockchain.getContract(protocol.registry.address)).balance).toBe(before);
    });

    it('is accepted with 32 offers and the longest endpoint', async () => {
        const offers = Array.from({ length: 32 }, (_, i) => ({ ...OFFER, modelId: BigInt(i) + 1n }));
        await registerNode(blockchain, protocol, { owner, offers, endpoint: 'x'.repeat(4 * 127) });
    });

    it('is accepted without offers', async () => {
        await registerNode(blockchain, protocol, { owner, offers: [] });
    });
});

describe('a registration is refused', () => {
    it('for another release', () => refuses({ releaseHash: 1n }, binding.ERR_RELEASE_HASH));
    it('for other terms', () => refuses({ termsHash: 1n }, binding.ERR_TERMS_HASH));
    it('without an operator key', () => refuses({ operatorKey: 0n }, binding.ERR_KEY));
    it('without an encryption key', () => refuses({ encryptionKey: 0n }, binding.ERR_KEY));
    it('with an operator outside the basechain', () =>
        refuses({ operator: new Address(-1, Buffer.alloc(32, 1)) }, binding.ERR_WORKCHAIN));
    it('with a payout address outside the basechain', () =>
        refuses({ payout: new Address(-1, Buffer.alloc(32, 1)) }, binding.ERR_WORKCHAIN));
    it('with an endpoint beyond its bound', () =>
        refuses({ endpoint: 'x'.repeat(4 * 127 + 1) }, binding.ERR_TOO_LARGE));
    it('with 33 offers', () =>
        refuses(
            { offers: Array.from({ length: 33 }, (_, i) => ({ ...OFFER, modelId: BigInt(i) + 1n })) },
            binding.ERR_TOO_LARGE,
        ));

    it('from a sender outside the basechain', async () => {
        const masterchain = await blockchain.treasury('masterchain', { workchain: -1 });
        await refuses(
            { owner: masterchain, operator: owner.address, payout: owner.address },
            binding.ERR_WORKCHAIN,
        );
    });

    it.each([
        ['bits behind the keys', { bits: 1, refs: 0 }],
        ['a reference behind the keys', { bits: 0, refs: 1 }],
    ])('with %s', async (_, extra) => {
        const { hot } = binding.loadRegisterNode(registration(protocol, { owner }).beginParse());
        const padded = beginCell().storeSlice(hot.beginParse()).storeUint(0, extra.bits);
        if (extra.refs) padded.storeRef(beginCell().endCell());
        expectRefused(
            await send(protocol, owner, raw({ hot: padded.endCell() }), toNano('500')),
            protocol.registry.address,
            9,
        );
    });

    it('with something behind the profile', async () => {
        const { profile } = binding.loadRegisterNode(registration(protocol, { owner }).beginParse());
        const padded = beginCell().storeSlice(profile.beginParse()).storeBit(false).endCell();
        expectRefused(
            await send(protocol, owner, raw({ profile: padded }), toNano('500')),
            protocol.registry.address,
            9,
        );
    });
});
