import '@ton/test-utils';
import { type Cell, storeAccountState, toNano } from '@ton/core';
import { type Blockchain, internal, type SandboxContract, type TreasuryContract } from '@ton/sandbox';
import { cellHash, cellOf, encodeRelease, encodeTerms, Node, nodeBodies } from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { createBlockchain } from '../helpers/blockchain';
import { type Size, sizeOf, traceFee } from '../helpers/fees';
import { deployProtocol, type Protocol, registerNode } from '../helpers/protocol';
import { enact, expectRefused, send } from '../helpers/registry';
import { defaultTerms } from '../helpers/terms';

let blockchain: Blockchain;
let protocol: Protocol;
let owner: SandboxContract<TreasuryContract>;

beforeEach(async () => {
    blockchain = await createBlockchain();
    protocol = await deployProtocol(blockchain);
    owner = await blockchain.treasury('owner');
});

const balance = async () => (await blockchain.getContract(protocol.registry.address)).balance;
const checkTerms = (index: number, terms: Cell) =>
    cellOf(binding.storeCheckTerms({ $$type: 'CheckTerms', queryId: 0n, index: BigInt(index), terms }));
const checkRelease = (index: number, releaseHash: bigint) =>
    cellOf(
        binding.storeCheckRelease({ $$type: 'CheckRelease', queryId: 0n, index: BigInt(index), releaseHash }),
    );

/** Hash of the contract's code and data. */
async function stateHash(): Promise<string> {
    const { accountState } = await blockchain.getContract(protocol.registry.address);
    return cellOf(storeAccountState(accountState!)).hash().toString('hex');
}

function answerFee(gas: bigint, { cells, bits }: Size): bigint {
    return traceFee(gas, 1n, cells + binding.ANSWER_CELLS, bits + binding.ANSWER_BITS);
}

function checkTermsMinimum(): bigint {
    return answerFee(binding.GAS_CHECK_TERMS, { cells: binding.TERMS_CELLS, bits: binding.TERMS_BITS });
}

function checkReleaseMinimum(): bigint {
    const size = sizeOf([protocol.releaseCell]);
    return answerFee(binding.GAS_CHECK_RELEASE + size.cells * binding.GAS_PER_CELL, size);
}

/** A message as if from the node with this index, born or not. */
function fromNode(index: number, body: Cell, value = toNano('1')) {
    const from = Node.fromIndex(protocol.registry.address, index).address;
    return blockchain.sendMessage(
        internal({ from, to: protocol.registry.address, value, body, bounce: true }),
    );
}

describe('a question of a node', () => {
    it('about executed terms is answered with them and the value', async () => {
        const terms = encodeTerms(defaultTerms({ marketShards: 9 }));
        const { node } = await registerNode(blockchain, protocol, { owner });
        await enact(blockchain, protocol, 0, { terms });
        const before = await balance();
        const result = await node.sendMessage(
            owner.getSender(),
            toNano('2'),
            nodeBodies.adoptTerms({ terms }),
        );
        expect(result.transactions).toHaveTransaction({
            from: protocol.registry.address,
            to: node.address,
            success: true,
        });
        expect((await node.getDetails()).terms.map(({ termsHash }) => termsHash)).toContain(cellHash(terms));
        expect(await balance()).toBe(before);
    });

    it('about other terms bounces with its value', async () => {
        const terms = encodeTerms(defaultTerms({ marketShards: 9 }));
        const { node } = await registerNode(blockchain, protocol, { owner });
        const result = await node.sendMessage(
            owner.getSender(),
            toNano('2'),
            nodeBodies.adoptTerms({ terms }),
        );
        expectRefused(result, protocol.registry.address, binding.ERR_TERMS_UNKNOWN);
        expect(result.transactions).toHaveTransaction({
            from: node.address,
            to: owner.address,
            success: true,
        });
        expect((await node.getDetails()).terms).toHaveLength(1);
    });

    it('about the current release is answered, about any other bounces', async () => {
        const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
        const { node } = await registerNode(blockchain, protocol, { owner });
        await enact(blockchain, protocol, 0, { release });
        const ask = (releaseHash: bigint) =>
            node.sendMessage(owner.getSender(), toNano('2'), nodeBodies.requestUpgrade({ releaseHash }));
        expectRefused(await ask(protocol.releaseHash), protocol.registry.address, binding.ERR_RELEASE_HASH);
        expect((await node.getNode()).version).toBe(1);
        await ask(cellHash(release));
        expect((await node.getNode()).version).toBe(2);
    });

    it('from anyone else is refused', async () => {
        await registerNode(blockchain, protocol, { owner });
        for (const body of [checkTerms(0, protocol.termsCell), checkRelease(0, protocol.releaseHash)])
            expectRefused(await send(protocol, owner, body), protocol.registry.address, binding.ERR_ACCESS);
        expectRefused(
            await fromNode(1, checkTerms(0, protocol.termsCell)),
            protocol.registry.address,
            binding.ERR_ACCESS,
        );
    });

    it.each([
        ['terms', checkTermsMinimum],
        ['the release', checkReleaseMinimum],
    ])(
        'about %s is answered for its minimum value and refused with one nanoTON less',
        async (about, minimum) => {
            const body =
                about === 'terms' ? checkTerms(3, protocol.termsCell) : checkRelease(3, protocol.releaseHash);
            const value = minimum();
            expectRefused(await fromNode(3, body, value - 1n), protocol.registry.address, binding.ERR_VALUE);
            const before = await balance();
            const result = await fromNode(3, body, value);
            expect(result.transactions).toHaveTransaction({
                from: protocol.registry.address,
                inMessageBounced: false,
            });
            expect(await balance()).toBeGreaterThanOrEqual(before);
        },
    );
});

it.each(['TermsConfirmed', 'ReleaseConfirmed'])(
    'a bounced %s gives its value back to the node',
    async (answer) => {
        const before = await balance();
        const absent = Node.fromIndex(protocol.registry.address, 7).address;
        const body =
            answer === 'TermsConfirmed'
                ? checkTerms(7, protocol.termsCell)
                : checkRelease(7, protocol.releaseHash);
        const result = await fromNode(7, body);
        expect(result.transactions).toHaveTransaction({
            from: absent,
            to: protocol.registry.address,
            inMessageBounced: true,
            success: true,
        });
        expect(await balance()).toBe(before);
        expect((await blockchain.getContract(absent)).balance).toBeGreaterThan(toNano('0.9'));
    },
);

it('a bounce of anything else changes nothing', async () => {
    const before = await stateHash();
    const result = await blockchain.sendMessage(
        internal({
            from: owner.address,
            to: protocol.registry.address,
            value: toNano('1'),
            bounced: true,
            body: cellOf((builder) =>
                builder.storeUint(0xffffffff, 32).storeUint(binding.Registry.opcodes.Birth, 32),
            ),
        }),
    );
    expect(result.transactions).toHaveTransaction({ to: protocol.registry.address, success: true });
    expect(result.transactions).toHaveTransaction({ from: protocol.registry.address, to: owner.address });
    expect(await stateHash()).toBe(before);
});
