import { InvalidArgumentError } from '../../errors';

/** Writes big-endian fields into a buffer of known size. */
export class ByteWriter {
    readonly bytes: Uint8Array;
    private readonly view: DataView;
    private offset = 0;

    constructor(size: number) {
        this.bytes = new Uint8Array(size);
        this.view = new DataView(this.bytes.buffer);
    }

    u8(value: number): this {
        check(value, 0, 0xff);
        this.view.setUint8(this.offset, value);
        this.offset += 1;
        return this;
    }

    u32(value: number): this {
        check(value, 0, 0xffff_ffff);
        this.view.setUint32(this.offset, value);
        this.offset += 4;
        return this;
    }

    i32(value: number): this {
        check(value, -0x8000_0000, 0x7fff_ffff);
        this.view.setInt32(this.offset, value);
        this.offset += 4;
        return this;
    }

    u64(value: bigint): this {
        if (value < 0n || value >> 64n !== 0n) {
            throw new InvalidArgumentError(`${value} does not fit into 64 unsigned bits.`);
        }
        this.view.setBigUint64(this.offset, value);
        this.offset += 8;
        return this;
    }

    /** Bytes of any length, or of exactly `length` where it is given. */
    raw(value: Uint8Array, length = value.length): this {
        if (value.length !== length) {
            throw new InvalidArgumentError(`A field has ${length} bytes, not ${value.length}.`);
        }
        this.bytes.set(value, this.offset);
        this.offset += length;
        return this;
    }
}

function check(value: number, min: number, max: number): void {
    if (!Number.isInteger(value) || value < min || value > max) {
        throw new InvalidArgumentError(`${value} is not an integer from ${min} to ${max}.`);
    }
}
