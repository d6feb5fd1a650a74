import { Address, type Cell } from '@ton/core';
import * as binding from '../build/Dispute/Dispute_Dispute';
import { loadFreezeLock } from '../build/Node/Node_Node';

/** What a dispute was opened with. */
export interface OpenDisputeMessage {
    terms: Cell;
    subject: Cell;
    evidence: Cell;
}

export interface ShownItemMessage {
    leaf: bigint;
    /** The 44 bytes that open one item. */
    itemKey: Cell;
}

export interface AnswerItemMessage extends ShownItemMessage {
    ciphertext: Cell | null;
}

/** What a Job told its dispute of itself. */
export interface JobFacts {
    modelId: bigint;
    inputTop: bigint;
    resultRoot: bigint;
    items: number;
}

/** A receipt in the evidence of a session, decoded. */
export interface ReceiptFields {
    networkId: number;
    node: bigint;
    vault: bigint;
    slot: number;
    generation: bigint;
    sequence: bigint;
    chunk: number;
    modelId: bigint;
    requestHash: bigint;
    responseHash: bigint;
    promptTokens: number;
    cachedTokens: number;
    completionTokens: number;
    /** nanoTON. */
    price: bigint;
    seed: bigint;
    /** Unix seconds. */
    issuedAt: number;
}

/** Reads an OpenDispute body; throws when it is none. */
export function decodeOpenDispute(body: Cell): OpenDisputeMessage {
    const { terms, subject, evidence } = binding.loadOpenDispute(body.beginParse());
    return { terms, subject, evidence };
}

/** Reads a DiscloseItem body; throws when it is none. */
export function decodeDiscloseItem(body: Cell): ShownItemMessage & { index: number } {
    const { index, leaf, itemKey } = binding.loadDiscloseItem(body.beginParse());
    return { index: Number(index), leaf, itemKey };
}

/** Reads an AnswerItem body; throws when it is none. */
export function decodeAnswerItem(body: Cell): AnswerItemMessage {
    const { leaf, itemKey, ciphertext } = binding.loadAnswerItem(body.beginParse());
    return { leaf, itemKey, ciphertext };
}

/** Reads a DiscloseRequest body; throws when it is none. */
export function decodeDiscloseRequest(body: Cell): { salt: bigint; task: number; body: Cell } {
    const { salt, task, body: json } = binding.loadDiscloseRequest(body.beginParse());
    return { salt, task: Number(task), body: json };
}

/** Reads a DiscloseResponse body; throws when it is none. */
export function decodeDiscloseResponse(body: Cell): { salt: bigint; deltas: Cell } {
    const { salt, deltas } = binding.loadDiscloseResponse(body.beginParse());
    return { salt, deltas };
}

export function decodeJobFacts(facts: Cell): JobFacts {
    const { modelId, inputTop, resultRoot, items } = binding.loadJobFacts(facts.beginParse());
    return { modelId, inputTop, resultRoot, items: Number(items) };
}

/** Job and claim of a job's subject; null for the subject of a session. */
export function decodeJobSubject(subject: Cell): { accuser: Address; job: Address; claim: number } | null {
    if (subject.beginParse().preloadUint(32) !== Number(binding.JOB_SUBJECT)) return null;
    const { accuser, job, claim } = binding.loadJobSubject(subject.beginParse());
    return { accuser: account(accuser), job: account(job), claim: Number(claim) };
}

/** The receipt that a session's evidence accuses of. */
export function decodeAccusedReceipt(evidence: Cell): ReceiptFields {
    const { receipt } = binding.loadSessionEvidence(evidence.beginParse());
    const head = binding.loadReceiptHead(receipt.beginParse());
    const content = binding.loadReceiptContent(head.content.beginParse());
    return {
        networkId: Number(head.networkId),
        node: head.node,
        vault: head.vault,
        slot: Number(head.slot),
        generation: head.generation,
        sequence: head.sequence,
        chunk: Number(head.chunk),
        modelId: head.modelId,
        requestHash: content.requestHash,
        responseHash: content.responseHash,
        promptTokens: Number(content.promptTokens),
        cachedTokens: Number(content.cachedTokens),
        completionTokens: Number(content.completionTokens),
        price: content.price,
        seed: content.seed,
        issuedAt: Number(content.issuedAt),
    };
}

/** The dispute that a FreezeLock to a Node names; throws when it is none. */
export function decodeFreezeLock(body: Cell): Address {
    return account(loadFreezeLock(body.beginParse()).dispute);
}

function account(id: bigint): Address {
    return new Address(0, Buffer.from(id.toString(16).padStart(64, '0'), 'hex'));
}
