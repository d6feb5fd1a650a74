import { type Address, toNano } from '@ton/core';
import { disputeAnswer } from '../../../examples/dispute';
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
import {
    type AnswerEvidence,
    type Cocoon,
    findConflict,
    memoryVoteStore,
    messageFees,
    nextStep,
    voteOf,
    type WatchedDisputeEvent,
} from '../..';

const PRICE = toNano('0.02');
const yes = { acknowledgePublic: true };

let network: TestNetwork;
let accused: TestNode;
let jurors: TestNode[];
let client: Cocoon;
let vault: Address;
let operatorSecretKey: Uint8Array;
let request: AnswerEvidence['request'];
let sequence = 1n;

beforeAll(async () => {
    network = await startNetwork(undefined, { disputeParams: DISPUTE_PARAMS });
    accused = await startNode(network, 2);
    operatorSecretKey = await giveOperatorKey(accused);
    client = await network.connect(3);
    const { address: node, payout } = await accused.info();
    const opened = await client.vaults.open({
        deposit: toNano(3),
        allocations: [{ slot: 4, node, payee: payout, voucherKey: Buffer.alloc(32, 9), amount: toNano(1) }],
    });
    vault = opened.address;
    const { slot, generation } = opened.allocations[0]!;
    request = {
        networkId: network.config.networkId,
        node: node.hash,
        vault: vault.hash,
        slot,
        generation,
        sequence,
    };
    jurors = await startJurors(network, 10);
    await network.advance(2 * DISPUTE_PARAMS.jurorAge);
});
afterAll(() => network.devnet.close());

/** An answer that the accused node signed. */
function answer(text: string): AnswerEvidence {
    request = { ...request, sequence: sequence++ };
    return answerOf({ request, operatorSecretKey, text, price: PRICE, issuedAt: network.devnet.now() });
}

const phase = async (dispute: Address) => (await client.disputes.get({ dispute }))?.phase;

it('a wrong answer: opened, disclosed, seated, revealed, resolved; the node is slashed and the client compensated', async () => {
    const evidence = answer('wrong');
    const unasked = await captureError(() =>
        client.disputes.openForReceipt({ evidence, acknowledgePublic: false }),
    );
    expect(unasked.code).toBe('disclosure_not_acknowledged');
    const opened = await client.disputes.openForReceipt({ evidence, ...yes });
    const { dispute } = opened;
    expect(opened.outcome).toBe('confirmed');
    const confirmed = (await client.disputes.get({ dispute }))!;
    const { reserve } = network.config.stakeParams;
    expect(confirmed.case).toMatchObject({ index: accused.index, amount: reserve / 16n });
    expect(nextStep(confirmed, network.devnet.now())).toMatchObject({ who: 'accuser', action: 'disclose' });
    expect(await phase(dispute)).toBe('disclosing');
    const nothing = await client.disputes.readDisclosure({ dispute });
    expect(nothing.disclosure).toEqual({ kind: 'fault', party: 'accuser', reason: 'nothing_disclosed' });

    await client.disputes.discloseSession({ dispute, evidence, ...yes });
    expect(await phase(dispute)).toBe('seating');
    const { disclosure, receipt } = await jurors[0]!.operator.disputes.readDisclosure({ dispute });
    expect(voteOf(disclosure)).toBeUndefined();
    expect(disclosure).toMatchObject({
        kind: 'session',
        body: { messages: [{ role: 'user', content: 'What is it?' }] },
        deltas: [{ t: 'wrong' }],
        final: { finish: 'stop' },
    });
    expect(receipt).toMatchObject({ price: PRICE, completionTokens: 1, sequence: evidence.request.sequence });

    const stores = jurors.map(() => memoryVoteStore());
    await seatAll(network, jurors, dispute, (i) => ({
        vote: i === 4 ? 'node' : 'client',
        votes: stores[i]!,
    }));
    expect(await phase(dispute)).toBe('revealing');
    const changed = await captureError(() =>
        jurors[0]!.operator.disputes.takeSeat({
            node: jurors[0]!.index,
            dispute,
            vote: 'node',
            votes: stores[0]!,
        }),
    );
    expect(changed.code).toBe('dispute_state');
    const early = await captureError(() => client.disputes.resolve({ dispute }));
    expect(early.code).toBe('dispute_state');
    const lost = await captureError(() =>
        jurors[0]!.operator.disputes.reveal({ node: jurors[0]!.index, dispute, votes: memoryVoteStore() }),
    );
    expect(lost.code).toBe('vote_missing');
    await reveal(jurors, dispute, stores);
    expect((await client.disputes.getSeats({ dispute })).map(({ vote }) => vote).sort()).toEqual([
        'client',
        'client',
        'client',
        'client',
        'node',
    ]);

    const before = {
        stake: (await accused.info()).stake,
        client: network.devnet.balance(client.sender.address),
    };
    await jurors[0]!.operator.disputes.resolve({ dispute });
    expect(await client.disputes.get({ dispute })).toMatchObject({ phase: 'resolved', outcome: 'client' });
    expect(before.stake - (await accused.info()).stake).toBe(reserve / 16n);
    // The bond, the price and the costs of the jury, as far as the slash goes.
    expect(network.devnet.balance(client.sender.address) - before.client).toBeGreaterThan(toNano('1.2'));
    expect((await jurors[4]!.operator.disputes.getJurorStake({ node: jurors[4]!.index })).stake).toBe(
        toNano(95),
    );

    const seen: WatchedDisputeEvent['type'][] = [];
    for await (const event of client.disputes.watch({ dispute })) seen.push(event.type);
    expect(seen).toEqual([
        'confirmed',
        'phase',
        'phase',
        ...Array.from({ length: 5 }, () => 'seatTaken'),
        ...Array.from({ length: 5 }, () => 'voteRevealed'),
        'resolved',
    ]);
    for await (const found of jurors[0]!.operator.disputes.watchAccusations({
        address: (await accused.info()).address,
    })) {
        expect(found.dispute.equals(dispute)).toBe(true);
        break;
    }
    const soon = await captureError(() => client.disputes.destroy({ dispute }));
    expect(soon.code).toBe('dispute_state');
    expect((await network.devnet.supply()).conserved).toBe(true);
});

it('two contents for one chunk: convicted at once, without a jury, and nothing is disclosed', async () => {
    const first = answer('one');
    const second = answerOf({ ...answerParts(first), text: 'two' });
    const conflict = findConflict([first, second])!;
    const before = network.devnet.balance(client.sender.address);
    const stake = (await accused.info()).stake;
    const opened = await client.disputes.openForConflict({ conflict, ...yes });
    expect(opened.outcome).toBe('convicted');
    expect(await client.disputes.get({ dispute: opened.dispute })).toMatchObject({ outcome: 'client' });
    expect(stake - (await accused.info()).stake).toBe(network.config.stakeParams.reserve / 16n);
    // Compensated by the price; what remains is fees, and kept for storage until it is destroyed.
    const kept = messageFees.disputeStorage(await client.getPrices());
    expect(before - network.devnet.balance(client.sender.address) - kept).toBeLessThan(toNano('0.1'));
    const again = await captureError(() => client.disputes.openForReceipt({ evidence: first, ...yes }));
    expect(again).toMatchObject({ code: 'transaction_failed', exitName: 'ERR_ALREADY_OPEN' });
});

function answerParts({ request, receipt }: AnswerEvidence) {
    return { request, operatorSecretKey, price: receipt.price, issuedAt: receipt.issuedAt };
}

it('an honest node keeps its stake and gains; the accuser loses the bond', async () => {
    const evidence = answer('right');
    const { dispute } = await client.disputes.getOpenForReceiptTxParams({ evidence, ...yes });
    const agreed: string[] = [];
    const verdict = disputeAnswer(client, evidence, async (text) => agreed.push(text) > 0);
    for await (const event of jurors[0]!.operator.disputes.watch({ dispute })) {
        if (event.type === 'phase' && event.phase === 'seating') break;
    }
    expect(agreed.join()).toContain('What is it?');
    const stores = jurors.map(() => memoryVoteStore());
    await seatAll(network, jurors, dispute, (i) => ({ vote: 'node', votes: stores[i]! }));
    await reveal(jurors, dispute, stores);
    const stake = (await accused.info()).stake;
    const before = network.devnet.balance(accused.operator.sender.address);
    await jurors[1]!.operator.disputes.resolve({ dispute });
    expect(await verdict).toBe('node');
    expect((await accused.info()).stake).toBe(stake);
    // Half the bond, less what its wallet pays to take it.
    const gained = network.devnet.balance(accused.operator.sender.address) - before;
    expect(gained).toBeGreaterThan(toNano('0.499'));
    expect(gained).toBeLessThanOrEqual(toNano('0.5'));
});

it('who discloses nothing loses, and the dispute is destroyed after openBefore', async () => {
    const evidence = answer('never shown');
    const { dispute, case: built } = await client.disputes.openForReceipt({ evidence, ...yes });
    await network.advance(DISPUTE_PARAMS.discloseWindow + 1);
    await accused.operator.disputes.resolve({ dispute });
    expect(await client.disputes.get({ dispute })).toMatchObject({ phase: 'resolved', outcome: 'node' });
    await network.advance(built.openBefore - network.devnet.now());
    await accused.operator.disputes.destroy({ dispute });
    expect(await client.disputes.get({ dispute })).toBeNull();
    const late = answerOf({ ...answerParts(evidence), text: 'late', issuedAt: evidence.receipt.issuedAt });
    const expired = await captureError(() => client.disputes.openForReceipt({ evidence: late, ...yes }));
    expect(expired.code).toBe('evidence_expired');
});

it('mistakes are named before they cost a bond', async () => {
    const evidence = answer('some');
    const stranger = jurors[0]!.operator;
    const foreign = await captureError(() => stranger.disputes.openForReceipt({ evidence, ...yes }));
    expect(foreign).toMatchObject({ code: 'invalid_argument', details: { field: 'from' } });
    const forged = { ...evidence, receipt: { ...evidence.receipt, price: 1n } };
    const unsigned = await captureError(() => client.disputes.openForReceipt({ evidence: forged, ...yes }));
    expect(unsigned).toMatchObject({
        code: 'evidence_insufficient',
        details: { check: 'receipt_signature' },
    });
    const none = await captureError(() => client.disputes.resolve({ dispute: vault }));
    expect(none.code).toBe('dispute_not_found');
    expect(await client.disputes.get({ dispute: client.sender.address })).toBeNull();
});
