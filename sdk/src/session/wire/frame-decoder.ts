import { concatBytes } from '../../utils';
import type { SessionPrimitives } from '../crypto/primitives';
import { SessionDecryptionError, SessionFormatError, SessionTruncatedError } from '../errors';
import { type Frame, frameNonce, isLastFrame, parseFrame } from './frame';
import { MAX_FRAME_BYTES } from './limits';

const LENGTH_BYTES = 4;
const TAG_BYTES = 16;

/**
 * Reads frames out of a stream cut anywhere. The number of a frame is its nonce, so that a frame that was altered, left
 * out, repeated or moved does not open; a stream that ends without its last frame is truncated.
 */
export class FrameDecoder {
    private pending: Uint8Array = new Uint8Array(0);
    private number = 0;
    private ended = false;

    /** `skip`: frames at the start that are passed over unopened, because they were read from an earlier connection. */
    constructor(
        private readonly primitives: SessionPrimitives,
        private readonly responseKey: Uint8Array,
        private readonly skip = 0,
    ) {}

    /** Number of the next frame, from 0. */
    get next(): number {
        return this.number;
    }

    /** Whether the last frame was read. */
    get complete(): boolean {
        return this.ended;
    }

    /**
     * Frames that `chunk` completes. Throws SessionDecryptionError or SessionFormatError; the decoder is not usable
     * after that.
     */
    push(chunk: Uint8Array): Frame[] {
        const bytes = this.pending.length === 0 ? chunk : concatBytes(this.pending, chunk);
        const frames: Frame[] = [];
        let offset = 0;
        for (;;) {
            const length = this.lengthAt(bytes, offset);
            if (length === undefined || bytes.length - offset - LENGTH_BYTES < length) break;
            const start = offset + LENGTH_BYTES;
            offset = start + length;
            const frame = this.open(bytes.subarray(start, offset));
            if (frame !== undefined) frames.push(frame);
        }
        this.pending = bytes.subarray(offset);
        if (this.ended && this.pending.length > 0) throw afterEnd();
        return frames;
    }

    /** The stream is over. Throws SessionTruncatedError where its last frame is missing. */
    end(): void {
        if (this.ended) return;
        const rest = this.pending.length === 0 ? '' : ` and ${this.pending.length} bytes of the next`;
        throw new SessionTruncatedError(`The answer ended after ${this.number} frames${rest}.`);
    }

    private lengthAt(bytes: Uint8Array, offset: number): number | undefined {
        if (bytes.length - offset < LENGTH_BYTES) return undefined;
        const length = new DataView(bytes.buffer, bytes.byteOffset + offset).getUint32(0);
        if (length > MAX_FRAME_BYTES || length <= TAG_BYTES) {
            throw new SessionFormatError(`Frame ${this.number} says that it has ${length} bytes.`);
        }
        return length;
    }

    private open(ciphertext: Uint8Array): Frame | undefined {
        if (this.ended) throw afterEnd();
        const number = this.number++;
        if (number < this.skip) return undefined;
        const plaintext = this.primitives.open(this.responseKey, frameNonce(number), ciphertext);
        if (plaintext === undefined) {
            throw new SessionDecryptionError(`Frame ${number} of the answer does not open.`);
        }
        const frame = parseFrame(plaintext);
        this.ended = isLastFrame(frame.type);
        return frame;
    }
}

/** Frames of a stream of bytes, until its end. Throws as FrameDecoder does. */
export async function* decodeFrames(
    stream: AsyncIterable<Uint8Array>,
    primitives: SessionPrimitives,
    responseKey: Uint8Array,
): AsyncGenerator<Frame, void, undefined> {
    const decoder = new FrameDecoder(primitives, responseKey);
    for await (const chunk of stream) yield* decoder.push(chunk);
    decoder.end();
}

function afterEnd(): SessionFormatError {
    return new SessionFormatError('Something follows the last frame of an answer.');
}
