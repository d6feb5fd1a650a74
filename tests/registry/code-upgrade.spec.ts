import '@ton/test-utils';
import { beginCell, type Cell } from '@ton/core';
import type { Blockchain } from '@ton/sandbox';
import { Market, type ProposalParts, Registry } from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { advance, createBlockchain } from '../helpers/blockchain';
import { deployProtocol, type Protocol } from '../helpers/protocol';
import { execute, expectAccepted, expectRefused, propose } from '../helpers/registry';

/** `migrate` answers a cell whose only reference is the old data: DROP NEWC STREF ENDC. */
const WRAPPING = beginCell().storeUint(0x30c8ccc9, 32).endCell();
/** DROP THROW 42. */
const FAILING = beginCell().storeUint(0x30f22a, 24).endCell();
/** Any code but the Registry's. */
const OTHER_CODE = Market.code();

let blockchain: Blockchain;
let protocol: Protocol;

beforeEach(async () => {
    blockchain = await createBlockchain();
    protocol = await deployProtocol(blockchain);
});

async function stateOf(): Promise<{ code: Cell; data: Cell }> {
    const { accountState } = await blockchain.getContract(protocol.registry.address);
    if (accountState?.type !== 'active') throw new Error('The Registry is not active.');
    return { code: accountState.state.code!, data: accountState.state.data! };
}

async function upgrade(proposal: ProposalParts) {
    expectAccepted(await propose(protocol, proposal), protocol.registry.address);
    advance(blockchain, protocol.timelock);
    return execute(protocol, 0, proposal);
}

it('without a migrator keeps the data', async () => {
    const result = await upgrade({ code: OTHER_CODE, timelock: 7_200 });
    expectAccepted(result, protocol.registry.address);
    const { code, data } = await stateOf();
    expect(code).toEqualCell(OTHER_CODE);
    // The other parts of the proposal stand in the data, as the old code's getters would say.
    const account = await blockchain.getContract(protocol.registry.address);
    account.account = {
        ...account.account,
        account: {
            ...account.account.account!,
            storage: {
                ...account.account.account!.storage,
                state: { type: 'active', state: { code: Registry.code(), data } },
            },
        },
    };
    expect(await protocol.registry.getNetwork()).toMatchObject({ timelock: 7_200, proposalCount: 0 });
});

it('with a migrator takes its answer as the data, after all other parts', async () => {
    const before = await stateOf();
    const result = await upgrade({ code: OTHER_CODE, migrator: WRAPPING, timelock: 7_200 });
    expectAccepted(result, protocol.registry.address);
    expect(result.externals).toHaveLength(1);
    const { code, data } = await stateOf();
    expect(code).toEqualCell(OTHER_CODE);
    expect(data.bits.length).toBe(0);
    const inner = data.beginParse().loadRef().beginParse();
    const initial = before.data.beginParse();
    expect(inner.loadAddress()).toEqualAddress(initial.loadAddress());
    expect(inner.loadBits(64 + 256 + 16).equals(initial.loadBits(64 + 256 + 16))).toBe(true);
    const state = binding.loadRegistryState(inner.loadMaybeRef()!.beginParse());
    const governance = binding.loadGovernance(state.governance.beginParse());
    expect(governance).toMatchObject({ timelock: 7_200n, proposalCount: 0n });
});

it('with a failing migrator changes nothing', async () => {
    const proposal = { code: OTHER_CODE, migrator: FAILING, timelock: 7_200 };
    expectAccepted(await propose(protocol, proposal), protocol.registry.address);
    advance(blockchain, protocol.timelock);
    const before = await stateOf();
    expectRefused(await execute(protocol, 0, proposal), protocol.registry.address, binding.ERR_MIGRATION);
    const after = await stateOf();
    expect(after.code).toEqualCell(before.code);
    expect(after.data).toEqualCell(before.data);
});

it('is refused with a migrator alone', async () => {
    expectRefused(
        await propose(protocol, { migrator: WRAPPING }),
        protocol.registry.address,
        binding.ERR_BOUNDS,
    );
});
