import { toNano } from '@ton/core';
import { PRICES_2024, scalePrices } from 'cocoon-devnet';
import { type Cocoon, encodeRelease, encodeTerms, type NewOffer, type WriteResult } from '../src';
import { captureError } from './helpers/capture';
import { MODEL, startNetwork, startNode, type TestNetwork, type TestNode } from './helpers/network';

const DAY = 86_400;
const DUST = toNano('0.02');

let network: TestNetwork;
let cheap: TestNode;
let dear: TestNode;
let stranger: Cocoon;

beforeAll(async () => {
    network = await startNetwork(scalePrices(PRICES_2024, 2n));
    dear = await startNode(network, 2, 90_000_000n);
    cheap = await startNode(network, 3, 30_000_000n);
    stranger = await network.connect(4);
});
afterAll(() => network.devnet.close());

/** What a write cost its sender beside the fees of the chain: all of the excess must have returned. */
async function expectNet(of: Cocoon, expected: bigint, write: () => Promise<WriteResult>): Promise<void> {
    const before = network.devnet.balance(of.sender.address);
    const { fees } = await write();
    const net = before - network.devnet.balance(of.sender.address) - fees;
    const difference = net > expected ? net - expected : expected - net;
    expect({ net, expected, near: difference < DUST }).toEqual({ net, expected, near: true });
}

describe('reading', () => {
    it('lists and finds nodes by model, price, stake and slots, the cheapest first', async () => {
        const { nodes } = stranger;
        expect((await nodes.listNodes()).map(({ index }) => index)).toEqual([dear.index, cheap.index]);
        expect((await nodes.listNodes({ from: 1 })).map(({ index }) => index)).toEqual([cheap.index]);
        const found = async (filter: object) =>
            (await nodes.findNodes({ modelId: MODEL, ...filter })).map(({ node }) => node.index);
        expect(await found({})).toEqual([cheap.index, dear.index]);
        expect(await found({ maxCompletionPrice: 50_000_000n })).toEqual([cheap.index]);
        expect(await found({ maxPromptPrice: 1n })).toEqual([]);
        expect(await found({ minStake: toNano(1_000) })).toEqual([]);
        expect(await found({ minFreeStake: toNano(189) })).toHaveLength(2);
        expect(await found({ minFreeSlots: 5 })).toEqual([]);
        expect(await found({ minContextLength: 9_000 })).toEqual([]);
        expect(await found({ termsHash: 1n })).toEqual([]);
        expect(await found({ modelId: 1n })).toEqual([]);
    });

    it('tells a node from what is none', async () => {
        for (const node of [99, network.governor.registry, stranger.sender.address]) {
            expect((await captureError(() => stranger.nodes.getNode({ node }))).code).toBe('node_not_found');
        }
    });
});

describe('the owner', () => {
    it('adds stake, unbonds and withdraws, to the nanoTON', async () => {
        const { operator, index } = cheap;
        const before = (await cheap.info()).stake;
        await expectNet(stranger, toNano(5), () =>
            stranger.nodes.addStake({ node: index, amount: toNano(5) }),
        );
        expect((await cheap.info()).stake).toBe(before + toNano(5));
        await expectNet(operator, 0n, () => operator.nodes.unbond({ node: index, amount: toNano(50) }));
        expect(await cheap.info()).toMatchObject({ unbonding: toNano(50), stake: before - toNano(45) });
        const early = await captureError(() => operator.nodes.withdrawUnbonded({ node: index }));
        expect(early).toMatchObject({ exitName: 'ERR_NOTHING_DUE' });
        await network.advance(11 * DAY);
        await expectNet(operator, -toNano(50), () => operator.nodes.withdrawUnbonded({ node: index }));
        const poor = await captureError(() => operator.nodes.unbond({ node: index, amount: toNano(500) }));
        expect(poor).toMatchObject({
            code: 'transaction_failed',
            exitName: 'ERR_FREE_STAKE',
            phase: 'compute',
        });
    });

    it('changes profile and keys', async () => {
        const { operator, index } = cheap;
        const [offer] = (await cheap.info()).profile.offers.values();
        const offers: [number, NewOffer | null][] = [
            [7, { ...offer!, slots: 9 }],
            [0, null],
        ];
        await expectNet(operator, 0n, () =>
            operator.nodes.updateProfile({ node: index, endpoint: 'https://new.example', offers }),
        );
        const { profile } = await cheap.info();
        expect([profile.endpoint, [...profile.offers.keys()]]).toEqual(['https://new.example', [7]]);
        const denied = await captureError(() => stranger.nodes.updateProfile({ node: index, endpoint: 'x' }));
        expect(denied).toMatchObject({ exitName: 'ERR_ACCESS', exitCode: 256 });
        const keys = { operator: stranger.sender.address, operatorKey: 5n, encryptionKey: 6n };
        await expectNet(operator, 0n, () => operator.nodes.rotateKeys({ node: index, ...keys }));
        expect(await cheap.info()).toMatchObject({
            encryptionKey: 6n,
            keys: [{ operatorKey: 5n }, { operatorKey: 3n }],
        });
    });

    it('hands a node over in two steps', async () => {
        const { operator, index } = cheap;
        const newOwner = stranger.sender.address;
        expect(await captureError(() => stranger.nodes.acceptOwnership({ node: index }))).toMatchObject({
            exitName: 'ERR_NOT_REQUESTED',
        });
        await expectNet(operator, 0n, () => operator.nodes.transferOwnership({ node: index, newOwner }));
        await expectNet(stranger, 0n, () => stranger.nodes.acceptOwnership({ node: index }));
        expect((await cheap.info()).owner.equals(newOwner)).toBe(true);
    });

    it('adopts new terms, drops old ones and upgrades', async () => {
        const { governor } = network;
        const { operator, index } = dear;
        const { terms, hash: oldHash } = await governor.network.getTerms();
        const { release } = await governor.network.getRelease();
        const cell = encodeTerms({ ...terms, marketShards: 1 });
        const { id, proposal, executableAt } = await governor.network.propose({
            proposal: { terms: cell, release: encodeRelease({ ...release, version: 2 }) },
        });
        expect(await governor.network.getProposal({ id })).toMatchObject({ executableAt });
        expect(await captureError(() => stranger.network.executeProposal({ id, proposal }))).toMatchObject({
            exitName: 'ERR_TIMELOCK',
        });
        await network.advance(61);
        await expectNet(stranger, 0n, () => stranger.network.executeProposal({ id, proposal }));
        expect(await governor.network.getProposal({ id })).toBeNull();
        expect((await governor.network.getTerms()).terms.marketShards).toBe(1);

        await expectNet(operator, 0n, () => operator.nodes.adoptTerms({ node: index, terms: cell }));
        expect((await dear.info()).terms).toHaveLength(2);
        await expectNet(operator, 0n, () => operator.nodes.dropTerms({ node: index, termsHash: oldHash }));
        const { hash: releaseHash } = await governor.network.getRelease();
        await expectNet(operator, 0n, () => operator.nodes.requestUpgrade({ node: index, releaseHash }));
        expect(await dear.info()).toMatchObject({ version: 2 });
    });

    it('cannot free a lock that does not exist', async () => {
        const lock = { node: dear.index, holder: stranger.sender.address };
        expect(await captureError(() => stranger.nodes.releaseExpiredLock(lock))).toMatchObject({
            exitName: 'ERR_LOCK_UNKNOWN',
        });
    });
});

describe('registration', () => {
    it('refuses too little stake before anything is sent', async () => {
        const few = await captureError(() =>
            stranger.nodes.registerNode({
                stake: toNano(9),
                operator: stranger.sender.address,
                operatorKey: 1n,
                encryptionKey: 1n,
                offers: [],
            }),
        );
        expect(few).toMatchObject({ code: 'invalid_argument', details: { minStake: toNano(10) } });
    });
});

describe('governance', () => {
    it('is handed over in two steps, and proposals can be cancelled', async () => {
        const { governor } = network;
        const { id } = await governor.network.propose({ proposal: { timelock: 120 } });
        await expectNet(governor, 0n, () => governor.network.cancelProposal({ id }));
        expect(await governor.network.getProposal({ id })).toBeNull();
        const newGovernor = stranger.sender.address;
        await expectNet(governor, 0n, () => governor.network.transferGovernance({ newGovernor }));
        await expectNet(stranger, 0n, () => stranger.network.acceptGovernance());
        expect((await stranger.network.getNetwork()).governor.equals(newGovernor)).toBe(true);
        const { details, remedy } = await captureError(() =>
            governor.network.propose({ proposal: { timelock: 90 } }),
        );
        expect([details.exitName, remedy]).toEqual(['ERR_ACCESS', expect.stringContaining('governor')]);
    });
});
