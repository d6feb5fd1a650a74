import '@ton/test-utils';
import { Address, beginCell, toNano } from '@ton/core';
import type { Blockchain } from '@ton/sandbox';
import { encodeTerms, Node } from 'cocoon-wrappers';
import { NODE_STORAGE_BITS, NODE_STORAGE_CELLS } from '../../build/Node/Node_Node';
import * as binding from '../../build/Registry/Registry_Registry';
import { createBlockchain, transactionAt } from '../helpers/blockchain';
import { type Size, sizeOf } from '../helpers/fees';
import { deployProtocol, OFFER, type Protocol, registerNode } from '../helpers/protocol';
import { enact, propose } from '../helpers/registry';
import { defaultTerms, HOUR, type TermsOverrides, WIDEST_DISPUTES } from '../helpers/terms';

/** Every amount at its largest, every address present. */
const LONGEST_TERMS: TermsOverrides = {
    kinds: {
        vault: { hash: 1n, depth: 1 },
        releaseDelay: 6 * HOUR,
        dispute: { hash: 1n, depth: 1 },
        attestor: new Address(0, Buffer.alloc(32, 1)),
        disputes: WIDEST_DISPUTES,
    },
    jobParams: {
        keeperTip: toNano('1'),
        postFee: toNano('1'),
        noKeyFee: toNano('1'),
        maxCollateral: 2n ** 120n - 1n,
    },
    stakeParams: { minStake: toNano('100000'), reserve: toNano('1000000') },
};

let blockchain: Blockchain;
let protocol: Protocol;

beforeEach(async () => {
    blockchain = await createBlockchain();
    protocol = await deployProtocol(blockchain, { terms: LONGEST_TERMS });
});

function minus(a: Size, ...others: Size[]): Size {
    return others.reduce((left, b) => ({ cells: left.cells - b.cells, bits: left.bits - b.bits }), a);
}

/** The constants cover what is measured and exceed it by at most 10 %. */
function expectCovers(constant: Size, measured: Size): void {
    expect(constant.cells).toBeGreaterThanOrEqual(measured.cells);
    expect(constant.bits).toBeGreaterThanOrEqual(measured.bits);
    expect(constant.cells * 10n).toBeLessThanOrEqual(measured.cells * 11n);
    expect(constant.bits * 10n).toBeLessThanOrEqual(measured.bits * 11n);
}

async function used(): Promise<Size> {
    return (await blockchain.getContract(protocol.registry.address)).account.account!.storageStats.used;
}

it('REGISTRY_* covers code and state with eight proposals and sixteen terms', async () => {
    for (let i = 0; i < 15; i += 1)
        await enact(blockchain, protocol, i, {
            terms: encodeTerms(defaultTerms({ ...LONGEST_TERMS, marketShards: 10 + i })),
        });
    for (let i = 0; i < 8; i += 1) await propose(protocol, { timelock: 7_200 + i });
    expectCovers(
        { cells: binding.REGISTRY_CELLS, bits: binding.REGISTRY_BITS },
        minus(await used(), sizeOf([protocol.releaseCell])),
    );
});

it('MODEL_* covers a model with the largest manifest', async () => {
    const models = (count: number) =>
        new Map(
            Array.from({ length: count }, (_, i) => [
                BigInt(`0x${beginCell().storeUint(i, 32).endCell().hash().toString('hex')}`),
                {
                    name: `${i}`.padStart(8, '0'),
                    manifestUri: `${i}`.padStart(9, '0').repeat(56).slice(0, 499),
                },
            ]),
        );
    const before = await used();
    await enact(blockchain, protocol, 0, { models: models(16) });
    const sum = minus(await used(), before);
    expectCovers(
        { cells: binding.MODEL_CELLS, bits: binding.MODEL_BITS },
        { cells: (sum.cells + 15n) / 16n, bits: (sum.bits + 15n) / 16n },
    );
});

it('BIRTH_* covers a Birth without released code and profile, MAX_PROFILE_BITS the largest profile', async () => {
    const owner = await blockchain.treasury('owner');
    const offers = Array.from({ length: 32 }, (_, i) => ({ ...OFFER, modelId: BigInt(i) + 1n }));
    const { node, result } = await registerNode(blockchain, protocol, {
        owner,
        offers,
        endpoint: 'x'.repeat(4 * 127),
        value: toNano('100300'),
    });
    const message = transactionAt(result, node.address).inMessage!;
    const { code, data: identity } = message.init!;
    const { data } = binding.loadBirth(message.body.beginParse());
    const profile = sizeOf(data.refs[0]!.refs[2]!.refs[1]!.refs);
    expectCovers(
        { cells: binding.BIRTH_CELLS, bits: binding.BIRTH_BITS },
        minus(sizeOf([code!, identity!, ...message.body.refs]), sizeOf([Node.code()]), profile),
    );
    expectCovers({ cells: binding.MAX_PROFILE_CELLS, bits: binding.MAX_PROFILE_BITS }, profile);
});

it('TERMS_* covers what a TermsConfirmed carries', () => {
    const { cells, bits } = sizeOf([protocol.termsCell]);
    expectCovers({ cells: binding.TERMS_CELLS, bits: binding.TERMS_BITS }, { cells, bits });
});

it('NODE_DATA_* and the released code cover what a Node keeps for its storage', () => {
    const code = sizeOf([Node.code()]);
    expect(binding.NODE_DATA_CELLS + code.cells).toBeGreaterThanOrEqual(NODE_STORAGE_CELLS);
    expect(binding.NODE_DATA_BITS + code.bits).toBeGreaterThanOrEqual(NODE_STORAGE_BITS);
});
