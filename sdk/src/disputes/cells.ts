import { type Address, beginCell, type Cell } from '@ton/core';
import type { Receipt, ReceiptPlace, RequestRef } from '../session';
import { toBuffer } from '../utils';
import { EvidenceInsufficientError } from './errors';

// Cells of docs/spec/disputes.md that are made of what sessions and payloads keep.

const SESSION_SUBJECT = 0x0c0cd501;
const JOB_SUBJECT = 0x0c0cd502;
const RECEIPT = 0x0c0c5201;
const HASHES_IN_A_CELL = 3;

/** What a dispute over a session answer is about. `accuser` is the client of the vault. */
export function sessionSubject(accuser: Address, request: RequestRef): Cell {
    return beginCell()
        .storeUint(SESSION_SUBJECT, 32)
        .storeBuffer(accuser.hash, 32)
        .storeBuffer(toBuffer(request.node), 32)
        .storeBuffer(toBuffer(request.vault), 32)
        .storeRef(
            beginCell()
                .storeUint(request.slot, 8)
                .storeUint(request.generation, 64)
                .storeUint(request.sequence, 64)
                .endCell(),
        )
        .endCell();
}

/** What a dispute over a claim of a job is about. */
export function jobSubject(accuser: Address, job: Address, claim: number): Cell {
    return beginCell()
        .storeUint(JOB_SUBJECT, 32)
        .storeBuffer(accuser.hash, 32)
        .storeBuffer(job.hash, 32)
        .storeUint(claim, 8)
        .endCell();
}

/** The cell whose hash the operator key signs. */
export function receiptCell(place: ReceiptPlace, receipt: Receipt): Cell {
    const content = beginCell()
        .storeBuffer(toBuffer(receipt.requestHash), 32)
        .storeBuffer(toBuffer(receipt.responseHash), 32)
        .storeUint(receipt.usage.prompt, 32)
        .storeUint(receipt.usage.cached, 32)
        .storeUint(receipt.usage.completion, 32)
        .storeUint(receipt.price, 64)
        .storeUint(receipt.seed, 64)
        .storeUint(receipt.issuedAt, 32)
        .endCell();
    return beginCell()
        .storeUint(RECEIPT, 32)
        .storeInt(place.networkId, 32)
        .storeBuffer(toBuffer(place.node), 32)
        .storeBuffer(toBuffer(place.vault), 32)
        .storeUint(place.slot, 8)
        .storeUint(place.generation, 64)
        .storeUint(place.sequence, 64)
        .storeUint(receipt.chunk, 32)
        .storeBuffer(toBuffer(place.modelId), 32)
        .storeRef(content)
        .endCell();
}

/** A receipt with its signature, and a second one that conflicts with it. */
export function sessionEvidenceCell(
    vault: { readonly nonce: bigint; readonly openBefore: number },
    place: ReceiptPlace,
    receipt: Receipt,
    conflicting?: { readonly place: ReceiptPlace; readonly receipt: Receipt },
): Cell {
    return beginCell()
        .storeUint(vault.nonce, 64)
        .storeUint(vault.openBefore, 32)
        .storeRef(receiptCell(place, receipt))
        .storeBuffer(toBuffer(receipt.signature), 64)
        .storeMaybeRef(conflicting && signedReceipt(conflicting.place, conflicting.receipt))
        .endCell();
}

/** JobEvidence. */
export function jobEvidenceCell(resultRoot: bigint): Cell {
    return beginCell().storeUint(resultRoot, 256).endCell();
}

/** Sibling hashes from the leaf upwards, three to a cell, each cell with the next as its reference; null for none. */
export function pathCell(siblings: readonly Uint8Array[]): Cell | null {
    let next: Cell | null = null;
    const last = Math.ceil(siblings.length / HASHES_IN_A_CELL) - 1;
    for (let at = last; at >= 0; at--) {
        const cell = beginCell();
        for (const hash of siblings.slice(at * HASHES_IN_A_CELL, (at + 1) * HASHES_IN_A_CELL)) {
            cell.storeBuffer(toBuffer(hash), 32);
        }
        if (next !== null) cell.storeRef(next);
        next = cell.endCell();
    }
    return next;
}

/** The 44 bytes that open one item: key ‖ nonce. Throws EvidenceInsufficientError where a cell has other bytes. */
export function itemKeyCell({ key, nonce }: { key: Uint8Array; nonce: Uint8Array }): Cell {
    if (key.length !== 32 || nonce.length !== 12) throw new EvidenceInsufficientError('item_key');
    return beginCell().storeBuffer(toBuffer(key)).storeBuffer(toBuffer(nonce)).endCell();
}

/** Undefined where the cell does not have the form of an item key. */
export function readItemKey(cell: Cell): { key: Uint8Array; nonce: Uint8Array } | undefined {
    if (cell.isExotic || cell.bits.length !== 44 * 8 || cell.refs.length !== 0) return undefined;
    const slice = cell.beginParse();
    return { key: new Uint8Array(slice.loadBuffer(32)), nonce: new Uint8Array(slice.loadBuffer(12)) };
}

function signedReceipt(place: ReceiptPlace, receipt: Receipt): Cell {
    return beginCell()
        .storeRef(receiptCell(place, receipt))
        .storeBuffer(toBuffer(receipt.signature), 64)
        .endCell();
}
