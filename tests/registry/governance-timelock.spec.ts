import '@ton/test-utils';
import { Address, toNano } from '@ton/core';
import type { Blockchain, SandboxContract, TreasuryContract } from '@ton/sandbox';
import {
    cellHash,
    encodeProposal,
    encodeRelease,
    encodeTerms,
    Node,
    type ProposalParts,
    registryBodies,
} from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { advance, createBlockchain, now } from '../helpers/blockchain';
import {
    deployProtocol,
    MODEL_ID,
    type Protocol,
    registerNode,
    tryDeployProtocol,
} from '../helpers/protocol';
import { enact, execute, expectAccepted, expectRefused, propose, send } from '../helpers/registry';
import { DAY, defaultTerms, MAINNET, TESTNET } from '../helpers/terms';

let blockchain: Blockchain;
let protocol: Protocol;
let stranger: SandboxContract<TreasuryContract>;

beforeEach(async () => {
    blockchain = await createBlockchain();
    protocol = await deployProtocol(blockchain);
    stranger = await blockchain.treasury('stranger');
});

const refused = (result: Awaited<ReturnType<typeof send>>, code: bigint) =>
    expectRefused(result, protocol.registry.address, code);
const accepted = (result: Awaited<ReturnType<typeof send>>) =>
    expectAccepted(result, protocol.registry.address);

function otherTerms(minStake: bigint) {
    const terms = defaultTerms({ stakeParams: { minStake, reserve: minStake } });
    return { terms, cell: encodeTerms(terms) };
}

describe('Init', () => {
    it('opens the Registry with what it carries', async () => {
        const models = new Map([[MODEL_ID, { name: 'tiny', manifestUri: 'https://models.example/tiny' }]]);
        const opened = await deployProtocol(blockchain, { salt: 1n, models });
        const network = await opened.registry.getNetwork();
        expect(network).toMatchObject({
            pendingGovernor: null,
            timelock: opened.timelock,
            networkId: opened.terms.networkId,
            nodeCount: 0,
            termsHash: opened.termsHash,
            termsCount: 1,
            releaseHash: opened.releaseHash,
            releaseVersion: 1,
            pausedUntil: 0,
            nextPauseAt: 0,
            modelCount: 1,
            proposalCount: 0,
        });
        expect(network.governor).toEqualAddress(opened.governor.address);
        expect(network.guardian).toEqualAddress(opened.guardian.address);
        expect(encodeTerms(await opened.registry.getTerms())).toEqualCell(opened.termsCell);
        expect(await opened.registry.getReleaseCell()).toEqualCell(opened.releaseCell);
        expect(await opened.registry.getIsExecuted(opened.termsHash)).toBe(true);
        expect(await opened.registry.getModel(MODEL_ID)).toEqual({
            name: 'tiny',
            manifestUri: 'https://models.example/tiny',
            addedAt: now(blockchain),
        });
    });

    const init = () =>
        registryBodies.init({
            guardian: protocol.guardian.address,
            timelock: 3_600,
            terms: protocol.termsCell,
            release: protocol.releaseCell,
            bootstrap: Node.bootstrapCode(),
        });

    it('happens once', async () =>
        refused(await send(protocol, protocol.governor, init()), binding.ERR_ALREADY_OPEN));

    it.each([
        [59, 'private', undefined],
        [30 * DAY + 1, 'private', undefined],
        [DAY - 1, 'main', MAINNET],
        [DAY - 1, 'test', TESTNET],
    ])('is refused with a timelock of %i s on a %s network', async (timelock, _, networkId) => {
        const terms = { networkId, jobParams: { minWindow: 3_600 } };
        const { protocol: opened, result } = await tryDeployProtocol(blockchain, {
            salt: 2n,
            timelock,
            terms: networkId === undefined ? {} : terms,
        });
        expectRefused(result, opened.registry.address, binding.ERR_BOUNDS);
    });

    it.each([
        [60, undefined],
        [30 * DAY, undefined],
        [DAY, MAINNET],
        [DAY, TESTNET],
    ])('is accepted with a timelock of %i s', async (timelock, networkId) => {
        const terms = networkId === undefined ? {} : { networkId, jobParams: { minWindow: 3_600 } };
        await deployProtocol(blockchain, { salt: 3n, timelock, terms });
    });

    it('is refused with version 0 of the Node code', async () => {
        const { protocol: opened, result } = await tryDeployProtocol(blockchain, {
            salt: 4n,
            release: { version: 0 },
        });
        expectRefused(result, opened.registry.address, binding.ERR_VERSION);
    });
});

describe('a proposal', () => {
    it('waits for the timelock, then anyone executes it', async () => {
        const { cell } = otherTerms(toNano('50'));
        const proposal = { terms: cell };
        const proposed = await propose(protocol, proposal);
        accepted(proposed);
        const queued = binding.loadProposalQueued(proposed.externals[0]!.body.beginParse());
        const executableAt = now(blockchain) + protocol.timelock;
        expect(queued).toMatchObject({ id: 0n, executableAt: BigInt(executableAt) });
        const hash = cellHash(encodeProposal(proposal));
        expect(await protocol.registry.getProposal(0)).toEqual({ hash, executableAt });

        advance(blockchain, protocol.timelock - 1);
        refused(await execute(protocol, 0, proposal, stranger), binding.ERR_TIMELOCK);
        expect((await protocol.registry.getNetwork()).termsHash).toBe(protocol.termsHash);
        advance(blockchain, 1);
        const executed = await execute(protocol, 0, proposal, stranger);
        accepted(executed);
        expect(binding.loadProposalExecuted(executed.externals[0]!.body.beginParse())).toMatchObject({
            id: 0n,
            hash,
        });
        expect(encodeTerms(await protocol.registry.getTerms())).toEqualCell(cell);
        expect(await protocol.registry.getProposal(0)).toBeNull();
        expect((await protocol.registry.getNetwork()).proposalCount).toBe(0);
        refused(await execute(protocol, 0, proposal), binding.ERR_PROPOSAL_UNKNOWN);
    });

    it('comes from the governor alone', async () => {
        for (const other of [stranger, protocol.guardian])
            refused(await propose(protocol, { timelock: 7_200 }, other), binding.ERR_ACCESS);
    });

    it('must change something', async () => {
        refused(await propose(protocol, {}), binding.ERR_PROPOSAL_EMPTY);
        refused(await propose(protocol, { models: new Map() }), binding.ERR_PROPOSAL_EMPTY);
    });

    it('is executed to the bit', async () => {
        accepted(await propose(protocol, { timelock: 7_200 }));
        advance(blockchain, protocol.timelock);
        refused(await execute(protocol, 0, { timelock: 7_201 }), binding.ERR_PROPOSAL_UNKNOWN);
        refused(await execute(protocol, 1, { timelock: 7_200 }), binding.ERR_PROPOSAL_UNKNOWN);
    });

    it('is one of at most eight', async () => {
        for (let i = 0; i < 8; i += 1) accepted(await propose(protocol, { timelock: 7_200 + i }));
        refused(await propose(protocol, { timelock: 9_000 }), binding.ERR_PROPOSALS_FULL);
        accepted(await send(protocol, protocol.governor, registryBodies.cancel({ id: 3 })));
        accepted(await propose(protocol, { timelock: 9_000 }));
        expect(await protocol.registry.getProposal(8)).not.toBeNull();
    });

    it('is cancelled by the governor at any time, by nobody else while it is fresh', async () => {
        accepted(await propose(protocol, { timelock: 7_200 }));
        refused(await send(protocol, stranger, registryBodies.cancel({ id: 0 })), binding.ERR_ACCESS);
        const result = await send(protocol, protocol.governor, registryBodies.cancel({ id: 0 }));
        accepted(result);
        expect(binding.loadProposalCancelled(result.externals[0]!.body.beginParse()).id).toBe(0n);
        refused(
            await send(protocol, protocol.governor, registryBodies.cancel({ id: 0 })),
            binding.ERR_PROPOSAL_UNKNOWN,
        );
    });

    it('goes stale 30 days after it could be executed, and then anyone cancels it', async () => {
        accepted(await propose(protocol, { timelock: 7_200 }));
        accepted(await propose(protocol, { timelock: 7_300 }));
        advance(blockchain, protocol.timelock + 30 * DAY);
        refused(await send(protocol, stranger, registryBodies.cancel({ id: 0 })), binding.ERR_ACCESS);
        accepted(await execute(protocol, 1, { timelock: 7_300 }));
        advance(blockchain, 1);
        refused(await execute(protocol, 0, { timelock: 7_200 }), binding.ERR_STALE);
        accepted(await send(protocol, stranger, registryBodies.cancel({ id: 0 })));
    });

    it('applies all of its parts or none', async () => {
        const guardian = await blockchain.treasury('new-guardian');
        const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
        const both: ProposalParts = { guardian: guardian.address, timelock: 7_200, release };
        accepted(await propose(protocol, both));
        accepted(await propose(protocol, { release }));
        advance(blockchain, protocol.timelock);
        accepted(await execute(protocol, 1, { release }));
        refused(await execute(protocol, 0, both), binding.ERR_VERSION);
        const network = await protocol.registry.getNetwork();
        expect(network).toMatchObject({ timelock: protocol.timelock, releaseVersion: 2 });
        expect(network.guardian).toEqualAddress(protocol.guardian.address);
    });

    it('changes guardian, timelock and release together', async () => {
        const guardian = await blockchain.treasury('new-guardian');
        const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
        await enact(blockchain, protocol, 0, { guardian: guardian.address, timelock: 7_200, release });
        const network = await protocol.registry.getNetwork();
        expect(network).toMatchObject({ timelock: 7_200, releaseVersion: 2, releaseHash: cellHash(release) });
        expect(network.guardian).toEqualAddress(guardian.address);
        expect(network.termsHash).toBe(protocol.termsHash);
        const owner = await blockchain.treasury('owner');
        const { node } = await registerNode(blockchain, protocol, { owner, releaseHash: cellHash(release) });
        expect((await node.getNode()).version).toBe(2);
    });

    it.each([3, 0xffff])('is refused with release version %i after version 1', async (version) => {
        const release = encodeRelease({ version, code: Node.code(), migrator: null });
        refused(await propose(protocol, { release }), binding.ERR_VERSION);
    });

    it('is refused with a timelock outside the bounds or a guardian outside the basechain', async () => {
        refused(await propose(protocol, { timelock: 59 }), binding.ERR_BOUNDS);
        refused(await propose(protocol, { timelock: 30 * DAY + 1 }), binding.ERR_BOUNDS);
        const guardian = new Address(-1, Buffer.alloc(32, 3));
        refused(await propose(protocol, { guardian }), binding.ERR_WORKCHAIN);
    });
});

describe('executed terms', () => {
    it('are given to new nodes; registrations under the old ones are refused', async () => {
        const { cell } = otherTerms(toNano('50'));
        await enact(blockchain, protocol, 0, { terms: cell });
        const owner = await blockchain.treasury('owner');
        const stale = registryBodies.registerNode({
            releaseHash: protocol.releaseHash,
            termsHash: protocol.termsHash,
            operatorKey: 1n,
            hot: { operator: owner.address, payout: owner.address, encryptionKey: 1n },
            endpoint: '',
            offers: [],
        });
        refused(await send(protocol, owner, stale, toNano('500')), binding.ERR_TERMS_HASH);
        const { node } = await registerNode(blockchain, protocol, { owner, termsHash: cellHash(cell) });
        const details = await node.getDetails();
        expect(details.minStake).toBe(toNano('50'));
        expect(details.terms.map(({ termsHash }) => termsHash)).toEqual([cellHash(cell)]);
    });

    it('stay known for the last sixteen', async () => {
        const hashes = [protocol.termsHash];
        for (let i = 0; i < 16; i += 1) {
            const { cell } = otherTerms(toNano('50') + BigInt(i));
            hashes.push(cellHash(cell));
            await enact(blockchain, protocol, i, { terms: cell });
        }
        const known = await Promise.all(hashes.map((hash) => protocol.registry.getIsExecuted(hash)));
        expect(known).toEqual([false, ...Array(16).fill(true)]);
        expect((await protocol.registry.getNetwork()).termsCount).toBe(17);
        await enact(blockchain, protocol, 16, { terms: protocol.termsCell });
        expect(await protocol.registry.getIsExecuted(protocol.termsHash)).toBe(true);
        expect(await protocol.registry.getIsExecuted(hashes[1]!)).toBe(false);
    });
});

describe('the model catalogue', () => {
    const model = (name: string) => ({ name, manifestUri: `https://models.example/${name}` });

    it('sets and removes models; when one was added is the time of its execution', async () => {
        await enact(blockchain, protocol, 0, {
            models: new Map([
                [1n, model('a')],
                [2n, model('b')],
            ]),
        });
        const addedAt = now(blockchain);
        advance(blockchain, 1_000);
        await enact(blockchain, protocol, 1, {
            models: new Map([
                [2n, model('b2')],
                [3n, model('c')],
            ]),
            removedModels: [1n, 77n],
        });
        expect([...(await protocol.registry.getModels())]).toEqual([
            [2n, { ...model('b2'), addedAt }],
            [3n, { ...model('c'), addedAt: now(blockchain) }],
        ]);
        expect(await protocol.registry.getModel(1n)).toBeNull();
        expect((await protocol.registry.getNetwork()).modelCount).toBe(2);
    });

    it('takes manifests of 4 cells and not of 5', async () => {
        const sized = (bytes: number) => new Map([[1n, { name: '', manifestUri: 'x'.repeat(bytes - 1) }]]);
        refused(await propose(protocol, { models: sized(4 * 127 + 1) }), binding.ERR_TOO_LARGE);
        accepted(await propose(protocol, { models: sized(4 * 127) }));
    });
});

describe('governance', () => {
    it('passes on in two steps', async () => {
        const transfer = registryBodies.transferGovernance({ newGovernor: stranger.address });
        refused(await send(protocol, stranger, transfer), binding.ERR_ACCESS);
        refused(await send(protocol, stranger, registryBodies.acceptGovernance()), binding.ERR_ACCESS);
        accepted(await send(protocol, protocol.governor, transfer));
        const pending = await protocol.registry.getNetwork();
        expect(pending.governor).toEqualAddress(protocol.governor.address);
        expect(pending.pendingGovernor).toEqualAddress(stranger.address);
        refused(
            await send(protocol, protocol.governor, registryBodies.acceptGovernance()),
            binding.ERR_ACCESS,
        );
        const result = await send(protocol, stranger, registryBodies.acceptGovernance());
        accepted(result);
        expect(
            binding.loadGovernanceTransferred(result.externals[0]!.body.beginParse()).governor,
        ).toEqualAddress(stranger.address);
        const network = await protocol.registry.getNetwork();
        expect(network.governor).toEqualAddress(stranger.address);
        expect(network.pendingGovernor).toBeNull();
        refused(await propose(protocol, { timelock: 7_200 }), binding.ERR_ACCESS);
        accepted(await propose(protocol, { timelock: 7_200 }, stranger));
    });
});
