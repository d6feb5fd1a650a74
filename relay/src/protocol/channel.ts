import { decodeFrame, encodeFrame, FrameType, ProtocolError } from './frames';
import { Stream, type StreamOwner } from './stream';

export interface ChannelOptions {
    /** Puts one binary message on the connection. */
    send(message: Uint8Array): void;
    /** Takes the streams that the other side opens; without it, this side opens them. */
    accept?(stream: Stream): void;
    /** Streams that the other side may hold open; 1,024 by default. */
    maxStreams?: number;
}

const LAST_STREAM = 2 ** 32 - 1;

/** All streams of one connection between relay and node. The relay opens them, the node accepts them. */
export class Channel {
    readonly #streams = new Map<number, Stream>();
    #last = 0;
    #closed = false;
    readonly #owner: StreamOwner;

    constructor(private readonly options: ChannelOptions) {
        this.#owner = {
            send: (type, stream, payload) => {
                if (!this.#closed) options.send(encodeFrame(type, stream, payload));
            },
            closed: ({ id }) => this.#streams.delete(id),
        };
    }

    /** Open streams. */
    get size(): number {
        return this.#streams.size;
    }

    /** Throws ProtocolError when the connection is over or has used up its numbers. */
    open(head: unknown): Stream {
        if (this.#closed || this.#last === LAST_STREAM) throw new ProtocolError('the connection is over');
        const stream = this.#add(this.#last + 1);
        stream.open(head);
        return stream;
    }

    /** Takes one message of the connection. Throws ProtocolError, upon which the connection is to be closed. */
    receive(message: Uint8Array): void {
        if (this.#closed) return;
        const frame = decodeFrame(message);
        const stream = this.#streams.get(frame.stream);
        if (stream) stream.receive(frame.type, frame.payload);
        else if (frame.stream > this.#last) this.#accept(frame.type, frame.stream, frame.payload);
        // Else it crossed with the end of its stream.
    }

    /** The connection is gone, and all streams with it. */
    close(): void {
        this.#closed = true;
        for (const stream of [...this.#streams.values()]) stream.fail();
    }

    #accept(type: FrameType, id: number, payload: Uint8Array): void {
        const { accept, maxStreams = 1_024 } = this.options;
        if (!accept || type !== FrameType.Open) throw new ProtocolError('frame of a stream that is not open');
        if (this.#streams.size >= maxStreams) throw new ProtocolError('too many streams');
        const stream = this.#add(id);
        stream.receive(type, payload);
        accept(stream);
    }

    #add(id: number): Stream {
        this.#last = id;
        const stream = new Stream(id, this.#owner);
        this.#streams.set(id, stream);
        return stream;
    }
}
