import { type Address, beginCell, type Cell } from '@ton/core';
import {
    encodeItemKey,
    encodeJobSubject,
    encodeSessionEvidence,
    encodeSessionSubject,
} from 'cocoon-wrappers';
import type { ItemKey } from '../payload';
import type { Receipt, ReceiptPlace, RequestRef } from '../session';
import { accountAddress, concatBytes, toBuffer } from '../utils';

const RECEIPT_TAG = 0x0c0c5201;

// Cells of docs/spec/disputes.md, of what sessions and payloads keep.

/** What a dispute over a session answer is about. `accuser` is the client of the vault. */
export function sessionSubject(accuser: Address, request: RequestRef): Cell {
    const { slot, generation, sequence } = request;
    const node = accountAddress(request.node);
    return encodeSessionSubject({
        accuser,
        node,
        vault: accountAddress(request.vault),
        slot,
        generation,
        sequence,
    });
}

/** What a dispute over a claim of a job is about. */
export function jobSubject(accuser: Address, job: Address, claim: number): Cell {
    return encodeJobSubject({ accuser, job, claim });
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
        .storeUint(RECEIPT_TAG, 32)
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

/** A receipt at its place. */
export type Placed = { readonly place: ReceiptPlace; readonly receipt: Receipt };

/** A receipt with its signature, and a second one that conflicts with it. */
export function sessionEvidenceCell(
    vault: { readonly nonce: bigint; readonly openBefore: number },
    first: Placed,
    second?: Placed,
): Cell {
    return encodeSessionEvidence({
        vaultNonce: vault.nonce,
        vaultOpenBefore: vault.openBefore,
        ...signed(first),
        conflicting: second && signed(second),
    });
}

function signed({ place, receipt }: Placed) {
    return { receipt: receiptCell(place, receipt), signature: toBuffer(receipt.signature) };
}

/** The 44 bytes that open one item. */
export function itemKeyCell({ key, nonce }: ItemKey): Cell {
    return encodeItemKey(concatBytes(key, nonce));
}

/** Undefined where the cell does not have the form of an item key. */
export function readItemKey(cell: Cell): ItemKey | undefined {
    if (cell.isExotic || cell.bits.length !== 44 * 8 || cell.refs.length !== 0) return undefined;
    const slice = cell.beginParse();
    return { key: new Uint8Array(slice.loadBuffer(32)), nonce: new Uint8Array(slice.loadBuffer(12)) };
}
