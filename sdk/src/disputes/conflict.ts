import type { Receipt, RequestRef } from '../session';
import { bytesToHex, equalBytes } from '../utils';

/** A receipt with the place that its signature is over; every AnswerEvidence is one. */
export type PlacedReceipt = {
    readonly request: RequestRef;
    /** 32 bytes. */
    readonly modelId: Uint8Array;
    readonly receipt: Receipt;
};

/** Two receipts of one request and chunk with different contents. */
export type Conflict = readonly [PlacedReceipt, PlacedReceipt];

/** The first two receipts that conflict; undefined where none do. Signatures are not checked. */
export function findConflict(receipts: readonly PlacedReceipt[]): Conflict | undefined {
    const first = new Map<string, PlacedReceipt>();
    for (const placed of receipts) {
        const key = chunkKey(placed);
        const known = first.get(key);
        if (known === undefined) first.set(key, placed);
        else if (!sameContent(known.receipt, placed.receipt)) return [known, placed];
    }
    return undefined;
}

function chunkKey({ request, receipt }: PlacedReceipt): string {
    const { networkId, node, vault, slot, generation, sequence } = request;
    return [networkId, bytesToHex(node), bytesToHex(vault), slot, generation, sequence, receipt.chunk].join();
}

function sameContent(a: Receipt, b: Receipt): boolean {
    return (
        equalBytes(a.requestHash, b.requestHash) &&
        equalBytes(a.responseHash, b.responseHash) &&
        a.usage.prompt === b.usage.prompt &&
        a.usage.cached === b.usage.cached &&
        a.usage.completion === b.usage.completion &&
        a.price === b.price &&
        a.seed === b.seed &&
        a.issuedAt === b.issuedAt
    );
}
