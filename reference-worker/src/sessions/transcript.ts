import {
    encodeDelta,
    encodeFailure,
    encodeFinalInfo,
    encodeReceipt,
    FrameSealer,
    hashRequest,
    priceOf,
    type ReceiptPlace,
    ResponseHash,
    type SessionDelta,
    type SessionFinish,
    signReceipt,
    type TokenUsage,
} from 'cocoon-sdk';
import type { Answer } from './answer';
import type { SessionEnvironment } from './environment';
import type { Work } from './work';

/** Writes the answer to one request: deltas, receipts over all of them so far, and the end. */
export class Transcript {
    readonly #env: SessionEnvironment;
    readonly #work: Work;
    readonly #answer: Answer;
    readonly #place: ReceiptPlace;
    readonly #sealer: FrameSealer;
    readonly #response: ResponseHash;
    readonly #requestHash: Uint8Array;
    readonly #seed: number | null;
    readonly #issuedAt: number;
    #last: { usage: TokenUsage; price: bigint } | undefined;

    /** @param seed null where the engine has none. */
    constructor(
        env: SessionEnvironment,
        work: Work,
        place: ReceiptPlace,
        seed: number | null,
        answer: Answer,
    ) {
        const { primitives } = env;
        const { salt, task, json } = work.content;
        this.#env = env;
        this.#work = work;
        this.#answer = answer;
        this.#place = place;
        this.#seed = seed;
        this.#sealer = new FrameSealer(primitives, work.envelope.responseKey);
        this.#response = new ResponseHash(primitives, salt);
        this.#requestHash = hashRequest(primitives, salt, task, json);
        this.#issuedAt = Math.floor(env.now() / 1000);
    }

    /** What the last receipt says; undefined before the first. */
    get last(): { usage: TokenUsage; price: bigint } | undefined {
        return this.#last;
    }

    delta(delta: SessionDelta): void {
        const payload = encodeDelta(delta);
        this.#response.add(payload);
        this.#answer.push(this.#sealer.seal('delta', payload));
    }

    receipt(chunk: number, usage: TokenUsage): void {
        const receipt = this.#sign(chunk, usage);
        this.#answer.push(this.#sealer.seal('receipt', receipt.bytes), receipt);
    }

    final(chunk: number, usage: TokenUsage, finish: SessionFinish): void {
        const info = encodeFinalInfo({ finish, seed: this.#seed, cached: usage.cached });
        this.#response.add(info);
        const receipt = this.#sign(chunk, usage);
        this.#answer.push(this.#sealer.seal('final', receipt.bytes, info), receipt);
        this.#answer.end(receipt.price);
    }

    /** Ends with what the last receipt says. Messages are ours, never the engine's. */
    failure(code: string, message: string): void {
        this.#answer.push(this.#sealer.seal('failure', encodeFailure({ code, message })));
        this.#answer.end(this.#last?.price ?? 0n);
    }

    #sign(chunk: number, usage: TokenUsage) {
        const price = priceOf(usage, this.#work.prices);
        const { primitives, operatorSecret } = this.#env;
        const receipt = signReceipt(primitives, operatorSecret, this.#place, {
            chunk,
            requestHash: this.#requestHash,
            responseHash: this.#response.digest(),
            usage,
            price,
            seed: BigInt(this.#seed ?? 0),
            issuedAt: this.#issuedAt,
        });
        this.#last = { usage, price };
        return { chunk, price, bytes: encodeReceipt(receipt) };
    }
}
