import { type Address, toNano } from '@ton/core';
import { captureError } from '../../../tests/helpers/capture';
import {
    answerOf,
    DISPUTE_PARAMS,
    giveOperatorKey,
    reveal,
    seatAll,
    startJurors,
} from '../../../tests/helpers/dispute';
import { startNetwork, startNode, type TestNetwork, type TestNode } from '../../../tests/helpers/network';
import { type AnswerEvidence, type Cocoon, memoryVoteStore, nextStep } from '../..';

const yes = { acknowledgePublic: true };

let network: TestNetwork;
let accused: TestNode;
let operatorSecretKey: Uint8Array;

beforeAll(async () => {
    network = await startNetwork(undefined, { disputeParams: DISPUTE_PARAMS });
    accused = await startNode(network, 2);
    operatorSecretKey = await giveOperatorKey(accused);
});
afterAll(() => network.devnet.close());

/** A client with a vault, and answers that the accused signed for it. */
async function accuser(wallet: number) {
    const client = await network.connect(wallet);
    const { address: node, payout } = await accused.info();
    const allocation = { slot: 0, node, payee: payout, voucherKey: Buffer.alloc(32, 9), amount: toNano(1) };
    const { address, allocations } = await client.vaults.open({
        deposit: toNano(2),
        allocations: [allocation],
    });
    const { slot, generation } = allocations[0]!;
    const place = {
        networkId: network.config.networkId,
        node: node.hash,
        vault: address.hash,
        slot,
        generation,
    };
    const answer = (sequence: bigint): AnswerEvidence =>
        answerOf({
            request: { ...place, sequence },
            operatorSecretKey,
            text: 'wrong',
            price: toNano('0.02'),
            issuedAt: network.devnet.now(),
        });
    return { client, answer };
}

const open = (client: Cocoon, evidence: AnswerEvidence) =>
    client.disputes.openForReceipt({ evidence, ...yes });

it('a node whose slots are full is accused again when one is free', async () => {
    const opened = await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
            const { client, answer } = await accuser(20 + i);
            const { dispute } = await open(client, answer(1n));
            await open(client, answer(2n));
            return { client, answer, dispute };
        }),
    );
    const { client: full, answer: more, dispute: first } = opened[0]!;
    const third = await captureError(() => open(full, more(3n)));
    expect(third).toMatchObject({ code: 'transaction_failed', exitName: 'ERR_ACCUSATIONS_FULL' });
    const { client, answer } = await accuser(28);
    const waiting = await open(client, answer(1n));
    expect(waiting.outcome).toBe('busy');
    const { dispute, case: built } = waiting;
    const info = (await client.disputes.get({ dispute }))!;
    expect(info).toMatchObject({ phase: 'busy', case: null });
    expect(nextStep(info, network.devnet.now())).toMatchObject({ who: 'anyone', action: 'retry' });
    expect((await client.disputes.retry({ dispute, case: built })).outcome).toBe('busy');
    const other = await captureError(() => client.disputes.retry({ dispute: first, case: built }));
    expect(other.code).toBe('dispute_state');

    await network.advance(DISPUTE_PARAMS.discloseWindow + 1);
    await client.disputes.resolve({ dispute: first });
    // From anyone.
    const retried = await accused.operator.disputes.retry({ dispute, case: built });
    expect(retried.outcome).toBe('confirmed');
    expect(await client.disputes.get({ dispute })).toMatchObject({ phase: 'disclosing' });

    // What nobody resolves is free after its hard end, and the bond is back.
    const { hardEnd } = (await client.disputes.get({ dispute }))!.case!;
    const node = accused.index;
    const alive = await captureError(() => client.disputes.releaseExpired({ node, dispute }));
    expect(alive).toMatchObject({ exitName: 'ERR_LOCK_ALIVE' });
    await network.advance(hardEnd + 1 - network.devnet.now());
    await client.disputes.releaseExpired({ node, dispute });
    const balance = network.devnet.balance(client.sender.address);
    await accused.operator.disputes.resolve({ dispute });
    expect(network.devnet.balance(client.sender.address) - balance).toBeGreaterThan(toNano(1));
    expect(await client.disputes.get({ dispute })).toMatchObject({ phase: 'resolved', outcome: 'none' });
}, 180_000);

describe('jurors', () => {
    let jurors: TestNode[];
    let dispute: Address;
    let client: Cocoon;

    beforeAll(async () => {
        jurors = await startJurors(network, 40);
        await network.advance(2 * DISPUTE_PARAMS.jurorAge);
        const opened = await accuser(29);
        client = opened.client;
        const evidence = opened.answer(1n);
        dispute = (await open(client, evidence)).dispute;
        await client.disputes.discloseSession({ dispute, evidence, ...yes });
    });

    it('are told when they are drawn, who cannot sit, and stand by their vote', async () => {
        const { operator, index: node } = jurors[0]!;
        const votes = memoryVoteStore();
        const poor = await captureError(() =>
            accused.operator.disputes.takeSeat({ node: accused.index, dispute, vote: 'node', votes }),
        );
        expect(poor).toMatchObject({ code: 'seat_not_due', details: { dueAt: undefined } });
        expect(await votes.list()).toEqual([]);

        // A commitment that a crash kept from being sent stands.
        const place = { dispute: dispute.toRawString(), round: 1, index: node };
        await votes.putIfAbsent({ ...place, vote: 'unavailable', salt: '11'.repeat(32) });
        await network.advance(600);
        const changed = await captureError(() =>
            operator.disputes.takeSeat({ node, dispute, vote: 'node', votes }),
        );
        expect(changed.code).toBe('vote_stands');
        await operator.disputes.takeSeat({ node, dispute, vote: 'unavailable', votes });
        const [seat] = await client.disputes.getSeats({ dispute });
        expect(seat).toMatchObject({ index: node, vote: undefined });
        expect((await operator.disputes.getJurorStake({ node })).bonds).toBe(DISPUTE_PARAMS.jurorBond);
        const twice = await captureError(() =>
            operator.disputes.takeSeat({ node, dispute, vote: 'unavailable', votes }),
        );
        expect(twice.code).toBe('transaction_failed');
    });

    it('who do not reveal lose their bond and a second round is held without them', async () => {
        const stores = jurors.map(() => memoryVoteStore());
        await seatAll(network, jurors.slice(1), dispute, (i) => ({ vote: 'client', votes: stores[i + 1]! }));
        await reveal(jurors.slice(1, 3), dispute, stores.slice(1, 3));
        await network.advance(DISPUTE_PARAMS.revealWindow + 1);
        await client.disputes.resolve({ dispute });
        const info = (await client.disputes.get({ dispute }))!;
        expect(info).toMatchObject({ phase: 'seating', round: 2 });
        expect([...info.banned].sort()).toEqual([0, 3, 4].map((at) => jurors[at]!.index));
        const stake = await jurors[3]!.operator.disputes.getJurorStake({ node: jurors[3]!.index });
        expect(stake).toMatchObject({ stake: toNano(50), bonds: 0n });
        // Nobody else takes the seats: it ends as if undisputed.
        await network.advance(DISPUTE_PARAMS.seatWindow + 1);
        await client.disputes.resolve({ dispute });
        expect(await client.disputes.get({ dispute })).toMatchObject({ phase: 'resolved', outcome: 'none' });
    });
});
