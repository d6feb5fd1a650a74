import type { Address, Cell } from '@ton/core';
import { bytesToSnake } from '../payload';
import {
    type AnswerEvidence,
    disclosedBytes,
    hashRequest,
    MAX_DISCLOSED_BYTES,
    noblePrimitives,
    type ReceiptPlace,
    ResponseHash,
    verifyReceipt,
} from '../session';
import { bytesToHex, concatBytes, equalBytes, uintBytes } from '../utils';
import type { DisputeCase } from './case';
import { type Placed, sessionEvidenceCell, sessionSubject } from './cells';
import { type Conflict, findConflict, type PlacedReceipt } from './conflict';
import { EvidenceInsufficientError, EvidenceTooLongError } from './errors';
import { type DisclosurePreview, previewOf, textPart } from './preview';

/** What the vault of a session was deployed with, see getVault. */
export type CaseVault = {
    readonly termsHash: bigint;
    readonly client: Address;
    readonly nonce: bigint;
    readonly openBefore: number;
};

export type BuildSessionEvidenceParameters = {
    readonly evidence: AnswerEvidence;
    readonly vault: CaseVault;
    /** Of the vault's terms, seconds. */
    readonly evidenceWindow: number;
    /** Ed25519 keys of the node that were valid at issuedAt; one of them must have signed. */
    readonly operatorKeys: readonly Uint8Array[];
};
export type SessionCase = DisputeCase & { readonly kind: 'session'; readonly answer: AnswerEvidence };

/**
 * The accusation of a session answer. Pure. Throws EvidenceInsufficientError where the node's contract or the dispute would
 * refuse it, EvidenceTooLongError where the exchange cannot be disclosed.
 */
export function buildSessionEvidence(parameters: BuildSessionEvidenceParameters): SessionCase {
    const { evidence, vault, evidenceWindow, operatorKeys } = parameters;
    checkReceipt(evidence, operatorKeys);
    checkHashes(evidence);
    return {
        kind: 'session',
        answer: evidence,
        ...caseOf(evidence, vault, evidenceWindow),
        disclosure: previewDisclosure(evidence),
    };
}

export type BuildConflictEvidenceParameters = Omit<BuildSessionEvidenceParameters, 'evidence'> & {
    readonly conflict: Conflict;
};
export type ConflictCase = DisputeCase & { readonly kind: 'conflict' };

/** The accusation of a node that signed two contents for one chunk. Pure. Throws EvidenceInsufficientError. */
export function buildConflictEvidence(parameters: BuildConflictEvidenceParameters): ConflictCase {
    const { conflict, vault, evidenceWindow, operatorKeys } = parameters;
    for (const receipt of conflict) checkReceipt(receipt, operatorKeys);
    if (findConflict(conflict) === undefined) throw new EvidenceInsufficientError('conflict');
    // The earlier one gives the dispute its address.
    const [first, second] = [...conflict].sort((a, b) => a.receipt.issuedAt - b.receipt.issuedAt);
    return {
        kind: 'conflict',
        ...caseOf(first!, vault, evidenceWindow, second),
        disclosure: previewOf([]),
    };
}

/** What disclosing a session answer makes public: its whole request and answer. Throws EvidenceTooLongError. */
export function previewDisclosure({ json, deltas }: AnswerEvidence): DisclosurePreview {
    if (json.length > MAX_DISCLOSED_BYTES) throw new EvidenceTooLongError('request', MAX_DISCLOSED_BYTES);
    if (deltas === null || disclosedBytes(deltas) > MAX_DISCLOSED_BYTES) {
        throw new EvidenceTooLongError('answer', MAX_DISCLOSED_BYTES);
    }
    const answer = textPart('the whole answer with its tokens and log-probabilities', joined(deltas));
    return previewOf([
        textPart('the whole request with all its messages', json),
        { ...answer, bytes: disclosedBytes(deltas) },
    ]);
}

/** Snakes of a disclosure. Throws EvidenceTooLongError. */
export function disclosureCells(evidence: AnswerEvidence): { request: Cell; deltas: Cell } {
    previewDisclosure(evidence);
    const framed = evidence.deltas!.flatMap((delta) => [uintBytes(delta.length, 4), delta]);
    return { request: bytesToSnake(evidence.json), deltas: bytesToSnake(concatBytes(...framed)) };
}

function caseOf(first: PlacedReceipt, vault: CaseVault, evidenceWindow: number, second?: PlacedReceipt) {
    const { receipt } = first;
    const conflicting = second && placed(second);
    const published = second === undefined ? [first] : [first, second];
    return {
        termsHash: vault.termsHash,
        accuser: vault.client,
        subject: sessionSubject(vault.client, first.request),
        evidence: sessionEvidenceCell(vault, placed(first), conflicting),
        openBefore: receipt.issuedAt + evidenceWindow,
        opening: previewOf(published.map(receiptPart)),
    };
}

function receiptPart({ request, modelId, receipt }: PlacedReceipt) {
    const text = JSON.stringify({
        node: bytesToHex(request.node),
        vault: bytesToHex(request.vault),
        model: bytesToHex(modelId),
        tokens: receipt.usage,
        price: receipt.price.toString(),
        issuedAt: receipt.issuedAt,
    });
    const label = 'the node’s receipt: who asked which node for which model, when, tokens and price';
    return { label, bytes: 221 + 64, text };
}

function checkReceipt(of: PlacedReceipt, operatorKeys: readonly Uint8Array[]): void {
    const { receipt } = of;
    const place = placeOf(of);
    if (!operatorKeys.some((key) => verifyReceipt(noblePrimitives, key, place, receipt))) {
        throw new EvidenceInsufficientError('receipt_signature');
    }
}

function checkHashes({ salt, task, json, deltas, receipt }: AnswerEvidence): void {
    const primitives = noblePrimitives;
    if (!equalBytes(hashRequest(primitives, salt, task, json), receipt.requestHash)) {
        throw new EvidenceInsufficientError('request_hash');
    }
    if (deltas === null) throw new EvidenceTooLongError('answer', MAX_DISCLOSED_BYTES);
    const hash = new ResponseHash(primitives, salt);
    for (const delta of deltas) hash.add(delta);
    if (!equalBytes(hash.digest(), receipt.responseHash))
        throw new EvidenceInsufficientError('response_hash');
}

function placed(of: PlacedReceipt): Placed {
    return { place: placeOf(of), receipt: of.receipt };
}

function placeOf({ request, modelId }: PlacedReceipt): ReceiptPlace {
    return { ...request, modelId };
}

function joined(deltas: readonly Uint8Array[]): Uint8Array {
    return concatBytes(...deltas.flatMap((delta) => [delta, Uint8Array.of(10)]));
}
