import '@ton/test-utils';
import { beginCell, type Cell, toNano } from '@ton/core';
import { type Blockchain, internal, type SandboxContract, type TreasuryContract } from '@ton/sandbox';
import {
    cellOf,
    encodeRelease,
    encodeTerms,
    type NewModel,
    Node,
    type ProposalParts,
    Registry,
    registryBodies,
} from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { advance, createBlockchain, gasOf, gasOfTransaction, transactionAt } from '../helpers/blockchain';
import { PRICES, sizeOf, traceFee } from '../helpers/fees';
import {
    deployProtocol,
    OFFER,
    type Protocol,
    registerNode,
    registration,
    tryDeployProtocol,
} from '../helpers/protocol';
import { enact, execute, expectAccepted, expectRefused, propose, send } from '../helpers/registry';
import { defaultTerms } from '../helpers/terms';

const FULL_PROFILE = {
    offers: Array.from({ length: 32 }, (_, i) => ({ ...OFFER, modelId: BigInt(i) + 1n })),
    endpoint: 'x'.repeat(4 * 127),
};

let blockchain: Blockchain;
let protocol: Protocol;
let owner: SandboxContract<TreasuryContract>;

async function start(priceFactor = 1n): Promise<void> {
    blockchain = await createBlockchain(priceFactor);
    protocol = await deployProtocol(blockchain);
    owner = await blockchain.treasury('owner');
}

beforeEach(() => start());

/** A tree of exactly `cells` distinct cells. */
function tree(cells: number, label = 0): Cell {
    const builder = beginCell().storeUint(label, 32).storeUint(0, 990);
    const children = Math.min(4, cells - 1);
    let left = cells - 1;
    let next = label + 1;
    for (let i = 0; i < children; i += 1) {
        const share = Math.ceil(left / (children - i));
        builder.storeRef(tree(share, next));
        next += share;
        left -= share;
    }
    return builder.endCell();
}

const largestRelease = (version: number) => encodeRelease({ version, code: tree(511), migrator: null });

/** Models with manifests of four cells; keys spread as hashes are. */
function models(count: number, from = 0): Map<bigint, NewModel> {
    const entries = new Map<bigint, NewModel>();
    for (let i = from; i < from + count; i += 1) {
        const key = BigInt(`0x${beginCell().storeUint(i, 32).endCell().hash().toString('hex')}`);
        entries.set(key, {
            name: `${i}`.padStart(8, '0'),
            manifestUri: `${i}`.padStart(9, '0').repeat(56).slice(0, 499),
        });
    }
    return entries;
}

function registryGas(result: Awaited<ReturnType<typeof send>>): bigint {
    const transaction = transactionAt(result, protocol.registry.address);
    return gasOfTransaction(transaction);
}

function largest(values: bigint[]): bigint {
    return values.sort((a, b) => (a < b ? 1 : -1))[0]!;
}

/** The constant covers the worst case and wastes at most 3 % of it. */
function expectTight(measured: bigint, constant: bigint): void {
    expect(constant).toBeGreaterThanOrEqual(measured);
    expect(constant * 97n).toBeLessThanOrEqual(measured * 100n);
}

describe('gas constants are what is measured', () => {
    it('GAS_REGISTER and GAS_BIRTH, with the largest profile', async () => {
        const { node, result } = await registerNode(blockchain, protocol, { owner, ...FULL_PROFILE });
        expect(registryGas(result)).toBe(binding.GAS_REGISTER);
        const birth = transactionAt(result, node.address);
        expect(gasOfTransaction(birth)).toBe(binding.GAS_BIRTH);
    });

    it('GAS_CHECK_TERMS, with sixteen executed terms', async () => {
        for (let i = 0; i < 15; i += 1)
            await enact(blockchain, protocol, i, {
                terms: encodeTerms(defaultTerms({ marketShards: 10 + i })),
            });
        const measured: bigint[] = [];
        for (let i = 0; i < 15; i += 1) {
            const terms = encodeTerms(defaultTerms({ marketShards: 10 + i }));
            const body = cellOf(
                binding.storeCheckTerms({ $$type: 'CheckTerms', queryId: 0n, index: 0n, terms }),
            );
            measured.push(registryGas(await fromFirstNode(body)));
        }
        expectTight(largest(measured), binding.GAS_CHECK_TERMS);
    });

    it('GAS_CHECK_RELEASE and GAS_PER_CELL, with the largest release', async () => {
        const release = largestRelease(2);
        await enact(blockchain, protocol, 0, { release });
        const releaseHash = (await protocol.registry.getNetwork()).releaseHash;
        const body = cellOf(
            binding.storeCheckRelease({ $$type: 'CheckRelease', queryId: 0n, index: 0n, releaseHash }),
        );
        expectTight(
            registryGas(await fromFirstNode(body)),
            binding.GAS_CHECK_RELEASE + 512n * binding.GAS_PER_CELL,
        );
    });

    it('GAS_SIMPLE, the largest of five', async () => {
        for (let i = 0; i < 8; i += 1) await propose(protocol, { timelock: 7_200 + i });
        const cancel = await send(protocol, protocol.governor, registryBodies.cancel({ id: 7 }));
        const pause = await send(protocol, protocol.guardian, registryBodies.pause({ duration: 100 }));
        const unpause = await send(protocol, protocol.governor, registryBodies.unpause());
        const transfer = await send(
            protocol,
            protocol.governor,
            registryBodies.transferGovernance({ newGovernor: owner.address }),
        );
        const accept = await send(protocol, owner, registryBodies.acceptGovernance());
        const all = [cancel, pause, unpause, transfer, accept];
        for (const result of all) expectAccepted(result, protocol.registry.address);
        expectTight(largest(all.map(registryGas)), binding.GAS_SIMPLE);
    });

    it('GAS_PROPOSE, with every part at its bound', async () => {
        for (let i = 0; i < 7; i += 1) await propose(protocol, { timelock: 7_200 + i });
        const result = await propose(protocol, largestProposal(0));
        expectAccepted(result, protocol.registry.address);
        expectTight(registryGas(result), binding.GAS_PROPOSE);
    });

    it('GAS_EXECUTE, with every part at its bound and a full catalogue; below 400,000', async () => {
        const batch = Number(binding.MAX_MODEL_CHANGES);
        let id = 0;
        for (let from = 0; from < 256 - batch; from += batch, id += 1)
            await enact(blockchain, protocol, id, {
                models: models(batch, from),
                terms: encodeTerms(defaultTerms({ marketShards: 10 + id })),
            });
        const proposal = largestProposal(256 - batch);
        const result = await enact(blockchain, protocol, id, proposal);
        expect((await protocol.registry.getNetwork()).modelCount).toBe(256);
        expectTight(registryGas(result), binding.GAS_EXECUTE);
        expect(registryGas(result)).toBeLessThan(400_000n);
        expectRefused(await overfill(id + 1), protocol.registry.address, binding.ERR_MODELS_FULL);
    });

    it('GAS_INIT, with every part at its bound', async () => {
        const { protocol: opened, result } = await tryDeployProtocol(blockchain, {
            salt: 9n,
            release: { code: tree(511) },
            models: models(Number(binding.MAX_MODEL_CHANGES)),
        });
        expectAccepted(result, opened.registry.address);
        protocol = opened;
        expectTight(registryGas(result), binding.GAS_INIT);
    });

    async function overfill(id: number) {
        const one = { models: models(1, 1_000) };
        expectAccepted(await propose(protocol, one), protocol.registry.address);
        advance(blockchain, protocol.timelock * 3);
        return execute(protocol, id, one);
    }
});

function largestProposal(from: number): ProposalParts {
    return {
        guardian: owner.address,
        timelock: 7_300,
        release: largestRelease(2),
        terms: encodeTerms(defaultTerms({ marketShards: 256 })),
        models: models(Number(binding.MAX_MODEL_CHANGES), from),
        code: Registry.code(),
    };
}

function fromFirstNode(body: Cell) {
    const from = Node.fromIndex(protocol.registry.address, 0).address;
    return blockchain.sendMessage(
        internal({ from, to: protocol.registry.address, value: toNano('3'), body, bounce: true }),
    );
}

describe('at its minimum value, at present and doubled prices, is accepted; with one nanoTON less refused:', () => {
    const governor = () => protocol.governor;
    const guardian = () => protocol.guardian;
    const nobody = () => owner;
    const messages: [string, bigint, () => SandboxContract<TreasuryContract>, () => Cell][] = [
        [
            'Propose',
            binding.GAS_PROPOSE,
            governor,
            () => registryBodies.propose({ proposal: { timelock: 9_000 } }),
        ],
        [
            'Execute',
            binding.GAS_EXECUTE,
            nobody,
            () => registryBodies.execute({ id: 0, proposal: { timelock: 8_000 } }),
        ],
        ['Cancel', binding.GAS_SIMPLE, governor, () => registryBodies.cancel({ id: 0 })],
        ['Pause', binding.GAS_SIMPLE, guardian, () => registryBodies.pause({ duration: 60 })],
        ['Unpause', binding.GAS_SIMPLE, guardian, () => registryBodies.unpause()],
        [
            'TransferGovernance',
            binding.GAS_SIMPLE,
            governor,
            () => registryBodies.transferGovernance({ newGovernor: owner.address }),
        ],
        ['AcceptGovernance', binding.GAS_SIMPLE, nobody, () => registryBodies.acceptGovernance()],
    ];

    it.each(messages)('%s', async (name, gas, from, body) => {
        for (const factor of [1n, 2n]) {
            await start(factor);
            expectAccepted(await propose(protocol, { timelock: 8_000 }), protocol.registry.address);
            await owner.send({ to: protocol.registry.address, value: toNano('1'), bounce: false });
            advance(blockchain, protocol.timelock);
            if (name === 'Unpause')
                await send(protocol, protocol.guardian, registryBodies.pause({ duration: 600 }));
            if (name === 'AcceptGovernance')
                await send(
                    protocol,
                    protocol.governor,
                    registryBodies.transferGovernance({ newGovernor: owner.address }),
                );
            const minimum = traceFee(gas, 2n, binding.EVENT_CELLS, binding.EVENT_BITS, factor);
            const below = await send(protocol, from(), body(), minimum - 1n);
            expectRefused(below, protocol.registry.address, binding.ERR_VALUE);
            const before = (await blockchain.getContract(protocol.registry.address)).balance;
            expectAccepted(await send(protocol, from(), body(), minimum), protocol.registry.address);
            const after = (await blockchain.getContract(protocol.registry.address)).balance;
            expect(after).toBeGreaterThanOrEqual(before);
        }
    });
});

describe('a registration', () => {
    it('costs at most 20,000 gas over its whole trace', async () => {
        const { result } = await registerNode(blockchain, protocol, { owner });
        expect(gasOf(result)).toBeLessThanOrEqual(20_000n);
        expect(result.transactions).toHaveLength(3);
    });

    it.each([1, 1_000, 100_000])('costs the same as node number %i', async (count) => {
        const first = await registerNode(blockchain, protocol, { owner });
        await setNodeCount(count);
        const { index, result } = await registerNode(blockchain, protocol, { owner });
        expect(index).toBe(count);
        expect(gasOf(result)).toBe(gasOf(first.result));
    });

    it.each([
        [1n, 'present'],
        [2n, 'doubled'],
    ])(
        'is accepted with its minimum value and refused with one nanoTON less, at %i × (%s) prices',
        async (factor) => {
            await start(factor);
            const { registry, terms } = protocol;
            const { minimumRegistration } = await registry.getNetwork();
            const body = registration(protocol, { owner, ...FULL_PROFILE });
            const { profile } = binding.loadRegisterNode(body.beginParse());
            const spare = binding.MAX_PROFILE_BITS - sizeOf(profile.refs).bits;
            expect(spare).toBeGreaterThanOrEqual(0n);
            const minimum = minimumRegistration - spare * PRICES.bit * factor;
            const below = await send(protocol, owner, body, minimum - 1n);
            expectRefused(below, registry.address, binding.ERR_VALUE);
            const { node } = await registerNode(blockchain, protocol, {
                owner,
                ...FULL_PROFILE,
                value: minimum,
            });
            const { stake } = await node.getNode();
            const { minStake } = terms.stakeParams;
            expect(stake).toBeGreaterThanOrEqual(minStake);
            expect(stake).toBeLessThan(minStake + toNano('0.002') * factor);
        },
    );

    it('takes less for a smaller profile', async () => {
        const minimum = (await protocol.registry.getNetwork()).minimumRegistration;
        await registerNode(blockchain, protocol, { owner, value: minimum - toNano('0.005') });
    });
});

/** Puts another count into the Registry's state, as if that many nodes had been registered. */
async function setNodeCount(count: number): Promise<void> {
    const contract = await blockchain.getContract(protocol.registry.address);
    const { account } = contract.account;
    if (account?.storage.state.type !== 'active') throw new Error('The Registry is not active.');
    const data = account.storage.state.state.data!.beginParse();
    const head = data.loadBits(data.remainingBits);
    const state = data.loadRef().beginParse();
    state.skip(32);
    const changed = beginCell().storeUint(count, 32).storeSlice(state).endCell();
    account.storage.state.state.data = beginCell().storeBits(head).storeRef(changed).endCell();
    contract.account = { ...contract.account, account };
}
