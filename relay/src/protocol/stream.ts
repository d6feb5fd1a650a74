import {
    creditOf,
    creditPayload,
    FRAME_COST,
    FrameType,
    headOf,
    MAX_PAYLOAD,
    ProtocolError,
    WINDOW,
} from './frames';
import { Gate } from './gate';

/** The stream ended before its time: the other side gave it up, or the connection is gone. */
export class StreamReset extends Error {
    override readonly name = 'StreamReset';
    constructor() {
        super('the stream was reset');
    }
}

/** What a stream needs of its connection. */
export interface StreamOwner {
    send(type: FrameType, stream: number, payload?: Uint8Array): void;
    /** Both directions are over. */
    closed(stream: Stream): void;
}

/**
 * One call: a head and bytes each way. Each direction holds at most WINDOW bytes that its reader has not taken, so that a
 * slow reader slows the writer and nothing piles up between.
 */
export class Stream implements AsyncIterable<Uint8Array> {
    /** The other side's head. Rejects with StreamReset. */
    readonly head: Promise<unknown>;
    #settleHead!: { resolve: (head: unknown) => void; reject: (error: Error) => void };
    #headSeen = false;
    readonly #gone = new AbortController();
    #credit = WINDOW;
    #allowed = WINDOW;
    #taken = 0;
    #queue: Uint8Array[] = [];
    #readable = new Gate();
    #writable = new Gate();
    #sent = false;
    #received = false;

    constructor(
        readonly id: number,
        private readonly owner: StreamOwner,
    ) {
        this.head = new Promise((resolve, reject) => {
            this.#settleHead = { resolve, reject };
        });
        this.head.catch(() => undefined);
    }

    /** Fires when the stream is reset from either side. */
    get signal(): AbortSignal {
        return this.#gone.signal;
    }

    open(head: unknown): void {
        if (!this.signal.aborted) this.owner.send(FrameType.Open, this.id, Buffer.from(JSON.stringify(head)));
    }

    /** Resolves once the bytes have left under the window. Throws StreamReset. */
    async write(chunk: Uint8Array): Promise<void> {
        for (let at = 0; at < chunk.length; ) {
            while (this.#credit <= FRAME_COST && !this.signal.aborted) await this.#writable.wait();
            if (this.signal.aborted) throw new StreamReset();
            const size = Math.min(chunk.length - at, this.#credit - FRAME_COST, MAX_PAYLOAD);
            this.#credit -= size + FRAME_COST;
            this.owner.send(FrameType.Data, this.id, chunk.subarray(at, at + size));
            at += size;
        }
        if (this.signal.aborted) throw new StreamReset();
    }

    end(): void {
        if (this.#sent || this.signal.aborted) return;
        this.#sent = true;
        this.owner.send(FrameType.End, this.id);
        this.#closeIfOver();
    }

    /** Gives the stream up. Nothing happens when it is over already. */
    reset(): void {
        if (this.signal.aborted || (this.#sent && this.#received)) return;
        this.owner.send(FrameType.Reset, this.id);
        this.fail();
    }

    /** What comes in. A chunk counts as taken when the next one is asked for. Throws StreamReset. */
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
        for (;;) {
            const chunk = this.#queue.shift();
            if (chunk) {
                yield chunk;
                this.#giveCredit(chunk.length + FRAME_COST);
            } else if (this.signal.aborted) {
                throw new StreamReset();
            } else if (this.#received) {
                return;
            } else {
                await this.#readable.wait();
            }
        }
    }

    /** Takes a frame of the other side. Throws ProtocolError. */
    receive(type: FrameType, payload: Uint8Array): void {
        if (type === FrameType.Reset) this.fail();
        else if (type === FrameType.Credit) this.#takeCredit(creditOf(payload));
        else if (this.#received) throw new ProtocolError('frame after the end');
        else if (type === FrameType.Open) this.#takeHead(headOf(payload));
        else if (type === FrameType.Data) this.#takeData(payload);
        else this.#takeEnd();
    }

    /** The stream is over without a word to the other side. */
    fail(): void {
        if (this.signal.aborted) return;
        this.#queue = [];
        this.#gone.abort();
        this.#settleHead.reject(new StreamReset());
        this.#readable.open();
        this.#writable.open();
        this.owner.closed(this);
    }

    #takeEnd(): void {
        if (!this.#headSeen) throw new ProtocolError('end before the head');
        this.#received = true;
        this.#readable.open();
        this.#closeIfOver();
    }

    #takeHead(head: unknown): void {
        if (this.#headSeen) throw new ProtocolError('a second head');
        this.#headSeen = true;
        this.#settleHead.resolve(head);
    }

    #takeData(payload: Uint8Array): void {
        this.#allowed -= payload.length + FRAME_COST;
        if (!this.#headSeen || this.#allowed < 0) throw new ProtocolError('data without credit or head');
        // A view would keep the whole buffer that the socket was read into.
        this.#queue.push(this.#queue.length === 0 ? payload : Uint8Array.prototype.slice.call(payload));
        this.#readable.open();
    }

    #takeCredit(bytes: number): void {
        this.#credit += bytes;
        if (this.#credit > WINDOW) throw new ProtocolError('more credit than the window');
        this.#writable.open();
    }

    #giveCredit(bytes: number): void {
        this.#taken += bytes;
        if (this.#taken < WINDOW / 2 || this.#received || this.signal.aborted) return;
        this.#allowed += this.#taken;
        this.owner.send(FrameType.Credit, this.id, creditPayload(this.#taken));
        this.#taken = 0;
    }

    #closeIfOver(): void {
        if (this.#sent && this.#received) this.owner.closed(this);
    }
}
