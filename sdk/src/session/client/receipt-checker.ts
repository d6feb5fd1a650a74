import { equalBytes } from '../../utils';
import type { SessionPrimitives } from '../crypto/primitives';
import { type SessionViolation, SessionViolationError } from '../errors';
import { countableBytes, type FinalInfo, type SessionDelta } from '../wire/delta';
import { MAX_CLOCK_SKEW_SECONDS, UNCOUNTED_TOKENS } from '../wire/limits';
import { priceOf, type SessionPrices } from '../wire/price';
import { type Receipt, type ReceiptPlace, verifyReceipt } from '../wire/receipt';
import { ResponseHash } from '../wire/running-hash';

export type ReceiptExpectation = {
    readonly operatorKey: Uint8Array;
    readonly place: ReceiptPlace;
    readonly requestHash: Uint8Array;
    readonly salt: Uint8Array;
    readonly prices: SessionPrices;
    readonly promptBound: number;
    /** Limit of completion tokens, undefined where the request names none. */
    readonly limit: number | undefined;
    /** When the request was sent first, Unix seconds. */
    readonly sentAt: number;
};

/** Checks an answer and its receipts as docs/spec/session.md demands; the first that fails ends the session. */
export class ReceiptChecker {
    /** The last receipt that was right. */
    last: Receipt | undefined;
    private readonly hash: ResponseHash;
    private ids = 0;
    private textBytes = 0;

    constructor(
        private readonly primitives: SessionPrimitives,
        private readonly expected: ReceiptExpectation,
    ) {
        this.hash = new ResponseHash(primitives, expected.salt);
    }

    /** Takes in a delta in its order. */
    addDelta(payload: Uint8Array, delta: SessionDelta): void {
        this.hash.add(payload);
        if (delta.i !== undefined) this.ids += delta.i.length;
        // With ids text is not counted.
        if (this.ids === 0) this.textBytes += countableBytes(delta);
    }

    /** Checks the last receipt, whose response hash takes in the JSON of its frame. Throws SessionViolationError. */
    checkFinal(receipt: Receipt, json: Uint8Array, info: FinalInfo, now: number): void {
        this.hash.add(json);
        this.check(receipt, now);
        this.demand(receipt.usage.cached === info.cached, 'cached_tokens');
        this.demand(receipt.seed === BigInt(info.seed ?? 0), 'seed');
    }

    /** `now` in Unix seconds. Throws SessionViolationError. */
    check(receipt: Receipt, now: number): void {
        const { expected, last } = this;
        this.demand(
            verifyReceipt(this.primitives, expected.operatorKey, expected.place, receipt),
            'receipt_signature',
        );
        this.demand(receipt.chunk === (last?.chunk ?? 0) + 1, 'receipt_chunk');
        this.demand(equalBytes(receipt.requestHash, expected.requestHash), 'request_hash');
        this.demand(equalBytes(receipt.responseHash, this.hash.digest()), 'response_hash');
        this.checkNumbers(receipt);
        if (last === undefined) {
            const early = receipt.issuedAt >= expected.sentAt - MAX_CLOCK_SKEW_SECONDS;
            this.demand(early && receipt.issuedAt <= now + MAX_CLOCK_SKEW_SECONDS, 'issued_at');
        } else {
            this.demand(grows(last, receipt), 'receipt_shrank');
            this.demand(receipt.issuedAt === last.issuedAt, 'issued_at');
        }
        this.last = receipt;
    }

    private checkNumbers({ usage, price }: Receipt): void {
        const { promptBound, limit, prices } = this.expected;
        this.demand(usage.prompt <= promptBound, 'prompt_tokens');
        this.demand(usage.cached <= usage.prompt, 'cached_tokens');
        const counted =
            this.ids > 0
                ? usage.completion === this.ids
                : usage.completion <= this.textBytes + UNCOUNTED_TOKENS;
        this.demand(counted, 'completion_tokens');
        this.demand(limit === undefined || usage.completion <= limit, 'completion_limit');
        this.demand(price === priceOf(usage, prices), 'price');
    }

    private demand(holds: boolean, violation: SessionViolation): asserts holds {
        if (holds) return;
        throw new SessionViolationError(violation, `A receipt of the node fails the check "${violation}".`);
    }
}

function grows(last: Receipt, next: Receipt): boolean {
    return (
        next.usage.prompt >= last.usage.prompt &&
        next.usage.cached >= last.usage.cached &&
        next.usage.completion >= last.usage.completion &&
        next.price >= last.price
    );
}
