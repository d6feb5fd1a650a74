import { type RefusalCode, SessionFormatError } from '../errors';

/** Reads big-endian fields; bytes are views, not copies. Throws SessionFormatError where they end too early. */
export class ByteReader {
    private readonly view: DataView;
    private offset = 0;

    constructor(
        private readonly bytes: Uint8Array,
        private readonly what: string,
        private readonly refusal: RefusalCode = 'envelope_invalid',
    ) {
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    u8(): number {
        return this.view.getUint8(this.skip(1));
    }

    u32(): number {
        return this.view.getUint32(this.skip(4));
    }

    u64(): bigint {
        return this.view.getBigUint64(this.skip(8));
    }

    raw(length: number): Uint8Array {
        const start = this.skip(length);
        return this.bytes.subarray(start, start + length);
    }

    rest(): Uint8Array {
        return this.raw(this.bytes.length - this.offset);
    }

    /** Throws SessionFormatError when something is left. */
    end(): void {
        const left = this.bytes.length - this.offset;
        if (left !== 0)
            throw new SessionFormatError(`${left} bytes follow the end of ${this.what}.`, this.refusal);
    }

    private skip(length: number): number {
        const start = this.offset;
        if (this.bytes.length - start < length) {
            throw new SessionFormatError(
                `${this.what} is cut off: ${this.bytes.length} bytes.`,
                this.refusal,
            );
        }
        this.offset = start + length;
        return start;
    }
}
