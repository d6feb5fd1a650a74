import type { RequestRecord, SessionStore } from '../journal';

/** A receipt for the journal. */
export interface ReceiptEntry {
    chunk: number;
    /** nanoTON. */
    price: bigint;
    bytes: Uint8Array;
}

export interface AnswerOptions {
    store: SessionStore;
    request: Omit<RequestRecord, 'price'>;
    /** Writes the allocation; called in the same transaction as the frames. */
    persist: () => void;
    /** The journal cannot be written: nothing of what waits will ever leave. */
    onLost: (error: unknown) => void;
    /** Called once everything is in the journal and may be read. */
    onEnded: () => void;
    /** Called with the number of readers whenever one comes or leaves. */
    onReaders: (count: number) => void;
}

/**
 * The sealed frames of one request. What is pushed reaches readers only after the journal has it; everything that is
 * pushed in one turn of the event loop is one row of the journal and one piece for the readers.
 */
export class Answer {
    readonly #options: AnswerOptions;
    readonly #pieces: Buffer[] = [];
    readonly #waiting = new Set<() => void>();
    #frames: Uint8Array[] = [];
    #receipts: ReceiptEntry[] = [];
    #price: bigint | undefined;
    #rows = 0;
    #scheduled = false;
    #readers = 0;
    #state: 'running' | 'ended' | 'lost' = 'running';

    constructor(options: AnswerOptions) {
        this.#options = options;
    }

    push(frame: Uint8Array, receipt?: ReceiptEntry): void {
        this.#frames.push(frame);
        if (receipt) this.#receipts.push(receipt);
        this.#schedule();
    }

    /** Nothing follows; `price` is what the request costs. */
    end(price: bigint): void {
        this.#price = price;
        this.#schedule();
    }

    /** The pieces from the first on, as they come. Ends early when the signal fires; throws when the journal failed. */
    async *read(signal: AbortSignal): AsyncGenerator<Buffer, void, void> {
        this.#readers += 1;
        this.#options.onReaders(this.#readers);
        try {
            for (let next = 0; !signal.aborted; ) {
                const piece = this.#pieces[next];
                if (piece) {
                    next += 1;
                    yield piece;
                } else if (this.#state === 'running') {
                    await this.#changed(signal);
                } else if (this.#state === 'ended') {
                    return;
                } else {
                    throw new Error('the answer could not be written to the journal');
                }
            }
        } finally {
            this.#readers -= 1;
            this.#options.onReaders(this.#readers);
        }
    }

    #schedule(): void {
        if (this.#scheduled) return;
        this.#scheduled = true;
        let piece: Buffer = Buffer.alloc(0);
        let isEnd = false;
        const write = () => {
            this.#scheduled = false;
            isEnd = this.#price !== undefined;
            piece = joined(this.#frames);
            this.#write(piece);
        };
        this.#options.store.commit(write).then(
            () => this.#publish(piece, isEnd),
            (error) => this.#lose(error),
        );
    }

    #write(piece: Buffer): void {
        const { store, request, persist } = this.#options;
        if (this.#rows === 0) store.begin(request);
        store.addFrames(request.id, this.#rows++, piece);
        for (const { chunk, price, bytes } of this.#receipts) {
            store.addReceipt(request.id, chunk, price, Buffer.from(bytes));
        }
        if (this.#price !== undefined) store.end(request.id, this.#price);
        persist();
        this.#frames = [];
        this.#receipts = [];
    }

    #publish(piece: Buffer, isEnd: boolean): void {
        if (this.#state === 'lost') return;
        if (piece.length > 0) this.#pieces.push(piece);
        if (isEnd) {
            this.#state = 'ended';
            this.#options.onEnded();
        }
        this.#wake();
    }

    #lose(error: unknown): void {
        this.#state = 'lost';
        this.#options.onLost(error);
        this.#wake();
    }

    #changed(signal: AbortSignal): Promise<void> {
        return new Promise((resolve) => {
            const done = () => {
                this.#waiting.delete(done);
                signal.removeEventListener('abort', done);
                resolve();
            };
            this.#waiting.add(done);
            signal.addEventListener('abort', done, { once: true });
        });
    }

    #wake(): void {
        for (const done of [...this.#waiting]) done();
    }
}

function joined(frames: readonly Uint8Array[]): Buffer {
    const [first] = frames;
    if (frames.length !== 1) return Buffer.concat(frames);
    return Buffer.from(first!.buffer, first!.byteOffset, first!.length);
}
