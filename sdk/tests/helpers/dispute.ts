import { type Address, toNano } from '@ton/core';
import {
    type AnswerEvidence,
    type DisputeParams,
    drawOf,
    encodeBody,
    encodeDelta,
    encodeFinalInfo,
    hashRequest,
    hashToInteger,
    integerToHash,
    type RequestRef,
    ResponseHash,
    seatDueAt,
    signReceipt,
    type Vote,
    type VoteStore,
} from '../../src';
import { nativePrimitives } from '../../src/node';
import { MODEL, startNode, type TestNetwork, type TestNode } from './network';

const HOUR = 3_600;
const primitives = nativePrimitives();

/** A node with 100 TON of juror stake is drawn after some seconds. */
export const DISPUTE_PARAMS: DisputeParams = {
    jurors: 5,
    minorityBps: 1_000,
    receiptMultiple: 100,
    discloseWindow: HOUR,
    answerWindow: HOUR,
    seatWindow: 2 * HOUR,
    revealWindow: 2 * HOUR,
    jurorAge: 60,
    seatRate: 20_000_000n,
    jurorFee: toNano('0.05'),
    jurorBond: toNano('50'),
    accuserBond: toNano('1'),
    maxReceiptSlash: toNano('5'),
};

/** Gives a node a signing key that is known here. */
export async function giveOperatorKey({ operator, index, info }: TestNode): Promise<Uint8Array> {
    const secretKey = new Uint8Array(32).fill(200 + index);
    await operator.nodes.rotateKeys({
        node: index,
        operator: operator.sender.address,
        operatorKey: hashToInteger(primitives.publicKeyEd25519(secretKey)),
        encryptionKey: (await info()).encryptionKey,
    });
    return secretKey;
}

/** Five nodes with 100 TON of juror stake each. */
export async function startJurors(network: TestNetwork, firstWallet: number): Promise<TestNode[]> {
    const jurors: TestNode[] = [];
    for (let i = 0; i < DISPUTE_PARAMS.jurors; i++) {
        const juror = await startNode(network, firstWallet + i);
        await juror.operator.disputes.setJurorStake({ node: juror.index, amount: toNano(100) });
        jurors.push(juror);
    }
    return jurors;
}

/** What a client holds of an answer of one word. */
export function answerOf(parameters: {
    readonly request: RequestRef;
    readonly operatorSecretKey: Uint8Array;
    readonly text: string;
    /** nanoTON. */
    readonly price: bigint;
    readonly issuedAt: number;
}): AnswerEvidence {
    const { request, operatorSecretKey, text, price, issuedAt } = parameters;
    const modelId = integerToHash(MODEL);
    const salt = new Uint8Array(32).fill(17);
    const json = encodeBody({ messages: [{ role: 'user', content: 'What is it?' }] });
    const deltas = [
        encodeDelta({ t: text, i: [1], p: [-0.25] }),
        encodeFinalInfo({ finish: 'stop', seed: null, cached: 0 }),
    ];
    const hash = new ResponseHash(primitives, salt);
    for (const delta of deltas) hash.add(delta);
    const place = { ...request, modelId };
    const receipt = signReceipt(primitives, operatorSecretKey, place, {
        chunk: 1,
        requestHash: hashRequest(primitives, salt, 'chat', json),
        responseHash: hash.digest(),
        usage: { prompt: 9, cached: 0, completion: 1 },
        price,
        seed: 0n,
        issuedAt,
    });
    return { request, modelId, task: 'chat', salt, json, deltas, receipt };
}

/** All jurors take their seats in the order in which the sortition admits them. */
export async function seatAll(
    network: TestNetwork,
    jurors: readonly TestNode[],
    dispute: Address,
    say: (juror: number) => { readonly vote: Vote; readonly votes: VoteStore },
): Promise<void> {
    const info = (await jurors[0]!.operator.disputes.get({ dispute }))!;
    const draw = drawOf(info);
    const due: { at: number; from: number }[] = [];
    for (const [at, { operator, index }] of jurors.entries()) {
        const { stake } = await operator.disputes.getJurorStake({ node: index });
        due.push({ at, from: seatDueAt(draw, stake, index)! });
    }
    due.sort((a, b) => a.from - b.from);
    for (const { at, from } of due) {
        const { operator, index } = jurors[at]!;
        // The endpoint tells the time of the last block.
        const wait = from - (await operator.getTime());
        if (wait > 0) await network.advance(wait);
        await operator.disputes.takeSeat({ node: index, dispute, ...say(at) });
    }
}

export async function reveal(
    jurors: readonly TestNode[],
    dispute: Address,
    stores: readonly VoteStore[],
): Promise<void> {
    for (const [at, { operator, index }] of jurors.entries()) {
        await operator.disputes.reveal({ node: index, dispute, votes: stores[at]! });
    }
}
