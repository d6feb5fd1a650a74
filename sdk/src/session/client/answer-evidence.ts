import type { RequestRef } from '../wire/allocation-ref';
import type { Receipt } from '../wire/receipt';
import type { SessionTask } from '../wire/request-content';

/** Most bytes of a request's JSON, and of an answer's deltas with their lengths, that a dispute can disclose: 250 cells. */
export const MAX_DISCLOSED_BYTES = 31_750;

/**
 * All that a client must hold of one answer to dispute it: the node's last receipt and what opens its hashes. In plain text:
 * keep it as safe as the conversation itself.
 */
export type AnswerEvidence = {
    readonly request: RequestRef;
    /** 32 bytes. */
    readonly modelId: Uint8Array;
    readonly task: SessionTask;
    /** 32 bytes. */
    readonly salt: Uint8Array;
    /** The request as it was sent. */
    readonly json: Uint8Array;
    /**
     * Payloads of the deltas up to the receipt, the JSON of the last frame included. Null where they are too long to be
     * disclosed: such an answer cannot go before a jury, but conflicting receipts of it can.
     */
    readonly deltas: readonly Uint8Array[] | null;
    readonly receipt: Receipt;
};

/** Keeps the evidence of answers in plain text; called before the end of an answer reaches the caller. */
export interface AnswerEvidenceStore {
    put(evidence: AnswerEvidence): void | Promise<void>;
}

/** Bytes that the deltas have in a disclosure: each with its length u32 before it. */
export function disclosedBytes(deltas: readonly Uint8Array[]): number {
    return deltas.reduce((sum, { length }) => sum + 4 + length, 0);
}

/** Gathers what an answer's evidence is made of, as it streams. Holds at most what can be disclosed. */
export class AnswerRecorder {
    private deltas: Uint8Array[] = [];
    private bytes = 0;
    /** Deltas that the last receipt covers. */
    private covered = 0;
    private receipt: Receipt | undefined;

    constructor(private readonly about: Omit<AnswerEvidence, 'deltas' | 'receipt'>) {}

    /** Payload of a delta, or the JSON of the last frame. */
    add(payload: Uint8Array): void {
        this.bytes += 4 + payload.length;
        if (this.bytes > MAX_DISCLOSED_BYTES) return;
        // A copy: frames share the buffer that they were read into.
        this.deltas.push(payload.slice());
    }

    /** A receipt over all that was added. */
    take(receipt: Receipt): void {
        this.receipt = receipt;
        this.covered = this.bytes > MAX_DISCLOSED_BYTES ? -1 : this.deltas.length;
    }

    /** Undefined before the first receipt. */
    get evidence(): AnswerEvidence | undefined {
        const { receipt, covered } = this;
        if (receipt === undefined) return undefined;
        return { ...this.about, receipt, deltas: covered < 0 ? null : this.deltas.slice(0, covered) };
    }
}
