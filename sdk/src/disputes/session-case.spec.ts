import { Address, beginCell } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { ask, CHUNK, keys, primitives, setup, tokens } from '../../tests/helpers/session/setup';
import { snakeToBytes } from '../payload';
import {
    type AnswerEvidence,
    hashReceipt,
    hashRequest,
    MAX_DISCLOSED_BYTES,
    ResponseHash,
    type SessionRequest,
    signReceipt,
} from '../session';
import { bytesToHex, equalBytes, toBuffer } from '../utils';
import { decodeAnswerEvidence, encodeAnswerEvidence } from './answer-evidence-json';
import { receiptCell } from './cells';
import { findConflict } from './conflict';
import { openDisclosedAnswer, splitDeltas } from './open-answer';
import { assertAcknowledged } from './preview';
import {
    buildConflictEvidence,
    buildSessionEvidence,
    disclosureCells,
    previewDisclosure,
} from './session-case';

const CLIENT = new Address(0, Buffer.alloc(32, 7));
const vault = { termsHash: 99n, client: CLIENT, nonce: 5n, openBefore: 1_800_000_000 };
const operatorKeys = [keys.operatorKey];
const EVIDENCE_WINDOW = 3 * 86_400;

/** The evidence of an answer of `count` tokens, over the whole session stack. */
async function answered(count: number, change: Partial<SessionRequest> = {}): Promise<AnswerEvidence> {
    const { newClient, newChannel } = setup({ script: tokens(count) });
    const answer = await newClient().request(newChannel(), ask({ keepEvidence: true, ...change }));
    const { result } = await answer.collect();
    expect(answer.evidence).toEqual(result.evidence);
    return result.evidence!;
}

it('an answer gives its evidence, whose hashes the receipt has', async () => {
    const evidence = await answered(40);
    const { salt, task, json, deltas, receipt } = evidence;
    expect(hashRequest(primitives, salt, task, json)).toEqual(receipt.requestHash);
    const hash = new ResponseHash(primitives, salt);
    for (const delta of deltas!) hash.add(delta);
    expect(hash.digest()).toEqual(receipt.responseHash);
    expect(receipt.chunk).toBe(Math.ceil(40 / CHUNK));
    // Forty tokens and the JSON of the last frame.
    expect(deltas).toHaveLength(41);
});

it('nothing is kept of an answer unless it is asked for', async () => {
    const { newClient, newChannel } = setup();
    const answer = await newClient().request(newChannel(), ask());
    const { result } = await answer.collect();
    expect('evidence' in result).toBe(false);
    expect(answer.evidence).toBeUndefined();
});

it('an answer that was left has the evidence of what its last receipt covers', async () => {
    const { newClient, newChannel } = setup({ script: tokens(40) });
    const answer = await newClient().request(newChannel(), ask({ keepEvidence: true }));
    let read = 0;
    for await (const _ of answer) if (++read === CHUNK + 3) break;
    expect(answer.evidence?.receipt.chunk).toBe(1);
    expect(answer.evidence?.deltas).toHaveLength(CHUNK);
    await answer.final.catch(() => undefined);
    const built = buildSessionEvidence({
        evidence: answer.evidence!,
        vault,
        evidenceWindow: EVIDENCE_WINDOW,
        operatorKeys,
    });
    expect(built.openBefore).toBe(answer.evidence!.receipt.issuedAt + EVIDENCE_WINDOW);
});

it('the cells are those that node and dispute check', async () => {
    const evidence = await answered(20);
    const { request, modelId, receipt } = evidence;
    const built = buildSessionEvidence({ evidence, vault, evidenceWindow: EVIDENCE_WINDOW, operatorKeys });
    const cell = receiptCell({ ...request, modelId }, receipt);
    expect(cell.hash()).toEqual(toBuffer(hashReceipt(primitives, { ...request, modelId }, receipt)));
    const fields = built.evidence.beginParse();
    expect([fields.loadUintBig(64), fields.loadUint(32)]).toEqual([5n, 1_800_000_000]);
    expect(fields.loadRef().equals(cell)).toBe(true);
    expect(fields.loadBuffer(64)).toEqual(toBuffer(receipt.signature));
    expect(fields.loadMaybeRef()).toBeNull();
    const subject = beginCell()
        .storeUint(0x0c0cd501, 32)
        .storeBuffer(CLIENT.hash)
        .storeBuffer(toBuffer(request.node))
        .storeBuffer(toBuffer(request.vault))
        .storeRef(beginCell().storeUint(5, 8).storeUint(9, 64).storeUint(request.sequence, 64).endCell())
        .endCell();
    expect(built.subject.equals(subject)).toBe(true);
    const { request: json, deltas } = disclosureCells(evidence);
    expect(snakeToBytes(json, MAX_DISCLOSED_BYTES)).toEqual(evidence.json);
    const framed = snakeToBytes(deltas, MAX_DISCLOSED_BYTES);
    expect(splitDeltas(framed)).toEqual(evidence.deltas);
    expect(openDisclosedAnswer({ modelId: 1n, task: 1, json: evidence.json, deltas: framed })).toMatchObject({
        kind: 'session',
        task: 'chat',
        body: { max_tokens: 200 },
        final: { finish: 'stop' },
        deltas: tokens(20).map((step) => ('delta' in step ? step.delta : undefined)),
    });
});

it.each([
    ['receipt_signature', (e: AnswerEvidence) => ({ ...e, receipt: { ...e.receipt, price: 1n } })],
    ['receipt_signature', (e: AnswerEvidence) => ({ ...e, request: { ...e.request, sequence: 77n } })],
    ['request_hash', (e: AnswerEvidence) => ({ ...e, json: e.json.slice(1) })],
    ['request_hash', (e: AnswerEvidence) => ({ ...e, salt: new Uint8Array(32) })],
    ['response_hash', (e: AnswerEvidence) => ({ ...e, deltas: e.deltas!.slice(1) })],
])('evidence that fails the check %s is refused before it costs a bond', async (check, spoil) => {
    const evidence = spoil(await answered(20));
    const error = await captureError(() =>
        buildSessionEvidence({ evidence, vault, evidenceWindow: 1, operatorKeys }),
    );
    expect([error.code, error.details.check]).toEqual(['evidence_insufficient', check]);
});

it('what is too long to be disclosed is not kept, and said to be', async () => {
    const script = Array.from({ length: 100 }, () => ({ delta: { t: 'x'.repeat(400) }, tokens: 1 }));
    const { newClient, newChannel } = setup({ script });
    const answer = await newClient().request(newChannel(), ask({ keepEvidence: true }));
    const { result } = await answer.collect();
    const evidence = result.evidence!;
    expect(evidence.deltas).toBeNull();
    expect((await captureError(() => previewDisclosure(evidence))).details.what).toBe('answer');
    const long = { ...evidence, json: new Uint8Array(MAX_DISCLOSED_BYTES + 1) };
    expect((await captureError(() => previewDisclosure(long))).code).toBe('evidence_too_long');
});

it('the preview has every byte that becomes public, and nothing goes without a yes', async () => {
    const evidence = await answered(20);
    const preview = previewDisclosure(evidence);
    expect(preview.parts.map(({ bytes }) => bytes)).toEqual([
        evidence.json.length,
        evidence.deltas!.reduce((sum, { length }) => sum + 4 + length, 0),
    ]);
    expect(preview.parts[0]!.text).toContain('Hi there, how are you?');
    expect(preview.parts[1]!.text).toContain('w19 ');
    const error = await captureError(() => assertAcknowledged({ acknowledgePublic: false }, preview));
    expect(error).toMatchObject({ code: 'disclosure_not_acknowledged', preview });
    expect(error.message).toContain(`${evidence.json.length} bytes`);
    expect(error.message).not.toContain('Hi there');
    assertAcknowledged({ acknowledgePublic: true }, preview);
});

it('evidence survives as text, and damaged text is named without being quoted', async () => {
    const evidence = await answered(20);
    expect(decodeAnswerEvidence(encodeAnswerEvidence(evidence))).toEqual(evidence);
    const open = { ...evidence, deltas: null };
    expect(decodeAnswerEvidence(encodeAnswerEvidence(open))).toEqual(open);
    const error = await captureError(() => decodeAnswerEvidence('{"version":1,"task":"secret text"}'));
    expect([error.details.check, error.message.includes('secret'), error.cause]).toEqual([
        'format',
        false,
        undefined,
    ]);
});

describe('conflicting receipts', () => {
    async function two(change: object) {
        const first = await answered(20);
        const { signature: _, ...body } = first.receipt;
        const place = { ...first.request, modelId: first.modelId };
        const other = signReceipt(primitives, keys.operatorSecretKey, place, { ...body, ...change });
        return { first, second: { ...first, receipt: other } };
    }

    it('are found among others, whichever comes first', async () => {
        const { first, second } = await two({ responseHash: new Uint8Array(32) });
        const other = await answered(5);
        const later = { ...first, request: { ...first.request, sequence: 1_000n } };
        expect(findConflict([first, other, later])).toBeUndefined();
        expect(findConflict([first, later, first])).toBeUndefined();
        expect(findConflict([later, second, first])).toEqual([second, first]);
    });

    it('are one case, in which the earlier receipt comes first', async () => {
        const { first, second } = await two({ issuedAt: 5 });
        const built = buildConflictEvidence({
            conflict: [first, second],
            vault,
            evidenceWindow: 10,
            operatorKeys,
        });
        expect([built.kind, built.openBefore, built.disclosure.bytes]).toEqual(['conflict', 15, 0]);
        const signed = built.evidence.refs[1]!.beginParse();
        const place = { ...first.request, modelId: first.modelId };
        expect(signed.loadRef().equals(receiptCell(place, first.receipt))).toBe(true);
        expect(equalBytes(signed.loadBuffer(64), first.receipt.signature)).toBe(true);
        expect(built.opening.parts).toHaveLength(2);
        expect(built.opening.parts[0]!.text).toContain(bytesToHex(first.request.vault));
    });

    it('must be signed both, and differ', async () => {
        const { first, second } = await two({ price: 1n });
        const build = (conflict: readonly [AnswerEvidence, AnswerEvidence]) =>
            captureError(() => buildConflictEvidence({ conflict, vault, evidenceWindow: 10, operatorKeys }));
        expect((await build([first, first])).details.check).toBe('conflict');
        const forged = { ...second, receipt: { ...second.receipt, price: 2n } };
        expect((await build([first, forged])).details.check).toBe('receipt_signature');
    });
});
